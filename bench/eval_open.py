"""A run of 15,000 cells: opening it, the next page of rows, filters, its figures."""

from __future__ import annotations

import random
import string
import time
from collections.abc import Callable
from typing import Any

from bench.evals import ground
from bench.measure import percentile
from bench.result import Bar

ROWS, MODELS = 3750, 4
CELLS = ROWS * MODELS


def measure(repeats: int) -> tuple[tuple[Bar, ...], dict[str, Any]]:
    """What the page asks the house for, without the browser: 50 rows with their cells, figures, progress."""
    from hub import evals
    from hub.db.who import OWNER
    from hub.evals import look, texts

    with ground() as here:
        run_id = here.plan(ROWS, *(f"fake?{number}" for number in range(MODELS)))
        fill(run_id)
        looks: dict[str, Callable[[], object]] = {
            "open": lambda: (
                look.rows(OWNER, run_id),
                look.summary(OWNER, run_id),
                evals.progress(OWNER, run_id),
            ),
            "next page": lambda: look.rows(OWNER, run_id, first=50),
            "last page": lambda: look.rows(OWNER, run_id, first=3700),
            "filter": lambda: look.rows(OWNER, run_id, only="differ"),
            "filter errors": lambda: look.rows(OWNER, run_id, only="errors"),
            "one cell": lambda: look.cell(OWNER, run_id, CELLS - 1),
        }
        taken = {name: _seconds(act, repeats) for name, act in looks.items()}
        taken["more words"] = _seconds(lambda: look.rows(OWNER, run_id, words="lazy 1234"), repeats)
        taken["first words"] = _seconds(lambda: (texts.forget(), look.rows(OWNER, run_id, words="lazy 1234")), repeats)
    bars = tuple(
        Bar(name, percentile(taken[name], 0.5), "s", 1.0) for name in ("open", "next page", "filter", "first words")
    )
    return bars, {f"{name}, s": round(percentile(times, 0.5), 3) for name, times in taken.items()}


def _seconds(act: Callable[[], object], repeats: int) -> list[float]:
    times: list[float] = []
    for _ in range(repeats):
        began = time.perf_counter()
        act()
        times.append(time.perf_counter() - began)
    return times


def _answer(index: int) -> str:
    """Fifty words of five letters, which pack badly, and one that each answer has."""
    dice = random.Random(index)
    return " ".join("".join(dice.choices(string.ascii_lowercase, k=5)) for _ in range(50)) + " lazy"


def fill(run_id: str) -> None:
    """Writes what a run would have found out, without asking anybody."""
    from hub.db.mongo import now
    from hub.db.who import OWNER
    from hub.evals import board, pages, run_content, runs_store, words_store
    from hub.evals.order import grid
    from hub.evals.records import Cell, Verdict
    from hub.evals.results import get_run
    from hub.models.types import Usage

    placed = grid(get_run(OWNER, run_id))
    claims = pages.Claims(OWNER, run_id, "bench", placed)
    for _ in range(pages.layout(placed).count):
        page = claims.next(lambda: {"bench"})
        assert isinstance(page, pages.Page)
        cells: list[Cell] = []
        for index in range(page.first, page.first + page.count):
            row, repeat, template, model = placed.place(index)
            failed, error = index % 7 == 3, index % 101 == 5
            verdicts = (Verdict("contains", "contains", not failed, reason="It has what it should."),)
            cells.append(
                Cell(
                    *(index, row, template, model, repeat, "error" if error else "done"),
                    answers=() if error else (_answer(index),),
                    usage=Usage(30, 80),
                    cost=0.001,
                    ms=200.0 + index % 50,
                    verdicts=() if error else verdicts,
                    error={"kind": "provider_down", "message": "It failed.", "hint": ""} if error else None,
                    at=now(),
                )
            )
        runs_store.put_cells(OWNER, [run_content.cell_document(OWNER, run_id, one, "k") for one in cells])
        changes = {one.index - page.first: board.entry(one) for one in cells}
        words_store.put(OWNER, run_id, page.number, [(one.row, words_store.of_answers(one.answers)) for one in cells])
        pages.store(OWNER, run_id, "bench", page, changes, "done")
    runs_store.change_run(OWNER, run_id, {"status": "done", "ended_at": now()})
