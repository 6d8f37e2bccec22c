"""Votes: cast, read, taken back, and whose they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hub import hooks, votes
from hub.db.mongo import collection
from hub.db.who import Who
from hub.errors import BadInput, NotFound
from hub.votes import Contender, Vote
from hub.votes.store import LONGEST, UNDO

ANNA = Who("anna", "Anna")
BERT = Who("bert", "Bert")
ANSWERS = (Contender("small", "m1"), Contender("large", "m2"), Contender("huge", "m3"))

pytestmark = pytest.mark.usefixtures("mongo")


def cast(who: Who = ANNA, prompt: str = "p1", ranks: tuple[int, ...] = (2, 1, 2), **more: object) -> Vote:
    return votes.cast(who, source="compare", prompt=prompt, contenders=ANSWERS, ranks=ranks, **more)  # type: ignore[arg-type]


def test_a_vote_is_read_as_it_was_cast() -> None:
    made = cast(reason="  shorter ", tags=("Code", "code", " "), blind=True)
    assert made.ranks == (2, 1, 2)
    assert (made.reason, made.tags, made.blind, made.outcome) == ("shorter", ("code",), True, "ranked")
    assert votes.votes(ANNA) == (made,)
    assert votes.votes(ANNA, prompt="p1") == (made,)
    assert votes.votes(ANNA, prompt="p2") == ()


@pytest.mark.parametrize(("ranks", "kept"), [((7, 3, 5), (3, 1, 2)), ((0, 0, 9), (1, 1, 2))])
def test_ranks_have_no_gaps(ranks: tuple[int, ...], kept: tuple[int, ...]) -> None:
    assert cast(ranks=ranks).ranks == kept


def test_equal_ranks_are_a_tie_and_all_bad_is_one_too() -> None:
    assert cast(ranks=(4, 4, 4)).outcome == "tie"
    assert cast(ranks=(), outcome="all_bad").ranks == (1, 1, 1)


def test_a_second_vote_on_the_same_answers_takes_the_place_of_the_first() -> None:
    first = cast()
    second = votes.cast(ANNA, source="compare", prompt="p1", contenders=ANSWERS[::-1], ranks=(1, 2, 3))
    assert second.id == first.id
    assert votes.votes(ANNA) == (second,)


def test_the_newest_come_first() -> None:
    one = cast()
    two = votes.cast(ANNA, source="evaluate", prompt="p1", contenders=ANSWERS[:2], outcome="tie")
    collection("votes").update_one({"_id": one.id}, {"$set": {"at": one.at - timedelta(hours=1)}})
    assert [vote.id for vote in votes.votes(ANNA, prompt="p1")] == [two.id, one.id]


def test_a_vote_can_be_taken_back() -> None:
    votes.undo(ANNA, cast().id)
    assert votes.votes(ANNA) == ()


def test_for_a_day() -> None:
    made = cast()
    collection("votes").update_one({"_id": made.id}, {"$set": {"at": made.at - UNDO - timedelta(minutes=1)}})
    with pytest.raises(BadInput, match="more than a day old"):
        votes.undo(ANNA, made.id)
    assert len(votes.votes(ANNA)) == 1


def test_nothing_crosses_between_people() -> None:
    made = cast(ANNA)
    assert votes.votes(BERT) == votes.votes(BERT, prompt="p1") == ()
    assert votes.leaderboard(BERT).standings == ()
    with pytest.raises(NotFound):
        votes.undo(BERT, made.id)
    cast(BERT)
    assert votes.votes(ANNA) == (made,)


def test_all_goes_with_the_person() -> None:
    cast(ANNA)
    kept = cast(BERT)
    assert "hub.votes.plugin" not in hooks.person_deleted(ANNA)
    assert votes.votes(ANNA) == ()
    assert votes.votes(BERT) == (kept,)


@pytest.mark.parametrize(
    ("contenders", "ranks", "said"),
    [
        (ANSWERS[:1], (1,), "2 to 24"),
        (ANSWERS, (1, 2), "rank for every"),
        ((ANSWERS[0], replace(ANSWERS[1], answer="m1")), (1, 2), "stands twice"),
    ],
)
def test_what_is_no_vote_is_refused(contenders: tuple[Contender, ...], ranks: tuple[int, ...], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        votes.cast(ANNA, source="compare", prompt="p", contenders=contenders, ranks=ranks)
    assert votes.votes(ANNA) == ()


def test_long_reasons_are_cut() -> None:
    assert len(cast(reason="x" * 5000).reason) == LONGEST
