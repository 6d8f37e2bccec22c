"""A leaderboard from a file of votes: CSV with the columns a, b, winner (a, b or tie) and, where votes share a prompt,
row. Needs no store."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hub.errors import BadInput
from hub.stats.duels import Duel
from hub.stats.ranking import Ranking, Unconnected, bradley_terry

_SCORES = {"a": 1.0, "b": 0.0, "tie": 0.5}
_NEEDED = ("a", "b", "winner")


@dataclass(frozen=True, slots=True)
class VoteFile:
    """What a file says: `alone` votes were of a model with itself, which say nothing and are left out."""

    ranking: Ranking
    alone: int


def read(data: bytes) -> list[Duel]:
    """The votes in a CSV file; those without a row are on a prompt of their own. Raises BadInput that names the line.

    Columns are told apart by commas, semicolons or tabs and may stand in any order; others are not looked at.
    """
    text = _text(data)
    head = text.split("\n", 1)[0]
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
    return list(_votes(lines))


def rank(data: bytes) -> VoteFile:
    """The ranking that a file of votes makes. Raises BadInput, also when votes do not connect all models."""
    duels = read(data)
    alone = sum(duel.a == duel.b for duel in duels)
    if alone == len(duels):
        raise BadInput("There is no vote between two models in the file.", hint="It needs at least one line of votes.")
    try:
        return VoteFile(bradley_terry(duels), alone)
    except Unconnected as error:
        raise BadInput(
            str(error), hint="Add votes between the groups, or rank each group in a file of its own."
        ) from error


def as_json(found: VoteFile) -> dict[str, Any]:
    """The models from the best to the worst: `score` is 1000 on average and 400 points are odds of ten to one, `low`
    and `high` are its limits at 95 %, `rank_low` and `rank_high` the best and the worst place that it may have."""
    models = [
        {
            "model": one.model,
            "score": one.score,
            "low": one.low,
            "high": one.high,
            "rank_low": one.rank_low,
            "rank_high": one.rank_high,
            "votes": one.votes,
        }
        for one in found.ranking.entries
    ]
    return {"models": models, "votes": found.ranking.votes, "prompts": found.ranking.prompts, "left_out": found.alone}


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadInput(f"Line {line} is not in UTF-8.", hint="Save the file as CSV in UTF-8.") from error


def _votes(lines: Any) -> Iterator[Duel]:
    """Goes through the lines of a csv.reader, the first of which names the columns."""
    places: dict[str, int] = {}
    try:
        for cells in lines:
            if not any(cell.strip() for cell in cells):
                continue
            if places:
                yield _vote(lines.line_num, cells, places)
            else:
                places = _columns(lines.line_num, cells)
    except csv.Error as error:
        raise BadInput(f"Line {lines.line_num} cannot be read: {error}.") from error
    if not places:
        raise BadInput("The file is empty.", hint=f"Its first line names the columns: {', '.join(_NEEDED)}.")


def _columns(line: int, cells: list[str]) -> dict[str, int]:
    names = [cell.strip().lower() for cell in cells]
    if missing := [name for name in _NEEDED if name not in names]:
        hint = "The first line names the columns: a and b are models, winner is a, b or tie; row is optional."
        raise BadInput(f"Line {line}: there is no column {' and no column '.join(missing)}.", hint=hint)
    return {name: names.index(name) for name in (*_NEEDED, "row") if name in names}


def _vote(line: int, cells: list[str], places: dict[str, int]) -> Duel:
    found = {name: cells[place].strip() if place < len(cells) else "" for name, place in places.items()}
    for side in ("a", "b"):
        if not found[side]:
            raise BadInput(f"Line {line}: column {side} is empty.", hint="It names the model.")
    score = _SCORES.get(found["winner"].lower())
    if score is None:
        said = f"“{found['winner']}”" if found["winner"] else "empty"
        raise BadInput(f"Line {line}: the winner is {said}.", hint="It is a, b or tie.")
    row = found.get("row", "")
    return Duel(f"row {row}" if row else f"line {line}", found["a"], found["b"], score)
