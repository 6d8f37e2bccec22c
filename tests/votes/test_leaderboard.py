"""The leaderboard: what votes of several answers weigh, slices, what is missing, and groups apart."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from hub import votes
from hub.db.who import Who
from hub.votes import Contender, Vote
from hub.votes.leaderboard import made_of, pairs

ANNA = Who("anna", "Anna")


def vote(at: int, models: str, ranks: tuple[int, ...], tags: tuple[str, ...] = ()) -> Vote:
    contenders = tuple(Contender(model, f"{at} {place}") for place, model in enumerate(models))
    return Vote(str(at), "compare", f"prompt {at}", contenders, ranks, "ranked", "", tags, True, datetime.now(UTC))


def test_the_better_one_stands_first() -> None:
    board = made_of([vote(at, "ab", (1, 2) if at % 4 else (2, 1)) for at in range(40)])
    first, second = board.standings
    assert (first.model, first.votes, board.votes, board.prompts) == ("a", 40, 40, 40)
    assert first.score - second.score == pytest.approx(190.8, abs=0.1)  # three to one
    assert (first.rank_low, first.rank_high, second.rank_low, second.rank_high) == (1, 1, 2, 2)
    assert first.next == second.next == ""


def test_a_ranking_of_four_weighs_as_much_as_three_votes() -> None:
    found = pairs(vote(1, "abcd", (1, 2, 2, 3)))
    assert len(found) == 6
    assert sum(one.weight for one in found) == pytest.approx(3)
    assert {(one.a, one.b): one.score for one in found} == {
        ("a", "b"): 1,
        ("a", "c"): 1,
        ("a", "d"): 1,
        ("b", "c"): 0.5,
        ("b", "d"): 1,
        ("c", "d"): 1,
    }


def test_a_ranking_counts_as_one_vote_of_each_model() -> None:
    board = made_of([vote(at, "abc", (1, 2, 3)) for at in range(5)])
    assert [one.votes for one in board.standings] == [5, 5, 5]
    assert board.votes == 5


def test_rankings_of_several_are_not_surer_than_they_are() -> None:
    """30 acts of voting between four make intervals no narrower than what 90 votes between two would."""
    chance = random.Random(4)
    shuffled = [vote(at, "abcd", tuple(chance.sample((1, 2, 3, 4), 4))) for at in range(30)]
    alone = [vote(at, "".join(chance.sample("abcd", 2)), (1, 2)) for at in range(90)]
    width = [sum(one.high - one.low for one in made_of(kind).standings) for kind in (shuffled, alone)]
    assert width[0] > 0.9 * width[1]


def test_what_is_missing_is_said() -> None:
    board = made_of([vote(at, "ab", (1, 2) if at < 12 else (2, 1)) for at in range(20)])
    assert board.standings[0].rank_high == 2
    assert board.standings[0].next.startswith("Needs about ")
    assert board.standings[0].next.endswith(" more votes to separate a from b.")
    level = made_of([vote(at, "ab", (1, 1)) for at in range(20)])
    assert level.standings[0].next == "a and b are level so far."


def test_groups_without_a_vote_between_them_are_ranked_apart() -> None:
    board = made_of([vote(1, "ab", (1, 2)), vote(2, "bc", (1, 2)), vote(3, "xy", (2, 1))])
    assert [(one.model, one.group) for one in board.standings] == [("a", 0), ("b", 0), ("c", 0), ("y", 1), ("x", 1)]
    assert board.said[0] == "No vote connects these groups, so they are ranked apart: a, b, c; y, x."


def test_a_model_that_always_won_is_told_of() -> None:
    always = [vote(at, "ab", (1, 2)) for at in range(9)]
    assert made_of(always).said == (
        "Some model has won or lost every vote so far: scores are held back a little until it has not.",
    )
    assert made_of([*always, vote(10, "ab", (2, 1))]).said == ()


def test_the_same_model_twice_says_nothing() -> None:
    assert made_of([vote(1, "aa", (1, 2))]).standings == ()
    assert made_of([]).votes == 0


def test_slices(mongo: str) -> None:
    for at in range(12):
        tags = ("code",) if at % 2 else ("code", "python") if at % 4 else ()
        both = (Contender("a", f"a{at}"), Contender("b", f"b{at}"))
        votes.cast(ANNA, source="compare", prompt=str(at), contenders=both, ranks=(1, 2), tags=tags, blind=at < 3)
    assert votes.leaderboard(ANNA).votes == 12
    assert votes.leaderboard(ANNA).tags == (("code", 9), ("python", 3))
    assert votes.leaderboard(ANNA, ("Code",)).votes == 9
    assert votes.leaderboard(ANNA, ("code", "python")).votes == 3
    assert votes.leaderboard(ANNA, blind=True).votes == 3
    assert votes.leaderboard(ANNA, sources=("evaluate",)).standings == ()
    assert votes.leaderboard(ANNA, sources=("evaluate",)).tags == (("code", 9), ("python", 3))
