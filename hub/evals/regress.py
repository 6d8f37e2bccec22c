"""A run against its baseline: which cell of the other run answers the same, and which rows changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hub.evals import board
from hub.evals.board import Board
from hub.evals.cube import column, cube, keys, means, names, verdicts
from hub.evals.records import EvalRun

_SWAY = 0.5
"""A row has changed when at least so large a share of its repeats did."""


@dataclass(frozen=True, slots=True, eq=False)
class Aligned:
    """What a run is compared with, cell by cell: `cells` are numbered as the run's own, queued where there is none.

    `names` says of each column with what it is compared, "" where there is nothing. `said` is a sentence on what could
    not be compared, "" when all could.
    """

    cells: Board
    names: tuple[str, ...]
    said: str = ""


def aligned(run: EvalRun, rows: Sequence[str], base: EvalRun, base_rows: Sequence[str], base_cells: Board) -> Aligned:
    """The cells of `base` that stand for those of `run`: same row id, template name and model label.

    `rows` and `base_rows` are the ids of each run's rows by their number, `base_cells` the board of all cells of the
    other. A repeat is matched with that of the same number, and is left out where the other has fewer.
    """
    found = board.empty(run.cells)
    whole, other = cube(run, found), cube(base, base_cells)
    places = {id_: place for place, id_ in enumerate(base_rows)}
    pairs = [(place, places[id_]) for place, id_ in enumerate(rows) if id_ in places]
    here, there = np.array([one for one, _ in pairs], int), np.array([two for _, two in pairs], int)
    repeats = min(run.repeats, base.repeats)
    columns = {key: number for number, key in enumerate(keys(base))}
    compared: list[str] = []
    for number, (key, name) in enumerate(zip(keys(run), names(run), strict=True)):
        match = columns.get(key)
        compared.append("" if match is None else f"{name} in {base.name}")
        if match is not None:
            column(whole, number)[here, :repeats] = column(other, match)[there, :repeats]
    return Aligned(found, tuple(compared), _said(run, base, len(pairs), compared))


def against_column(run: EvalRun, cells: Board, number: int) -> Aligned:
    """Every other column of a run against one of its own."""
    found = board.empty(run.cells)
    whole, own = cube(run, found), column(cube(run, cells), number)
    called = names(run)
    for place in range(len(called)):
        if place != number:
            column(whole, place)[:] = own
    return Aligned(found, tuple("" if place == number else called[number] for place in range(len(called))))


def changes(run: EvalRun, cells: Board, baseline: Aligned) -> npt.NDArray[np.int8]:
    """1 better, -1 worse, 0 alike or unknown, for each row and column: (rows, columns)."""
    mine, other = cube(run, cells), cube(run, baseline.cells)
    count = len(baseline.names)
    moved = [means(verdicts(column(mine, at))) - means(verdicts(column(other, at))) for at in range(count)]
    found = np.array(moved).T.reshape(run.rows, count)
    return (found >= _SWAY).astype(np.int8) - (found <= -_SWAY).astype(np.int8)


def _said(run: EvalRun, base: EvalRun, shared: int, compared: list[str]) -> str:
    if not shared:
        return f"{base.name} has none of these rows, so nothing can be compared with it."
    missing = [name for name, match in zip(names(run), compared, strict=True) if not match]
    told = [f"{base.name} has no answers of {', '.join(missing)}."] if missing else []
    if shared < run.rows:
        told.append(f"{base.name} has {shared:,} of the {run.rows:,} rows; only those are compared.")
    return " ".join(told)
