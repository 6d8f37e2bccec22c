"""What stands beside a judge's score: how far it agrees with the person's marks and votes."""

from __future__ import annotations

import json

import pytest

from hub import evals, votes
from hub.errors import NotFound
from hub.evals import judges
from hub.evals.records import Limits, Row
from hub.votes import Contender
from hub.votes.prompts import first_question
from hub.web import eval_wire
from tests.evals.runs import ANNA, BERT, Bench

RUBRIC = {"kind": "rubric", "value": "Polite"}
EVERY = {"kind": "pairwise", "against": "every"}


def said(**verdict: object) -> str:
    return json.dumps({"reason": "So.", **verdict})


def test_a_rubric_beside_marks(bench: Bench) -> None:
    bench.server.says = [said(score=9 if at % 2 else 1, **{"pass": bool(at % 2)}) for at in range(6)]
    # One call at a time, so that the replies come in the order of the cells.
    run_id = bench.plan(
        bench.make_set(6),
        "fake-echo",
        checks=(RUBRIC, {"kind": "length", "min": 1}),
        judge=bench.model("fake-says"),
        limits=Limits(total=1),
    )
    bench.work(run_id)
    (alone,) = judges.with_marks(ANNA, run_id)
    assert (alone.name, alone.marks.n) == ("rubric", 0)
    told = {cell.index: cell.verdicts[0].passed for cell in bench.cells(run_id)}
    for index in range(5):
        evals.mark(ANNA, run_id, index, told[index])
    evals.mark(ANNA, run_id, 5, not told[5])
    (judged,) = judges.agreements(ANNA, run_id)
    assert judged.marks.n == 6 and judged.marks.share == pytest.approx(5 / 6) and judged.votes is None
    assert judged.sentence.startswith("Judge of “rubric”: agrees with your marks in 5 of 6: kappa 0.67")
    assert eval_wire.summary(ANNA, run_id, "")["judges"] == [judged.sentence]
    rubric, length = eval_wire.cell(ANNA, run_id, 0)["verdicts"]
    assert rubric["agrees"] == judged.marks.sentence and length["agrees"] == ""
    with pytest.raises(NotFound):
        judges.agreements(BERT, run_id)


def test_comparisons_beside_votes_and_their_leaderboard(bench: Bench) -> None:
    bench.server.says = [said(winner="tie")] * 8
    rows = tuple(Row(f"r{at}", (f"Question {at}",)) for at in range(4))
    run_id = bench.plan(bench.make_set(rows=rows), "fake", "fake-echo", checks=(EVERY,), judge=bench.model("fake-says"))
    run = bench.work(run_id)
    one, two = (model.label for model in run.models)
    for at, ranks in ((0, (1, 1)), (1, (1, 2)), (2, (1, 1))):
        contenders = [Contender(two, f"{at}b"), Contender(one, f"{at}a")]
        votes.cast(ANNA, source="compare", prompt=first_question(f"Question {at}"), contenders=contenders, ranks=ranks)
    (judged,) = judges.agreements(ANNA, run_id)
    assert judged.votes is not None and judged.votes.n == 3 and judged.votes.share == pytest.approx(2 / 3)
    assert judged.marks.n == 0 and "your votes in 2 of 3" in judged.sentence
    board = judges.leaderboard(ANNA, run_id)
    assert board.votes == 4 and {standing.model for standing in board.standings} == {one, two}
