"""The summary of a run against slow plain loops, and what it says."""

from __future__ import annotations

import math
import statistics
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.evals import board
from hub.evals.board import Board
from hub.evals.order import grid
from hub.evals.records import EvalRun
from hub.evals.regress import against_column
from hub.evals.summary import summarise
from hub.stats.paired import paired
from hub.stats.rates import grouped, pass_at_k, wilson
from tests.evals.boards import a_run, from_passes, random_board

shapes = st.builds(
    lambda models, rows, repeats, templates, order: a_run(
        "abcd"[:models], rows, repeats=repeats, templates=["short", "long"][:templates], order=order
    ),
    st.integers(1, 4),
    st.integers(1, 12),
    st.integers(1, 3),
    st.integers(1, 2),
    st.sampled_from(["rows", "models"]),
)


def entries(run: EvalRun, cells: Board, model: int, template: int) -> dict[int, list[dict[str, float]]]:
    """By row, every cell of a column as a dictionary, found by its number alone."""
    found: dict[int, list[dict[str, float]]] = {}
    for index in range(run.cells):
        row, _, other, whose = grid(run).place(index)
        if (other, whose) == (template, model):
            names = cells.dtype.names or ()
            found.setdefault(row, []).append({name: cells[name][index].item() for name in names})
    return found


@given(shapes, st.integers(0, 10_000))
@settings(max_examples=80, deadline=None)
def test_figures_are_those_of_plain_loops(run: EvalRun, seed: int) -> None:
    cells = random_board(run, np.random.default_rng(seed))
    found = summarise(run, cells)
    assert len(found.columns) == len(run.models) * len(run.templates)
    for one in found.columns:
        rows = entries(run, cells, one.model, one.template)
        every = [cell for row in rows.values() for cell in row]
        done = [cell for cell in every if cell["status"] == 1]
        judged = [
            [float(cell["passed"] > 0) for cell in row if cell["status"] == 1 and cell["passed"]]
            for row in rows.values()
        ]
        assert (one.cells, one.done) == (len(every), len(done))
        assert one.errors == sum(cell["status"] == 2 for cell in every)
        assert one.open == sum(cell["status"] == 0 for cell in every)
        assert one.passed == sum(map(sum, judged))
        assert one.failed == sum(len(row) - sum(row) for row in judged)
        assert one.unjudged == sum(cell["passed"] == 0 for cell in done)
        kept = [row for row in judged if row]
        assert (one.rate is None) == (not kept)
        if one.rate:
            plain = grouped(kept)
            assert (one.rate.value, one.rate.low, one.rate.high) == pytest.approx((plain.value, plain.low, plain.high))
            assert (one.rate.prompts, one.rate.trials) == (plain.prompts, plain.trials)
        times = [cell["ms"] for cell in done if not cell["flags"]]
        assert one.median_ms == (pytest.approx(statistics.median(times), rel=1e-6) if times else None)
        costs = [cell["cost"] for cell in done]
        assert one.cost_known == pytest.approx(sum(cost for cost in costs if not math.isnan(cost)))
        assert one.cost_unknown == sum(map(math.isnan, costs))
        assert (one.cost is None) == (one.cost_unknown > 0)
        assert one.tokens_out == sum(cell["tokens_out"] for cell in done)
        for tries in one.tries:
            often = [row for row in judged if len(row) >= tries.k]
            chances = [pass_at_k(len(row), int(sum(row)), tries.k) for row in often]
            assert tries.any == pytest.approx(statistics.mean(chances))
            assert tries.all <= tries.any


def test_one_repeat_is_wilsons_rate() -> None:
    run = a_run(["a"], 10)
    rate = summarise(run, from_passes(run, np.arange(10).reshape(10, 1, 1) < 9)).columns[0].rate
    plain = wilson(9, 10)
    assert rate is not None
    assert (rate.value, rate.low, rate.high) == pytest.approx((plain.value, plain.low, plain.high))


def test_the_best_is_compared_with_each_other() -> None:
    chance = np.random.default_rng(1)
    run = a_run(["good", "fair", "bad"], 250)
    passed = chance.random((250, 1, 3)) < np.array([0.86, 0.78, 0.4])
    found = summarise(run, from_passes(run, passed))
    assert found.best == 0
    fair, bad = found.comparisons
    assert (fair.names, bad.names) == (("good", "fair"), ("good", "bad"))
    alone = paired(passed[:, 0, 0].astype(float), passed[:, 0, 2].astype(float))
    assert bad.p == pytest.approx(min(1, 3 * alone.p))
    assert bad.compared == 3
    assert [one.ranks for one in found.columns] == [(1, 2), (1, 2), (3, 3)]
    assert found.said[0] == "good is better than bad; no difference is shown to the rest."
    assert found.said[1].startswith("No difference shown at 95 % between good and fair (")
    assert found.said[2].startswith("good passes ")


def test_picking_the_best_of_equals_shows_nothing() -> None:
    """Among six equal models some best one is found; in at most 5 of 100 runs is any difference said to be shown."""
    chance, run, shown = np.random.default_rng(5), a_run("abcdef", 60), 0
    for _ in range(200):
        level = chance.random((60, 1, 1))
        shown += any(
            one.shown for one in summarise(run, from_passes(run, chance.random((60, 1, 6)) < level)).comparisons
        )
    assert shown / 200 <= 0.05


def test_a_model_against_itself_shows_no_difference() -> None:
    chance = np.random.default_rng(2)
    run = a_run(["cool", "warm"], 80, repeats=3)
    level = chance.random((80, 1, 1))
    found = summarise(run, from_passes(run, chance.random((80, 3, 2)) < level))
    assert len(found.said) == 1
    assert found.said[0].startswith("No difference shown at 95 % between ")
    assert [one.ranks for one in found.columns] == [(1, 2), (1, 2)]


def test_many_comparisons_are_told_in_one_sentence() -> None:
    run = a_run([f"model {at}" for at in range(20)], 100)
    passed = np.random.default_rng(4).random((100, 1, 20)) < np.linspace(0.95, 0.2, 20)
    found = summarise(run, from_passes(run, passed), against_column(run, from_passes(run, passed), 19))
    assert len(found.comparisons) == 19
    assert [one for one in found.said if one.startswith("model 0 is better than ")] == [
        "model 0 is better than 15 of 19 others; no difference is shown to the rest."
    ]
    assert not any("regressed" in one for one in found.said[:1])


def test_errors_open_cells_and_unknown_costs_are_said() -> None:
    run = a_run(["a"], 6)
    cells = from_passes(run, np.ones((6, 1, 1)))
    cells["status"][:2] = (board.ERROR, board.QUEUED)
    cells["cost"] = np.nan
    found = summarise(run, cells)
    rate = found.columns[0].rate
    assert rate is not None
    assert (rate.value, rate.prompts) == (1, 4)
    assert found.columns[0].cost is None
    assert found.said == (
        "1 cell ended in an error, which counts neither as passed nor as failed.",
        "What 4 cells cost is not known.",
        "1 cell still without an answer.",
    )


def test_a_run_without_verdicts_is_compared_by_scores() -> None:
    run = a_run(["a", "b"], 40)
    cells = from_passes(run, np.zeros((40, 1, 2)))
    cells["passed"] = 0
    cells["score"] = np.where(np.arange(80) % 2, 0.5, 0.75) + np.arange(80) / 1000
    found = summarise(run, cells)
    assert found.columns[0].rate is None
    assert found.comparisons[0].sentence.startswith("a scores 0.249 higher than b (")


def test_nothing_to_say_of_an_empty_run() -> None:
    run = a_run(["a", "b"], 3)
    found = summarise(run, board.empty(6))
    assert (found.best, found.comparisons) == (None, ())
    assert found.said == ("6 cells still without an answer.",)
    assert found.columns[0].ms is None


@pytest.mark.parametrize(("models", "rows", "repeats"), [(4, 250, 15), (4, 3750, 1), (60, 250, 1), (24, 20, 31)])
def test_fifteen_thousand_cells_are_quick(models: int, rows: int, repeats: int) -> None:
    run = a_run([f"model {at}" for at in range(models)], rows, repeats=repeats)
    cells = random_board(run, np.random.default_rng(1))
    baseline = against_column(run, cells, 0)
    took: list[float] = []
    for _ in range(3):
        began = time.process_time()
        summarise(run, cells, baseline)
        took.append(time.process_time() - began)
    assert min(took) < 0.2
