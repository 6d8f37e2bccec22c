"""A stored run as a report."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import product

from hub.db.who import Who
from hub.evals import look, results
from hub.evals.checks import parse_all
from hub.evals.export import written
from hub.evals.export.report import Report, RowCells
from hub.evals.order import grid
from hub.evals.records import EvalRun

CELLS = 250
"""So many are in memory at once, or a row."""


def export(who: Who, run_id: str, form: str) -> Iterator[bytes]:
    """A run in one of the `FORMS`, in pieces; raises NotFound and, for a form that there is not, BadInput."""
    run = results.get_run(who, run_id)
    summary = look.summary(who, run_id, f"run:{run.baseline}" if run.baseline else "")
    names = tuple(check.label for check in parse_all(run.checks))
    return written(Report(run, summary, names, partial(_rows, who, run)), form)


def _rows(who: Who, run: EvalRun) -> Iterator[RowCells]:
    laid = grid(run)
    width = laid.repeats * laid.templates * laid.models
    count = max(1, CELLS // width)
    for first in range(0, run.rows, count):
        rows = list(results.run_rows(who, run.id, first, count))
        places = [list(_indexes(run, first + number)) for number in range(len(rows))]
        cells = results.some_cells(who, run.id, [index for indexes in places for index in indexes])
        for row, indexes in zip(rows, places, strict=True):
            yield row, tuple(cells[index] for index in indexes)


def _indexes(run: EvalRun, row: int) -> Iterator[int]:
    laid = grid(run)
    for repeat, template, model in product(range(laid.repeats), range(laid.templates), range(laid.models)):
        yield laid.index(row, repeat, template, model)
