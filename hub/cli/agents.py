"""`hub agents`: list agents, and have one do a task, from the terminal."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from hub.cli.session import AsJson, Person, emit, session

if TYPE_CHECKING:
    from hub.agents.records import AskRecord
    from hub.db.who import Who

app = typer.Typer(help="Agents: list, run.", no_args_is_help=True)


@app.command("list")
def list_(as_json: AsJson = False, person: Person = "") -> None:
    """The agents that you may use."""
    with session(person, as_json=as_json) as who:
        from hub import agents

        found = agents.visible(who)
    if as_json:
        emit([{"id": one.id, "version": one.version, "mine": one.mine, **asdict(one.spec)} for one in found])
    for one in found if not as_json else ():
        typer.echo(f"{one.id}  {one.spec.name}{'' if one.mine else ' (shared)'}: {one.spec.description}")


@app.command("run")
def run(
    agent: Annotated[str, typer.Argument(help="Its name or its id.")],
    task: Annotated[str, typer.Argument(help="What it should do; - reads it from standard input.")],
    as_json: AsJson = False,
    person: Person = "",
) -> None:
    """Have an agent do a task. Nobody is asked: what would need your leave is refused. Ends with 1 when it fails."""
    text = sys.stdin.read() if task == "-" else task
    with session(person, as_json=as_json) as who:
        record = _run(who, agent, text)
    if as_json:
        emit(asdict(record))
    else:
        typer.echo(record.text)
        for notice in record.notices:
            typer.echo(notice, err=True)
        if record.error:
            typer.echo(f"{record.error['message']}\n{record.error.get('hint', '')}".strip(), err=True)
    raise typer.Exit(0 if record.status == "done" else 1)


def _run(who: Who, agent: str, text: str) -> AskRecord:
    from hub import agents, runs
    from hub.models import catalogue

    asyncio.run(catalogue.fill(who))
    agents.start()
    try:
        return agents.run(who, agents.named(who, agent).id, text)
    finally:
        runs.shut_down(5)
