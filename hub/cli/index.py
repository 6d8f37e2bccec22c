"""`hub index`: the search index, built anew and looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.cli.session import AsJson, emit, session

if TYPE_CHECKING:
    from rich.progress import Progress

app = typer.Typer(help="The search index: how it stands, and building it anew.", no_args_is_help=True)


@app.command("status")
def status(as_json: AsJson = False) -> None:
    """Say what is in the index, what waits, and which model answers questions."""
    with session(as_json=as_json, postgres=True):
        found = _status()
    if as_json:
        emit(found)
        return
    typer.echo(found["says"])
    for name, rows in found["collections"].items():
        typer.echo(f"{name}: {rows:,} entries")
    if found["conversations_waiting"]:
        typer.echo(f"{found['conversations_waiting']:,} conversations have changes that the index does not know yet.")
    for name, units in found["rebuilding"].items():
        typer.echo(f"A rebuild of {name} is not finished ({units:,} done); `hub index rebuild` goes on with it.")


@app.command("rebuild")
def rebuild(
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin anew and make every entry and vector again.")] = False,
    as_json: AsJson = False,
) -> None:
    """Build the index anew from the stores, also while the hub is in use. One that broke off goes on where it was."""
    with session(as_json=as_json, postgres=True):
        done = _rebuild(fresh, show=not as_json)
        says = _status()["says"]
    if as_json:
        emit({**done, "says": says})
    else:
        typer.echo(says)


def _status() -> dict[str, Any]:
    from hub import search
    from hub.chat import marks
    from hub.search.census import census
    from hub.search.rebuild import under_way

    state = search.state()
    return {
        "says": state.says,
        "serving": state.serving,
        "wanted": state.wanted,
        "entries": state.rows,
        "vectors_waiting": state.waiting,
        "conversations_waiting": marks.waiting(),
        "collections": census(),
        "rebuilding": under_way(),
    }


def _rebuild(fresh: bool, *, show: bool) -> dict[str, Any]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from hub import hooks
    from hub.search import rebuild

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    units: dict[str, int] = {}
    with Progress(*columns, console=Console(stderr=True), disable=not show) as progress:
        for source in hooks.search_sources():
            bar = progress.add_task(source.collection, total=None)
            units[source.collection] = rebuild.rebuild(
                source, lambda done, of, bar=bar: progress.update(bar, completed=done, total=of), fresh=fresh
            )
        return {"units": units, "vectors": _vectors(progress)}


def _vectors(progress: Progress) -> int:
    """Gives vectors to the rows that wait; how many got one."""
    from hub import search
    from hub.search import serving

    total, count = search.state().waiting, 0
    bar = progress.add_task("vectors", total=total)
    while done := serving.step():
        count += done
        progress.update(bar, completed=count, total=max(total, count))
    return count
