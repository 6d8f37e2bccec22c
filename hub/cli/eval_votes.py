"""`hub eval votes`: the leaderboard of any file of votes, without a store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hub.cli.session import AsJson, emit
from hub.errors import BadInput

if TYPE_CHECKING:
    from hub.votes.files import VoteFile

_WRONG = 2
"""The exit status of what could not be done."""
_SENTENCES = 5
"""Of so many models from the top it is said what would tell them apart."""


def votes(
    file: Annotated[Path, typer.Argument(help="CSV with the columns a, b, winner (a, b or tie); row is optional.")],
    as_json: AsJson = False,
) -> None:
    """Rank models from a file of votes, with intervals and ranks as ranges."""
    from hub.votes import files

    try:
        found = files.rank(_content(file))
    except BadInput as error:
        if as_json:
            emit({"error": error.record()})
        else:
            typer.echo(f"{file}: {error.message}\n{error.hint}".strip(), err=True)
        raise typer.Exit(_WRONG) from error
    if as_json:
        emit(files.as_json(found))
    else:
        _show(found)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise BadInput(f"The file cannot be read: {error.strerror}.", hint="Check the path.") from error


def _show(found: VoteFile) -> None:
    from hub.cli.lists import table
    from hub.votes.leaderboard import standings_of

    standings = standings_of(found.ranking)
    heads = ("Model", "Rank", "Score", "95 %", "Votes")
    rows = [
        (
            one.model,
            _range(one.rank_low, one.rank_high),
            f"{one.score:.0f}",
            f"{one.low:.0f} to {one.high:.0f}",
            f"{one.votes:,}",
        )
        for one in standings
    ]
    table(heads, rows)
    for sentence in [one.next for one in standings[:_SENTENCES] if one.next]:
        typer.echo(sentence)
    if found.alone:
        typer.echo(f"Left out {found.alone:,} of a model with itself.", err=True)


def _range(low: int, high: int) -> str:
    return f"{low}" if low == high else f"{low}-{high}"
