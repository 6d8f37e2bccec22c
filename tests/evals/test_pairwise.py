"""Complete rows before the judge, the votes that come of it, and how far they agree with the person."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.evals import agree, pairwise
from hub.evals.both_ways import read
from hub.evals.checks import Subject, judge_cell, needs_row, parse, parse_all
from hub.evals.records import Cell, Estimate, EvalRun, Limits, Mark, RunModel, Template, Verdict
from hub.models.types import Params
from hub.votes.records import Contender, Vote
from tests.evals.conftest import asking, run
from tests.fakes.openai_server import FakeServer

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TEXTS = {"Alpha": "one", "Beta": "two", "Gamma": "three"}


def subjects(*names: str) -> list[Subject]:
    return [Subject(TEXTS[name], (TEXTS[name],), ("Count.",), expected="four", model=name) for name in names]


def winner(letter: str) -> str:
    return orjson.dumps({"reason": f"{letter} it is.", "winner": letter}).decode()


def judged(judge: FakeServer, check: dict[str, Any], *names: str) -> list[tuple[Verdict, ...]]:
    return run(pairwise.judge_row([parse(check)], subjects(*names), asking(judge)))


def test_against_one_model(judge: FakeServer) -> None:
    judge.says = [winner("A"), winner("B"), winner("A"), winner("B")]
    check = {"kind": "pairwise", "against": "Beta"}
    assert needs_row(parse(check))
    said = judged(judge, check, "Alpha", "Beta", "Gamma")
    assert said[1] == ()
    assert (said[0][0].passed, said[0][0].score) == (True, 1.0)
    assert (said[2][0].passed, said[2][0].score) == (False, 0.0)
    (record,) = read(said[2][0].raw)
    assert record == {"against": "Beta", "outcome": "loss", "agreed": True, "as_a": winner("B"), "as_b": winner("A")}
    assert len(judge.requests) == 4 and "four" in judge.requests[0].body["messages"][1]["content"]


def test_everybody_against_everybody_asks_once_for_each_pair_and_order(judge: FakeServer) -> None:
    judge.says = [winner("A"), winner("B"), winner("A"), winner("A"), winner("tie"), winner("tie")]
    said = judged(judge, {"kind": "pairwise", "against": "every"}, "Alpha", "Beta", "Gamma")
    assert len(judge.requests) == 6
    assert [one[0].score for one in said] == [0.75, 0.25, 0.5]
    assert [one[0].passed for one in said] == [True, False, True]
    costs = [one[0].cost for one in said]
    assert costs[2] == 0 and all(cost is not None for cost in costs)


def test_a_model_without_an_answer_is_an_error(judge: FakeServer) -> None:
    alone = judged(judge, {"kind": "pairwise", "against": "every"}, "Alpha")
    assert alone[0][0].passed is None and alone[0][0].error == "No other model answered this row."
    gone = judged(judge, {"kind": "pairwise", "against": "Delta"}, "Alpha", "Beta")
    assert [one[0].error for one in gone] == ["Delta has no answer to this row."] * 2 and not judge.requests


def test_a_cell_by_itself_leaves_these_checks_for_later(judge: FakeServer) -> None:
    checks = parse_all([{"kind": "equals"}, {"kind": "pairwise", "against": "every"}])
    said = run(judge_cell(checks, subjects("Alpha")[0], asking(judge)))
    assert [one.kind for one in said] == ["equals"] and not judge.requests


def test_names_of_models_are_never_shown_to_the_judge(judge: FakeServer) -> None:
    judge.says = [winner("A"), winner("B")]
    judged(judge, {"kind": "pairwise", "against": "Beta"}, "Alpha", "Beta")
    assert all(name not in orjson.dumps(request.body).decode() for request in judge.requests for name in TEXTS)


def run_of(*labels: str) -> EvalRun:
    return EvalRun(
        id="r",
        name="Run",
        status="done",
        set_id="s",
        set_name="Set",
        set_version=1,
        models=tuple(RunModel(label, label, Params(), label) for label in labels),
        templates=(Template("As written"),),
        rows=40,
        repeats=1,
        order="rows",
        checks=(),
        judge=None,
        judge_prompts={},
        cap=None,
        limits=Limits(),
        cache=True,
        seed=1,
        estimate=Estimate(1, 1, 1, 1, None, (), None),
        versions={},
        created_at=NOW,
    )


def test_votes_and_the_leaderboard_of_a_judge(judge: FakeServer) -> None:
    names = ("Alpha", "Beta", "Gamma")
    cells: list[Cell] = []
    for row in range(8):
        # Alpha beats everybody, but loses every fourth row to Gamma; Beta and Gamma are level.
        third = ["B", "A"] if row % 4 == 0 else ["A", "B"]
        judge.says = [winner(one) for one in ["A", "B", *third, "tie", "tie"]]
        said = judged(judge, {"kind": "pairwise", "against": "every"}, *names)
        cells += [Cell(row * 3 + at, row, 0, at, 0, "done", verdicts=said[at], at=NOW) for at in range(3)]
    found = pairwise.votes(run_of(*names), cells)
    assert len(found) == 8 * 3 and {one.source for one in found} == {"judge"}
    board = pairwise.leaderboard(run_of(*names), cells)
    assert [one.model for one in board.standings] == ["Alpha", "Gamma", "Beta"] and board.prompts == 8
    assert pairwise.votes(run_of(*names), cells, "another check") == []


def test_errors_and_the_expected_value_in_votes() -> None:
    raw = orjson.dumps([{"against": "expected", "outcome": "loss", "agreed": True, "as_a": "", "as_b": ""}]).decode()
    good = Verdict("pairwise", "pairwise", False, 0.0, raw=raw)
    bad = Verdict("pairwise", "pairwise", None, error="The judge did not answer.", raw=raw)
    cells = [Cell(at, at, 0, 0, 0, "done", verdicts=(said,), at=NOW) for at, said in enumerate((good, bad))]
    (vote,) = pairwise.votes(run_of("Alpha"), cells)
    assert [one.model for one in vote.contenders] == ["Alpha", "Expected value"] and vote.ranks == (2, 1)


def marked(row: int, judge_says: bool | None, mine: bool | None) -> Cell:
    said = Verdict("rubric", "rubric", judge_says, error="" if judge_says is not None else "?")
    mark = None if mine is None else Mark(mine, "", NOW)
    return Cell(row, row, 0, 0, 0, "done", verdicts=(said,), mark=mark, at=NOW)


def test_agreement_with_marks() -> None:
    cells = [marked(at, at < 20, at < 18 or at > 37) for at in range(40)]
    cells += [marked(50, None, True), marked(51, True, None)]
    found = agree.with_marks(cells, "rubric")
    assert found.n == 40 and found.share == 0.9 and found.value == pytest.approx(0.8)
    assert found.low is not None and found.high is not None and 0.5 < found.low < 0.8 < found.high <= 1
    assert (
        found.sentence.startswith("Agrees with your marks in 36 of 40: kappa 0.80 (0.")
        and "substantial" in found.sentence
    )
    assert agree.with_marks(cells, "other").sentence == "No mark of yours to compare it with yet."


def test_agreement_that_chance_explains() -> None:
    found = agree.with_marks([marked(at, True, True) for at in range(5)])
    assert found.value is None and found.sentence.startswith("Agrees with your marks in 5 of 5; all of them say")


def vote(prompt: str, *placed: tuple[str, int], source: str = "compare") -> Vote:
    who = tuple(Contender(name, name) for name, _ in placed)
    return Vote("v", source, prompt, who, tuple(rank for _, rank in placed), "ranked", "", (), True, NOW)


def test_agreement_with_votes_takes_pairs_in_any_order() -> None:
    own = [vote("p1", ("b", 1), ("a", 2), ("c", 3)), vote("p2", ("a", 1), ("b", 1)), vote("p3", ("a", 1), ("b", 2))]
    judged = [vote("p1", ("a", 2), ("b", 1)), vote("p2", ("b", 1), ("a", 1)), vote("p3", ("a", 2), ("b", 1))]
    found = agree.with_votes(judged, own)
    assert found.n == 3 and found.share == pytest.approx(2 / 3) and "of 3" in found.sentence


ranks = st.lists(
    st.tuples(st.sampled_from("abcd"), st.integers(1, 4)), min_size=2, max_size=4, unique_by=lambda one: one[0]
)


@given(st.lists(ranks, min_size=1, max_size=8))
def test_somebody_agrees_with_themselves(given: list[list[tuple[str, int]]]) -> None:
    own = [vote(f"p{number}", *placed) for number, placed in enumerate(given)]
    turned = [replace(one, contenders=one.contenders[::-1], ranks=one.ranks[::-1]) for one in own]
    found = agree.with_votes(turned, own)
    assert found.share == 1 and found.n == sum(len(list(combinations(placed, 2))) for placed in given)
