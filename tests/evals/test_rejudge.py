"""Judging a run again: no model is asked, what was answered stays with its figures, and the old run stays as it was."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace

import pytest

from hub import evals
from hub.errors import BadInput, NotFound
from hub.evals import runs_store
from hub.evals.records import Row
from hub.evals.rejudge import begin_again
from hub.models.types import Params
from tests.evals.runs import ANNA, BERT, Bench, remote

ROWS = (Row("a", ("Question 0",), expected="Question 0"), Row("b", ("Question 1",), expected="Question 0"))
CONTAINS = {"kind": "contains", "value": "{{expected}}"}
RUBRIC = {"kind": "rubric", "value": "Polite"}


def grade(score: int) -> str:
    return json.dumps({"reason": "So.", "score": score, "pass": score > 5})


def asked(bench: Bench) -> Counter[str]:
    return Counter(one.body["model"] for one in bench.server.requests if one.body)


def test_other_checks_over_the_same_answers(bench: Bench) -> None:
    first = bench.plan(bench.make_set(rows=ROWS, checks=(CONTAINS,)), "fake-echo", "fake")
    bench.work(first)
    evals.mark(ANNA, first, 1, True, "good enough")
    before, calls = bench.cells(first), len(bench.server.requests)
    again = begin_again(ANNA, first, [{"kind": "length", "max": 3, "unit": "words"}])
    run = bench.work(again)
    assert run.status == "done" and len(bench.server.requests) == calls
    assert (run.rejudges, run.baseline, run.name) == (first, first, "Questions (judged again)")
    cells = bench.cells(again)
    assert [cell.verdicts[0].kind for cell in cells] == ["length"] * 4
    same = [replace(cell, verdicts=(), at=None) for cell in cells]
    assert same == [replace(cell, verdicts=(), at=None) for cell in before]
    assert cells[1].passed is True and not cells[0].cached and cells[0].ms is not None
    old, new = (evals.boards(ANNA, one) for one in (first, again))
    assert old["ms"].tolist() == new["ms"].tolist() and old["mark"].tolist() == new["mark"].tolist()
    assert bench.cells(first) == before and evals.get_run(ANNA, first).checks == (CONTAINS,)


def test_another_judge_is_asked_and_no_model(bench: Bench) -> None:
    bench.server.says = [grade(9)] * 2
    first = bench.plan(bench.make_set(rows=ROWS), "fake-echo", checks=(RUBRIC,), judge=bench.model("fake-says"))
    bench.work(first)
    bench.server.says = [grade(1)] * 2
    again = begin_again(ANNA, first, judge=bench.model("fake-says", params=Params(seed=3)))
    bench.work(again)
    assert [[cell.passed for cell in bench.cells(one)] for one in (first, again)] == [[True] * 2, [False] * 2]
    assert asked(bench) == {"fake-echo": 2, "fake-says": 4} and bench.server.requests[-1].body["seed"] == 3


def test_the_same_judge_is_not_asked_the_same_again(bench: Bench) -> None:
    bench.price(**{"fake-says": 100.0})
    bench.server.says = [grade(9)] * 4
    first = bench.plan(
        bench.make_set(rows=ROWS), "fake-echo", checks=(RUBRIC,), judge=bench.model("fake-says"), repeats=2
    )
    bench.work(first)
    again = begin_again(ANNA, first)
    run = bench.work(again)
    verdicts = [cell.verdicts[0] for cell in bench.cells(again)]
    assert asked(bench) == {"fake-echo": 4, "fake-says": 4}, "repeats are judged each, and nothing twice"
    assert (run.spent, run.calls) == (0.0, 0)
    assert [(one.cached, one.cost, one.usage, one.passed, one.raw) for one in verdicts] == [
        (True, 0.0, None, True, grade(9))
    ] * 4
    bench.server.says = [grade(1)] * 4
    fresh = begin_again(ANNA, first, fresh=True)
    bench.work(fresh)
    assert [(cell.passed, cell.verdicts[0].cached) for cell in bench.cells(fresh)] == [(False, False)] * 4
    bench.work(last := begin_again(ANNA, fresh))
    assert [cell.passed for cell in bench.cells(last)] == [False] * 4, "what was said last stands"
    assert asked(bench)["fake-says"] == 8


def test_pairs_are_not_compared_twice_and_what_could_not_be_read_is_asked_again(bench: Bench) -> None:
    first = bench.plan(bench.make_set(rows=ROWS[:1]), "fake-echo", "fake")
    bench.work(first)
    bench.server.says = ["Hm.", "Well."]
    pairs, judge = [{"kind": "pairwise", "against": "every"}], bench.model("fake-says")
    bench.work(unread := begin_again(ANNA, first, pairs, judge))
    assert "twice" in bench.cells(unread)[0].verdicts[0].error
    bench.server.says = [json.dumps({"reason": "So.", "winner": "tie"})] * 2
    bench.work(read := begin_again(ANNA, unread))
    bench.work(again := begin_again(ANNA, read))
    found = [[(one.score, one.cached) for one in cell.verdicts] for run in (read, again) for cell in bench.cells(run)]
    assert found == [[(0.5, False)]] * 2 + [[(0.5, True)]] * 2
    assert asked(bench)["fake-says"] == 4


def test_rows_are_compared_again(bench: Bench) -> None:
    first = bench.plan(bench.make_set(rows=ROWS), "fake-echo", "fake")
    bench.work(first)
    bench.server.says = [json.dumps({"reason": "So.", "winner": "tie"})] * 4
    pairs = [{"kind": "pairwise", "against": "every"}]
    again = begin_again(ANNA, first, pairs, bench.model("fake-says"))
    assert bench.work(again).status == "done"
    assert [cell.verdicts[0].score for cell in bench.cells(again)] == [0.5] * 4


def test_errors_stay_errors_and_what_was_not_asked_is_not_asked_now(bench: Bench) -> None:
    first = bench.plan(bench.make_set(rows=ROWS, checks=(CONTAINS,)), "fake-echo", "fake-400")
    bench.work(first)
    runs_store.remove_cells(ANNA, first, [2])
    calls = len(bench.server.requests)
    again = begin_again(ANNA, first)
    assert bench.work(again).status == "done" and len(bench.server.requests) == calls
    cells = bench.cells(again)
    assert [cell.status for cell in cells] == ["done", "error", "error", "error"]
    assert cells[1].error == bench.cells(first)[1].error and (cells[2].error or {})["kind"] == "not_asked"


def test_what_it_would_take_is_the_judge_alone(bench: Bench) -> None:
    first = bench.plan(bench.make_set(rows=ROWS), "fake-echo", "fake", repeats=2)
    bench.work(first)
    found = evals.plan_rejudge(ANNA, first, [CONTAINS])
    assert (found.calls, found.tokens_in, found.problems) == (0, 0, ())
    assert evals.plan_rejudge(ANNA, first, [RUBRIC], bench.model("fake-says")).calls == 8


@pytest.mark.parametrize(
    ("checks", "sentence"),
    [
        ([{"kind": "magic"}], "Check 1: “magic” is no kind of check."),
        ([RUBRIC], "A check asks a judge: choose the model that judges."),
        ([], "There is no check to judge by."),
    ],
)
def test_what_keeps_it_from_starting(bench: Bench, checks: list[dict[str, str]], sentence: str) -> None:
    first = bench.plan(bench.make_set(rows=ROWS), "fake-echo")
    bench.work(first)
    with pytest.raises(BadInput) as caught:
        begin_again(ANNA, first, checks)
    assert caught.value.message == sentence and len(evals.runs(ANNA)) == 1


def test_a_judge_without_a_price_asks_first(bench: Bench) -> None:
    first = bench.plan(bench.make_set(rows=ROWS), "fake-echo")
    bench.work(first)
    with pytest.raises(BadInput, match="The price of judge-1 is not known"):
        begin_again(ANNA, first, [RUBRIC], remote("judge-1"), unpriced=False)
    found = evals.plan_rejudge(ANNA, first, [RUBRIC], remote("judge-1"))
    assert (found.unpriced, found.cost, found.seconds) == (("judge-1",), None, None)


def test_the_plan_says_what_the_judge_takes(bench: Bench) -> None:
    first = bench.plan(bench.make_set(rows=ROWS), "fake-echo", "fake")
    bench.work(first)
    bench.price(**{"fake-echo": 0.0})
    free = evals.plan_rejudge(ANNA, first, [RUBRIC], bench.model("fake-echo"))
    assert (free.calls, free.cost, free.unpriced, free.local) == (4, 0.0, (), ())
    assert free.tokens_in > 0 and free.seconds is not None and free.seconds > 0
    alone = evals.plan_rejudge(ANNA, first, [CONTAINS])
    assert (alone.calls, alone.cost, alone.seconds, alone.local) == (0, 0.0, 0.0, ())
    bench.price(**{"fake-echo": 100.0})
    paid = evals.plan_rejudge(ANNA, first, [RUBRIC], bench.model("fake-echo"))
    assert paid.cost == pytest.approx((paid.tokens_in + paid.tokens_out) / 10_000) and paid.local == ()


def test_a_run_that_is_under_way_and_that_of_another_person(bench: Bench) -> None:
    first = bench.plan(bench.make_set(rows=ROWS, checks=(CONTAINS,)), "fake-echo")
    with pytest.raises(BadInput, match="under way"):
        begin_again(ANNA, first)
    with pytest.raises(NotFound):
        begin_again(BERT, first)


def test_it_cannot_be_extended(bench: Bench) -> None:
    first = bench.plan(bench.make_set(rows=ROWS, checks=(CONTAINS,)), "fake-echo")
    bench.work(first)
    again = begin_again(ANNA, first)
    bench.work(again)
    with pytest.raises(BadInput, match="judges the answers of another one"):
        evals.extend(ANNA, again, [bench.model("fake")])


def verdict_cost(bench: Bench, run_id: str) -> float:
    return sum(verdict.cost or 0 for cell in bench.cells(run_id) for verdict in cell.verdicts)


def test_a_cap_holds_for_the_judge_and_a_higher_one_goes_on(bench: Bench) -> None:
    first = bench.plan(bench.make_set(12), "fake-echo")
    bench.work(first)
    bench.price(**{"fake-says": 100.0})
    bench.server.says = [grade(9)] * 60
    judge = bench.model("fake-says", params=Params(max_tokens=50))
    again = begin_again(ANNA, first, [RUBRIC], judge, cap=0.4)
    run = bench.work(again)
    spent = verdict_cost(bench, again)
    assert run.status == "capped" and 0 < spent <= 0.4 and run.spent == pytest.approx(spent)
    evals.set_limits(ANNA, again, run.limits, cap=100.0)
    runs_store.change_run(ANNA, again, {"status": "running"})
    assert bench.work(again).status == "done"
    assert [cell.passed for cell in bench.cells(again)] == [True] * 12
    assert asked(bench) == {"fake-echo": 12, "fake-says": 12}


def test_a_killed_worker_goes_on_judging_where_it_was(bench: Bench) -> None:
    first = bench.plan(bench.make_set(30), "fake-echo")
    bench.work(first)
    bench.server.says = [grade(9)] * 100
    bench.server.first_ms = 40
    again = begin_again(ANNA, first, [RUBRIC], bench.model("fake-says"))
    process = bench.process(again)
    assert bench.server.wait_for(lambda server: len(server.requests) >= 30 + 12, 60)
    process.kill()
    process.wait()
    left = evals.progress(ANNA, again)
    assert left.done < 30
    flying = len(bench.server.requests) - 30 - left.done
    run = bench.work(again)
    assert run.status == "done" and [cell.passed for cell in bench.cells(again)] == [True] * 30
    judged = asked(bench)
    assert judged["fake-echo"] == 30 and sum(judged.values()) - 60 <= flying
