"""The command line. Each command's module imports what it needs when it runs, so that `--help` is quick."""

from __future__ import annotations

import errno
import sys

import typer

from hub.cli import (
    agents,
    chat,
    doctor,
    documents,
    eval,
    index,
    lists,
    mcp,
    memory,
    migrating,
    plugins,
    scheduler,
    schedules,
    skills,
    up,
    user,
    web,
    worker,
)
from hub.errors import HubError

app = typer.Typer(
    help="LLM Hub: chat with any model, keep everything.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("up")(up.up)
app.command("web")(web.web)
app.command("worker")(worker.worker)
app.command("scheduler")(scheduler.scheduler)
app.command("migrate")(migrating.migrate)
app.command("doctor")(doctor.doctor)
app.command("chat")(chat.chat)
app.command("models")(lists.models)
app.command("conversations")(lists.conversations)
app.add_typer(agents.app, name="agents")
app.add_typer(documents.app, name="documents")
app.add_typer(eval.app, name="eval")
app.add_typer(mcp.app, name="mcp")
app.add_typer(memory.app, name="memory")
app.add_typer(plugins.app, name="plugins")
app.add_typer(schedules.app, name="schedules")
app.add_typer(skills.app, name="skills")
app.add_typer(user.app, name="user")
app.add_typer(index.app, name="index")


def main() -> None:
    """Runs the command line; an error that is meant for a person is printed as a sentence, with exit status 1."""
    try:
        app(prog_name="hub")
    except HubError as error:
        typer.echo(f"{error.message}\n{error.hint}".strip(), err=True)
        sys.exit(1)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        place = f" of {error.filename}" if error.filename else ""
        typer.echo(f"The disk{place} is full. Nothing stored is lost.\nFree some space and try again.", err=True)
        sys.exit(1)
