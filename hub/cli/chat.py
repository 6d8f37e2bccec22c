"""`hub chat`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.cli.session import emit, session
from hub.errors import BadInput
from hub.settings import settings

if TYPE_CHECKING:
    from hub.chat.records import Message
    from hub.db.who import Who


def chat(
    prompt: Annotated[str, typer.Argument(help="What to ask; - reads it from standard input.")],
    model: Annotated[str, typer.Option(help="Id, name or alias of a model; the default model otherwise.")] = "",
    conversation: Annotated[str, typer.Option(help="Id of a conversation to go on with.")] = "",
    file: Annotated[list[Path] | None, typer.Option(help="A file to attach; may be given several times.")] = None,
    temporary: Annotated[bool, typer.Option("--temporary", help="Keep it for a day, out of every list.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object when the answer is whole.")] = False,
    person: Annotated[str, typer.Option("--as", help="Whose conversation, on a hub with accounts.")] = "",
) -> None:
    """Ask a model and stream its answer; the conversation is stored like any other."""
    text = sys.stdin.read() if prompt == "-" else prompt
    with session(person, as_json=as_json) as who:
        message = _ask(who, text, model, conversation, file or [], temporary=temporary, show=not as_json)
    if as_json:
        emit(_record(message))
    elif message.error:
        typer.echo(f"{message.error.message}\n{message.error.hint}".strip(), err=True)
    raise typer.Exit(0 if message.status == "done" else 1)


def _ask(
    who: Who, text: str, model: str, conversation: str, paths: list[Path], *, temporary: bool, show: bool
) -> Message:
    from hub import agents, runs
    from hub import chat as room
    from hub.models import catalogue
    from hub.models.types import Params

    asyncio.run(catalogue.fill(who))
    room.start()
    agents.start()
    files = [_attach(who, path) for path in paths]
    home = room.get(who, conversation) if conversation else None
    named = catalogue.by_name(who, model).id if model else ""
    target = named or (home.model if home else "") or catalogue.default_model(who)
    sent = room.send(
        who,
        conversation=conversation or None,
        text=text,
        files=files,
        targets=[(target, home.params if home else Params())],
        temporary=temporary,
    )
    try:
        if sent.run is None:
            raise BadInput(
                "An answer is still being written in this conversation; your message waits for it.",
                hint="It is sent by the hub that writes the answer.",
            )
        run = sent.run
        asyncio.run(_follow(who, run, show=show))
        while (now := room.get_message(who, sent.answers[0])).status == "streaming" and now.run not in {None, run}:
            run = str(now.run)  # it was handed over
            asyncio.run(_follow(who, run, show=show))
    except KeyboardInterrupt:
        if run := room.get_message(who, sent.answers[0]).run if sent.run else None:
            runs.cancel(who, run)
            runs.wait(run, 10)
    finally:
        runs.shut_down(5)
    return room.get_message(who, sent.answers[0])


def _attach(who: Who, path: Path) -> str:
    from hub import files

    if not path.is_file():
        raise BadInput(f"There is no file {path}.", hint="Nothing was sent.")
    with path.open("rb") as stream:
        # One byte more than is allowed: enough for `add` to see that it is too large.
        return files.add(who, path.name, stream.read(settings().max_upload_mb * 1_000_000 + 1)).id


async def _follow(who: Who, run: str, *, show: bool) -> None:
    """Prints the answer as it comes: text to standard output, everything else to standard error."""
    from hub import runs

    async for batch in runs.watch(who, run):
        for event in batch if show else ():
            if event.type == "text":
                typer.echo(event.text, nl=False)
            elif event.type == "notice":
                typer.echo(f"[{event.text}]", err=True)
            elif event.type == "tool_call" and event.data.get("done"):
                typer.echo(f"[tool call: {event.data.get('name')}]", err=True)
    if show:
        typer.echo()


def _record(message: Message) -> dict[str, Any]:
    return {
        "conversation": message.conversation,
        "message": message.id,
        "text": message.text,
        "reasoning": message.reasoning,
        "model": message.model,
        "status": message.status,
        "usage": message.usage,
        "cost": message.cost,
        "timing": message.timing,
        "notices": message.notices,
        "error": message.error,
    }
