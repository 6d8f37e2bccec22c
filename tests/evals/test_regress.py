"""A run against its baseline: what is compared with what, and which rows changed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.evals import board
from hub.evals.order import grid
from hub.evals.regress import against_column, aligned, changes
from hub.evals.summary import summarise
from tests.evals.boards import a_run, from_passes, random_board

orders = st.sampled_from(["rows", "models"])


@given(orders, orders, st.permutations("abcd"), st.permutations(range(6)), st.integers(1, 3), st.integers(1, 3))
@settings(max_examples=25, deadline=None)
def test_cells_are_matched_by_row_template_and_label(order, other, labels, rows, repeats, fewer) -> None:
    run = a_run("abc", 6, repeats=repeats, templates=["short", "long"], order=order)
    base = a_run(labels[:3], 5, repeats=fewer, templates=["long", "short"], order=other)
    ids, base_ids = [f"row {at}" for at in range(6)], [f"row {at}" for at in rows[:5]]
    cells = random_board(base, np.random.default_rng(1))
    found = aligned(run, ids, base, base_ids, cells)
    for index in range(run.cells):
        row, repeat, template, model = grid(run).place(index)
        expected = board.empty(1)[0]
        if ids[row] in base_ids and run.models[model].label in labels[:3] and repeat < fewer:
            there = labels.index(run.models[model].label)
            expected = cells[grid(base).index(base_ids.index(ids[row]), repeat, 1 - template, there)]
        assert str(found.cells[index]) == str(expected)


def test_what_is_missing_is_said() -> None:
    run, base = a_run("ab", 3, name="New"), a_run("bc", 2, name="Old")
    found = aligned(run, ["1", "2", "3"], base, ["2", "9"], from_passes(base, np.ones((2, 1, 2))))
    assert found.names == ("", "b in Old")
    assert found.said == "Old has no answers of a. Old has 1 of the 3 rows; only those are compared."
    none = aligned(run, ["1", "2", "3"], base, ["8", "9"], from_passes(base, np.ones((2, 1, 2))))
    assert none.said == "Old has none of these rows, so nothing can be compared with it."
    assert summarise(run, from_passes(run, np.ones((3, 1, 2))), none).columns[1].against is not None


def test_the_same_model_twice_is_matched_in_order() -> None:
    run, base = a_run(["a", "a"], 1, name="New"), a_run(["a", "a"], 1, name="Old")
    found = aligned(run, ["1"], base, ["1"], from_passes(base, np.array([[[True, False]]])))
    assert found.cells["passed"].tolist() == [1, -1]
    assert found.names == ("a in Old", "a (2) in Old")


def test_regressed_and_improved_rows() -> None:
    run, base = a_run(["a"], 200, name="New"), a_run(["a"], 200, name="Old")
    before, after = np.ones((200, 1, 1), bool), np.ones((200, 1, 1), bool)
    before[5], after[[7, 9, *range(20, 40)]] = False, False
    rows = [str(at) for at in range(200)]
    baseline = aligned(run, rows, base, rows, from_passes(base, before))
    cells = from_passes(run, after)
    change = summarise(run, cells, baseline).columns[0].against
    assert change is not None
    assert change.regressed == (7, 9, *range(20, 40))
    assert change.improved == (5,)
    assert change.worse
    assert not change.better
    assert change.difference.mean == pytest.approx(-0.105)
    found = summarise(run, cells, baseline)
    assert found.regressed
    assert found.said == (
        "a in Old passes 10.5 points more often than a (6.2 to 15.6, p < 0.001, 200 prompts).",
        "a: 22 rows regressed, 1 improved.",
    )


def test_a_few_changed_rows_are_no_regression_yet() -> None:
    run, base = a_run(["a"], 200), a_run(["a"], 200)
    after = np.ones((200, 1, 1), bool)
    after[[7, 9]] = False
    rows = [str(at) for at in range(200)]
    found = summarise(run, from_passes(run, after), aligned(run, rows, base, rows, from_passes(base, ~after | after)))
    assert found.columns[0].against is not None
    assert found.columns[0].against.regressed == (7, 9)
    assert not found.regressed


def test_a_row_changes_with_half_of_its_repeats() -> None:
    run = a_run(["a", "b"], 3, repeats=4)
    passed = np.ones((3, 4, 2), bool)
    passed[0, :2, 0] = passed[1, :1, 0] = passed[2, :, 1] = False
    cells = from_passes(run, passed)
    baseline = against_column(run, cells, 1)
    assert changes(run, cells, baseline).tolist() == [[-1, 0], [0, 0], [1, 0]]
    assert baseline.names == ("b", "")


def test_against_a_column_of_the_run_itself() -> None:
    run = a_run(["a", "b", "c"], 50, templates=["short", "long"], order="models")
    cells = random_board(run, np.random.default_rng(6))
    found = summarise(run, cells, against_column(run, cells, 3))
    assert [one.against is None for one in found.columns] == [False, False, False, True, False, False]
    assert found.columns[0].against.difference.names == ("a, short", "b, long")
    assert found.columns[0].against.difference.compared == 5
