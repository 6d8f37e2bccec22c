"""Runs and boards for tests of what is made from them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from types import MappingProxyType

import numpy as np

from hub.evals import board
from hub.evals.board import Board
from hub.evals.order import grid
from hub.evals.records import Estimate, EvalRun, Limits, Order, RunModel, Template
from hub.models.types import Params


def a_run(
    labels: Sequence[str],
    rows: int,
    *,
    repeats: int = 1,
    templates: Sequence[str] = ("As written",),
    order: Order = "rows",
    name: str = "Run",
) -> EvalRun:
    """A run of these models that is done."""
    return EvalRun(
        id=name.lower(),
        name=name,
        status="done",
        set_id="set",
        set_name="Set",
        set_version=1,
        models=tuple(RunModel(label, label, Params(), label) for label in labels),
        templates=tuple(Template(one) for one in templates),
        rows=rows,
        repeats=repeats,
        order=order,
        checks=(),
        judge=None,
        judge_prompts=MappingProxyType({}),
        cap=None,
        limits=Limits(),
        cache=True,
        seed=1,
        estimate=Estimate(0, 0, 0, 0, None, (), None),
        versions=MappingProxyType({}),
        created_at=datetime.now(UTC),
    )


def random_board(run: EvalRun, chance: np.random.Generator) -> Board:
    """A board with everything in it: open cells, errors, cached answers, unknown costs and verdicts."""
    cells = board.empty(run.cells)
    cells["status"] = chance.choice(3, run.cells, p=[0.1, 0.8, 0.1])
    done = cells["status"] == board.DONE
    cells["passed"] = np.where(done, chance.choice([-1, 0, 1], run.cells, p=[0.3, 0.1, 0.6]), 0)
    cells["flags"] = np.where(done, chance.random(run.cells) < 0.2, 0)
    cells["ms"] = np.where(done & (cells["flags"] == 0), chance.gamma(2, 300, run.cells), np.nan)
    cells["cost"] = np.where(done & (chance.random(run.cells) < 0.99), chance.random(run.cells) / 100, np.nan)
    cells["score"] = np.where(done, chance.random(run.cells), np.nan)
    cells["tokens_in"] = np.where(done, chance.integers(1, 500, run.cells), 0)
    cells["tokens_out"] = np.where(done, chance.integers(1, 500, run.cells), 0)
    return cells


def from_passes(run: EvalRun, passed: np.ndarray) -> Board:
    """A board on which all is answered, for nothing; `passed` is (rows, repeats, columns)."""
    cells, numbers, several = board.empty(run.cells), grid(run), len(run.templates)
    cells["status"], cells["cost"] = board.DONE, 0
    for (row, repeat, column), told in np.ndenumerate(passed):
        cells["passed"][numbers.index(row, repeat, column % several, column // several)] = 1 if told else -1
    return cells
