"""A stored run as a report."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from itertools import product

from hub.db.who import Who
from hub.evals import look, results
from hub.evals.checks import parse_all
from hub.evals.export import written
from hub.evals.export.report import Report, RowCells
from hub.evals.order import grid
from hub.evals.records import EvalRun

CELLS = 250
"""So many are read at once, or a row."""


def export(who: Who, run_id: str, form: str) -> Iterator[bytes]:
    """A run in one of the `FORMS`, in pieces; raises NotFound and, for a form that there is not, BadInput."""
    run = results.get_run(who, run_id)
    figures = cache(lambda: look.summary(who, run_id, f"run:{run.baseline}" if run.baseline else ""))
    names = tuple(check.label for check in parse_all(run.checks))
    return written(Report(run, figures, names, partial(_rows, who, run)), form)


def _rows(who: Who, run: EvalRun) -> Iterator[RowCells]:
    """A block of rows is read while the one before is written."""
    laid = grid(run)
    count = max(1, CELLS // (laid.repeats * laid.templates * laid.models))
    with ThreadPoolExecutor(1, "export") as reader:
        coming = reader.submit(_block, who, run, 0, count)
        for first in range(0, run.rows, count):
            block = coming.result()
            if first + count < run.rows:
                coming = reader.submit(_block, who, run, first + count, count)
            yield from block


def _block(who: Who, run: EvalRun, first: int, count: int) -> list[RowCells]:
    rows = list(results.run_rows(who, run.id, first, count))
    places = _stretches(run, first, len(rows))
    cells = {one.index: one for place in places for one in results.cells(who, run.id, *place)}
    return [(row, tuple(cells[index] for index in _indexes(run, number))) for number, row in enumerate(rows, first)]


def _stretches(run: EvalRun, first: int, rows: int) -> Iterator[tuple[int, int]]:
    """(first cell, number of cells) that hold some rows: neighbours are read quicker than cells that are named."""
    laid = grid(run)
    width = laid.repeats * laid.templates
    if run.order == "rows":
        yield laid.index(first, 0, 0, 0), rows * width * laid.models
    else:
        yield from ((laid.index(first, 0, 0, model), rows * width) for model in range(laid.models))


def _indexes(run: EvalRun, row: int) -> Iterator[int]:
    laid = grid(run)
    for repeat, template, model in product(range(laid.repeats), range(laid.templates), range(laid.models)):
        yield laid.index(row, repeat, template, model)
