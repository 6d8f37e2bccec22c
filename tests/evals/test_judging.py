"""Checks in a run: of cells as they are answered, of rows as they become complete."""

from __future__ import annotations

import json

import pytest

from hub import evals
from hub.evals.records import Row, RunRequest
from hub.models.types import Params
from tests.evals.runs import ANNA, Bench


def test_checks_run_right_after_the_answer(bench: Bench) -> None:
    rows = (Row("a", ("Question 0",), expected="Question 0"), Row("b", ("Question 1",), expected="Question 0"))
    set_id = bench.make_set(rows=rows, checks=({"kind": "contains", "value": "{{expected}}"},))
    run_id = bench.plan(set_id, "fake-echo")
    bench.work(run_id)
    assert [cell.passed for cell in bench.cells(run_id)] == [True, False]
    assert evals.boards(ANNA, run_id)["passed"].tolist() == [1, -1]


def test_a_row_has_checks_of_its_own(bench: Bench) -> None:
    rows = (Row("a", ("One",), checks=({"kind": "contains", "value": "One"},)), Row("b", ("Two",)))
    run_id = bench.plan(bench.make_set(rows=rows), "fake-echo")
    bench.work(run_id)
    assert [cell.passed for cell in bench.cells(run_id)] == [True, None]


def test_a_judge_is_asked_once_a_cell(bench: Bench) -> None:
    bench.server.says = [json.dumps({"reason": "Good.", "score": 9, "pass": True})] * 2
    run_id = bench.plan(
        bench.make_set(2), "fake-echo", checks=({"kind": "rubric", "value": "Polite"},), judge=bench.model("fake-says")
    )
    run = bench.work(run_id)
    cells = bench.cells(run_id)
    assert [cell.passed for cell in cells] == [True, True]
    assert cells[0].verdicts[0].score == 0.9
    assert len(bench.server.requests) == 4
    assert run.judge is not None and run.judge_prompts["version"]


def test_complete_rows_are_compared(bench: Bench) -> None:
    bench.server.says = [json.dumps({"reason": "So.", "winner": "tie"})] * 4
    checks = ({"kind": "pairwise", "against": "every"},)
    run_id = bench.plan(bench.make_set(2), "fake", "fake-echo", checks=checks, judge=bench.model("fake-says"))
    assert bench.work(run_id).status == "done"
    assert [cell.verdicts[0].score for cell in bench.cells(run_id)] == [0.5] * 4
    assert evals.boards(ANNA, run_id)["passed"].tolist() == [1] * 4


def test_complete_rows_are_compared_one_model_after_the_other(bench: Bench) -> None:
    bench.server.says = [json.dumps({"reason": "So.", "winner": "tie"})] * 4
    checks = ({"kind": "pairwise", "against": "every"},)
    run_id = bench.plan(
        bench.make_set(2), "fake", "fake-echo", checks=checks, judge=bench.model("fake-says"), order="models"
    )
    assert bench.work(run_id).status == "done"
    assert [cell.verdicts[0].score for cell in bench.cells(run_id)] == [0.5] * 4
    assert evals.boards(ANNA, run_id)["passed"].tolist() == [1] * 4


def test_a_judge_that_always_fails_pauses_the_run(bench: Bench) -> None:
    checks = ({"kind": "rubric", "value": "Polite"},)
    run_id = bench.plan(bench.make_set(30), "fake-echo", checks=checks, judge=bench.model("fake-400"))
    run = bench.work(run_id)
    assert run.status == "paused"
    assert run.said.startswith("The judge fake-400 could not be asked further.")


def test_a_plan_without_a_judge_says_so(bench: Bench) -> None:
    set_id = bench.make_set(1)
    found = evals.plan(ANNA, RunRequest(set_id, (bench.model("fake"),), unpriced=True, checks=({"kind": "nonsense"},)))
    assert any("“nonsense” is no kind of check" in one for one in found.problems)
    set_id = bench.make_set(1, checks=({"kind": "rubric", "value": "Polite"},))
    found = evals.plan(ANNA, RunRequest(set_id, (bench.model("fake"),), unpriced=True))
    assert found.problems == ("A check asks a judge: choose the model that judges.",)
    assert found.calls == 1


def test_judges_are_paid_under_the_same_cap(bench: Bench) -> None:
    bench.price(**{"fake-echo": 2000.0, "fake-says": 2000.0})
    bench.server.says = [json.dumps({"reason": "Good.", "score": 9, "pass": True})] * 60
    asked = bench.model("fake-echo", params=Params(max_tokens=4))
    checks = ({"kind": "rubric", "value": "Polite"},)
    run_id = bench.plan(
        bench.make_set(60), asked, checks=checks, judge=bench.model("fake-says"), cap=16.0, unpriced=False
    )
    run = bench.work(run_id)
    cells = [cell for cell in bench.cells(run_id) if cell.status == "done"]
    paid = sum((cell.cost or 0) + sum(verdict.cost or 0 for verdict in cell.verdicts) for cell in cells)
    assert run.status == "capped"
    assert 0 < paid <= 16.0
    assert run.spent == pytest.approx(paid)
    assert {cell.passed for cell in cells} == {True}
