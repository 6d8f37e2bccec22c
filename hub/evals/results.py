"""Reading a run: its state, its boards, its cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from time import time

import numpy as np

from hub.db.who import Who
from hub.evals import board, moment_store, run_content, runs_store, shares
from hub.evals.board import Board
from hub.evals.order import grid
from hub.evals.records import Cell, EvalRun, Progress, Row

_AT_ONCE = 250


def runs(who: Who) -> tuple[EvalRun, ...]:
    """The person's runs, newest first."""
    return tuple(_as_it_is(who, run_content.run(one)) for one in runs_store.runs(who))


def get_run(who: Who, run_id: str) -> EvalRun:
    """A run; raises NotFound."""
    return _as_it_is(who, run_content.run(runs_store.run(who, run_id)))


def _as_it_is(who: Who, run: EvalRun) -> EvalRun:
    if run.status != "running":
        return run
    state = shares.read(who, run.id)
    return replace(run, spent=state.gone, calls=state.calls)


def boards(who: Who, run_id: str) -> Board:
    """What there is to count of every cell of a run, by number; raises NotFound."""
    run = run_content.run(runs_store.run(who, run_id))
    found = board.empty(run.cells)
    for page in runs_store.pages(who, run_id, boards=True):
        found[page["first"] : page["first"] + page["count"]] = board.read(page["board"])
    return found


def progress(who: Who, run_id: str) -> Progress:
    """How far a run is; raises NotFound."""
    run = run_content.run(runs_store.run(who, run_id))
    status = boards(who, run_id)["status"]
    done, errors = int(np.count_nonzero(status == board.DONE)), int(np.count_nonzero(status == board.ERROR))
    state, moment = shares.read(who, run_id), time()
    working = [one for one in state.holders.values() if shares.alive(one, moment)]
    rate = sum(one.rate for one in working) if run.status == "running" else 0.0
    left = run.cells - done - errors
    return Progress(
        status=run.status,
        cells=run.cells,
        done=done,
        errors=errors,
        in_flight=sum(one.busy for one in working),
        spent=state.gone,
        rate=rate or None,
        seconds_left=left / rate if rate else None,
        said=run.said,
    )


def cells(who: Who, run_id: str, first: int = 0, count: int | None = None) -> Iterator[Cell]:
    """The cells numbered `first` and up in order, those that nobody has asked yet as queued; raises NotFound. They are
    read in portions, so that a run of any size can be walked."""
    run = run_content.run(runs_store.run(who, run_id))
    last = run.cells if count is None else min(run.cells, first + count)
    for start in range(max(0, first), last, _AT_ONCE):
        some = min(_AT_ONCE, last - start)
        there = {one["index"]: one for one in runs_store.cells(who, run_id, start, some)}
        for index in range(start, start + some):
            yield run_content.cell(there[index]) if index in there else _queued(run, index)


def some_cells(who: Who, run_id: str, indexes: Sequence[int]) -> dict[int, Cell]:
    """Cells by number, those that nobody has asked yet as queued; raises NotFound."""
    run = run_content.run(runs_store.run(who, run_id))
    there = {one["index"]: run_content.cell(one) for one in runs_store.some_cells(who, run_id, indexes)}
    return {index: there.get(index) or _queued(run, index) for index in indexes if 0 <= index < run.cells}


def run_rows(who: Who, run_id: str, first: int = 0, count: int | None = None) -> Iterator[Row]:
    """The rows as they were copied into the run, from number `first` on; raises NotFound."""
    run = run_content.run(runs_store.run(who, run_id))
    last = run.rows if count is None else min(run.rows, first + count)
    for start in range(max(0, first), last, _AT_ONCE):
        for one in runs_store.rows(who, run_id, start, min(_AT_ONCE, last - start)):
            yield run_content.row(one)


def live(who: Who, run_id: str) -> dict[int, str]:
    """The text so far of watched cells, by number."""
    return {one["index"]: one["text"] for one in moment_store.live(who, run_id)}


def _queued(run: EvalRun, index: int) -> Cell:
    row, repeat, template, model = grid(run).place(index)
    return Cell(index, row, template, model, repeat, "queued")
