"""What a person looks at in a run: a page of its rows, filtered, and one cell with what it was asked.

Filters are read from boards: which rows fit is known without any cell. Only the rows that are shown are fetched.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from hub.db.who import Who
from hub.errors import BadInput, NotFound
from hub.evals import board, results, run_content, runs_store, texts
from hub.evals.ask import Script, script
from hub.evals.board import Board
from hub.evals.cube import column, cube, means, names, verdicts
from hub.evals.figures import Summary
from hub.evals.order import grid
from hub.evals.records import Cell, EvalRun, Row
from hub.evals.regress import Aligned, against_column, aligned, changes
from hub.evals.summary import summarise

MOST_CELLS = 1000
"""As many cells are fetched for a page of rows, at most."""
MOST_STRETCHES = 10
"""Stretches of neighbouring cells that are read one by one; more are asked for by their numbers."""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of a run: `cells` has the repeats of each column, `changes` says for each column whether it is better (1)
    or worse (-1) than the baseline."""

    number: int
    content: Row
    cells: tuple[tuple[Cell, ...], ...]
    changes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RowsPage:
    """`size` rows from position `first` on among the `total` that fit."""

    first: int
    size: int
    total: int
    rows: tuple[ShownRow, ...]


@dataclass(frozen=True, slots=True)
class CellDetail:
    """One cell, its row as it was copied into the run, what was said to the model, and the other repeats."""

    cell: Cell
    run: EvalRun
    row: Row
    asked: Script
    repeats: tuple[Cell, ...]


def rows(
    who: Who,
    run_id: str,
    first: int = 0,
    count: int = 50,
    only: str | None = None,
    words: str = "",
    baseline: str = "",
) -> RowsPage:
    """Rows that fit `only` (differ, failed, errors, regressed, unjudged) and have all `words` in prompt or answers."""
    run = results.get_run(who, run_id)
    cells = results.boards(who, run_id)
    base = aligned_with(who, run, cells, baseline)
    moved = np.zeros((run.rows, len(names(run))), np.int8) if base is None else changes(run, cells, base)
    fitting = np.flatnonzero(_fits(cube(run, cells), moved, only or ""))
    if words.strip():
        fitting = fitting[np.isin(fitting, texts.search(who, run, words))]
    size = max(1, min(count, MOST_CELLS // (moved.shape[1] * run.repeats)))
    shown = [int(row) for row in fitting[first : first + size]]
    return RowsPage(first, size, len(fitting), tuple(_rows(who, run, shown, moved)))


def summary(who: Who, run_id: str, baseline: str = "") -> Summary:
    """What a run has come to so far, against a column of its own ("column:N") or another run ("run:ID") if wanted."""
    run = results.get_run(who, run_id)
    cells = results.boards(who, run_id)
    return summarise(run, cells, aligned_with(who, run, cells, baseline))


def aligned_with(who: Who, run: EvalRun, cells: Board, baseline: str) -> Aligned | None:
    """What the columns of a run are compared with; None for "". Raises NotFound and BadInput."""
    kind, _, name = baseline.partition(":")
    if kind == "column":
        if not name.isdecimal() or int(name) >= len(names(run)):
            raise BadInput("There is no such column.")
        return against_column(run, cells, int(name))
    if kind != "run":
        return None
    base = results.get_run(who, name)
    return aligned(run, texts.row_ids(who, run), base, texts.row_ids(who, base), results.boards(who, base.id))


def _rows(who: Who, run: EvalRun, numbers: Sequence[int], changes: NDArray[np.int8]) -> Iterator[ShownRow]:
    places = {row: _columns(run, row) for row in numbers}
    wanted = [index for columns in places.values() for column in columns for index in column]
    cells = _cells(who, run, wanted)
    contents = _contents(who, run.id, numbers)
    for row in numbers:
        yield ShownRow(
            row,
            contents[row],
            tuple(tuple(cells[index] for index in column) for column in places[row]),
            tuple(int(one) for one in changes[row]),
        )


def _contents(who: Who, run_id: str, numbers: Sequence[int]) -> dict[int, Row]:
    """Rows as they were copied into the run, one question for each stretch of neighbours."""
    found: dict[int, Row] = {}
    for _, stretch in groupby(enumerate(numbers), lambda one: one[1] - one[0]):
        places = [number for _, number in stretch]
        documents = runs_store.rows(who, run_id, places[0], len(places))
        found |= {one["row"]: run_content.row(one) for one in documents}
    return found


def _cells(who: Who, run: EvalRun, wanted: Sequence[int]) -> dict[int, Cell]:
    """Cells by number. A stretch of neighbours is read at once, which is quicker than naming each."""
    numbers = sorted(wanted)
    stretches = [[at for _, at in one] for _, one in groupby(enumerate(numbers), lambda one: one[1] - one[0])]
    if len(stretches) > MOST_STRETCHES:
        return results.some_cells(who, run.id, numbers)
    return {one.index: one for part in stretches for one in results.cells(who, run.id, part[0], len(part))}


def _columns(run: EvalRun, row: int) -> list[list[int]]:
    """The numbers of a row's cells: the repeats of each column."""
    sizes = grid(run)
    return [
        [sizes.index(row, repeat, template, model) for repeat in range(sizes.repeats)]
        for model in range(sizes.models)
        for template in range(sizes.templates)
    ]


def _fits(whole: Board, moved: NDArray[np.int8], only: str) -> NDArray[np.bool_]:
    """Which rows fit; `whole` is (rows, repeats, templates, models), `moved` (rows, columns)."""
    done, passed = whole["status"] == board.DONE, whole["passed"]
    match only:
        case "":
            return np.ones(len(whole), np.bool_)
        case "errors":
            found = whole["status"] == board.ERROR
        case "failed":
            found = done & (passed < 0)
        case "unjudged":
            found = done & (passed == 0)
        case "differ":
            rates = np.array([means(verdicts(column(whole, at))) for at in range(moved.shape[1])])
            return np.asarray(np.fmax.reduce(rates, axis=0) > np.fmin.reduce(rates, axis=0))
        case "regressed":
            return np.asarray((moved < 0).any(axis=1))
        case _:
            raise BadInput("There is no such filter.")
    return np.asarray(found.any(axis=(1, 2, 3)))


def cell(who: Who, run_id: str, index: int) -> CellDetail:
    """One cell with everything; raises NotFound."""
    run = results.get_run(who, run_id)
    if not 0 <= index < run.cells:
        raise NotFound("There is no such cell in this run.")
    sizes = grid(run)
    row, _, template, model = sizes.place(index)
    repeats = [sizes.index(row, repeat, template, model) for repeat in range(sizes.repeats)]
    found = results.some_cells(who, run_id, repeats)
    content = _contents(who, run_id, [row])[row]
    asked = script(content, run.templates[template])
    return CellDetail(found[index], run, content, asked, tuple(found[one] for one in repeats))


def as_row(who: Who, run_id: str, index: int) -> Row:
    """What a cell was asked as a row of a prompt set; its answer is what is expected where the row says nothing."""
    found = cell(who, run_id, index)
    expected = found.row.expected or found.cell.text or None
    return replace(found.row, id="", turns=found.asked.turns, system=found.asked.system, expected=expected)
