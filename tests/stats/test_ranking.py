"""Bradley-Terry: published abilities, two libraries as oracles, and what must hold of any votes."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Sequence

import choix
import evalica
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hub.stats.abilities import fit, strong
from hub.stats.duels import Duel
from hub.stats.ranking import SCALE, Ranking, Unconnected, bradley_terry

JOURNALS = ("Biometrika", "Comm Statist", "JASA", "JRSS-B")
CITATIONS = ((714, 730, 498, 221), (33, 425, 68, 17), (320, 813, 1072, 142), (284, 276, 325, 188))
"""How often the journal of a row was cited by that of a column (S. Stigler, Statistical Science 9 (1994), as in the
package BradleyTerry2)."""
MODELS = "abcd"

ballots = st.lists(
    st.tuples(st.integers(0, 8), st.permutations(MODELS), st.sampled_from([0.0, 0.5, 1.0])).map(
        lambda one: Duel(f"prompt {one[0]}", one[1][0], one[1][1], one[2])
    ),
    min_size=12,
    max_size=60,
)


def table(duels: Sequence[Duel]) -> np.ndarray:
    wins = np.zeros((len(MODELS), len(MODELS)))
    for one in duels:
        a, b = MODELS.index(one.a), MODELS.index(one.b)
        wins[a, b] += one.score
        wins[b, a] += 1 - one.score
    return wins


def ranked(duels: Sequence[Duel]) -> Ranking:
    try:
        return bradley_terry(duels)
    except Unconnected:
        assume(False)
        raise


def abilities(found: Ranking) -> dict[str, float]:
    return {entry.model: entry.ability for entry in found.entries}


def tossed(chance: np.random.Generator, prompts: int, votes: int, taste: float, models: int = 4) -> list[Duel]:
    """Votes in which each prompt suits some models better than others, by `taste`."""
    made: list[Duel] = []
    for prompt in range(prompts):
        level = np.linspace(-1, 1, models) + taste * chance.normal(size=models)
        for _ in range(votes):
            a, b = chance.choice(models, 2, replace=False)
            won = chance.random() < 1 / (1 + math.exp(level[b] - level[a]))
            made.append(Duel(str(prompt), str(a), str(b), float(won)))
    return made


def test_journal_citations_to_five_decimals() -> None:
    duels = [
        (f"{cited} {citing} {at}", cited, citing, 1.0)
        for cited, row in zip(JOURNALS, CITATIONS, strict=True)
        for citing, count in zip(JOURNALS, row, strict=True)
        for at in range(count)
    ]
    found = bradley_terry(duels)
    by_name = abilities(found)
    published = [0, -2.94907, -0.47957, 0.26895]
    assert [round(by_name[name] - by_name[JOURNALS[0]], 5) for name in JOURNALS] == published
    errors = [
        (found.difference(name, JOURNALS[0]).high - found.difference(name, JOURNALS[0]).value) for name in JOURNALS
    ]
    assert [error / SCALE / found.reach for error in errors[1:]] == pytest.approx([0.10255, 0.06059, 0.07083], rel=0.01)
    assert [(entry.rank_low, entry.rank_high) for entry in found.entries] == [(1, 1), (2, 2), (3, 3), (4, 4)]


@given(ballots)
@settings(max_examples=60, deadline=None)
def test_abilities_are_those_of_choix_and_evalica(duels: list[Duel]) -> None:
    wins = table(duels)
    assume(strong(wins))
    ours = fit(wins)
    doubled = [(i, j) for i in range(4) for j in range(4) for _ in range(round(2 * wins[i, j]))]
    assert ours == pytest.approx(choix.opt_pairwise(4, doubled, tol=1e-10), abs=1e-4)
    sides = {1.0: evalica.Winner.X, 0.5: evalica.Winner.Draw, 0.0: evalica.Winner.Y}
    theirs = evalica.bradley_terry(
        [one.a for one in duels],
        [one.b for one in duels],
        [sides[one.score] for one in duels],
        tolerance=1e-12,
        limit=100_000,
    ).scores
    logs = np.log(np.array([theirs[name] for name in MODELS]))
    assert ours == pytest.approx(logs - logs.mean(), abs=1e-3)


@given(ballots, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_of_votes_and_who_stood_first_do_not_matter(duels: list[Duel], chance: random.Random) -> None:
    found = ranked(duels)
    turned = [Duel(one.prompt, one.b, one.a, 1 - one.score) if chance.random() < 0.5 else one for one in duels]
    chance.shuffle(turned)
    again = ranked(turned)
    for one, two in zip(found.entries, again.entries, strict=True):
        assert (one.score, one.low, one.high) == pytest.approx((two.score, two.low, two.high), abs=1e-5)


@given(ballots)
@settings(max_examples=40, deadline=None)
def test_turning_every_vote_round_turns_signs_and_ranks_round(duels: list[Duel]) -> None:
    found, turned = ranked(duels), ranked([one._replace(score=1 - one.score) for one in duels])
    places = {entry.model: entry for entry in turned.entries}
    last = len(places) + 1
    for entry in found.entries:
        other = places[entry.model]
        assert entry.ability == pytest.approx(-other.ability, abs=1e-8)
        assert (entry.rank_low, entry.rank_high) == (last - other.rank_high, last - other.rank_low)


@given(ballots)
@settings(max_examples=40, deadline=None)
def test_abilities_have_mean_0_and_lie_within_their_limits(duels: list[Duel]) -> None:
    found = ranked(duels)
    assert sum(entry.ability for entry in found.entries) == pytest.approx(0, abs=1e-8)
    for place, entry in enumerate(found.entries, start=1):
        assert entry.low <= entry.score <= entry.high
        assert entry.rank_low <= place <= entry.rank_high


def test_votes_of_one_prompt_are_not_independent() -> None:
    duels = tossed(np.random.default_rng(1), 60, 8, taste=2)
    together = bradley_terry(duels)
    alone = bradley_terry([one._replace(prompt=str(at)) for at, one in enumerate(duels)])
    assert abilities(together) == pytest.approx(abilities(alone))
    assert together.noise > 1.5 > alone.noise
    for one, two in zip(together.entries, alone.entries, strict=True):
        assert one.high - one.low > 1.2 * (two.high - two.low)


@pytest.mark.parametrize(("prompts", "votes", "taste"), [(10, 4, 0.0), (25, 3, 1.0), (60, 3, 1.0)])
def test_intervals_hold(prompts: int, votes: int, taste: float) -> None:
    """The true difference of best and worst lies within in 95 of 100 cases, or nearly so."""
    chance, hit = np.random.default_rng(prompts), 0
    level = np.linspace(-1, 1, 4) + taste * chance.normal(size=(100_000, 4))
    shares = 1 / (1 + np.exp(level[:, None, :] - level[:, :, None]))
    truth = np.ptp(fit(shares.mean(0) * (1 - np.eye(4)))) * SCALE
    rounds = 120
    for _ in range(rounds):
        found = bradley_terry(tossed(chance, prompts, votes, taste)).difference("3", "0")
        hit += found.low <= truth <= found.high
    assert hit / rounds >= 0.92


def test_a_model_that_never_lost_has_a_finite_score() -> None:
    duels = [Duel(str(at), "a", "b", 1.0) for at in range(12)] + [Duel("x", "b", "c", 0.5)]
    found = bradley_terry(duels)
    assert found.held
    assert found.entries[0].model == "a"
    assert all(math.isfinite(entry.low) and math.isfinite(entry.high) for entry in found.entries)
    more = bradley_terry([*duels, *(Duel(f"y{at}", "a", "b", 1.0) for at in range(12))])
    assert more.difference("a", "b").value > found.difference("a", "b").value


def test_ridge_is_for_those_alone() -> None:
    assert not bradley_terry([("1", "a", "b", 1.0), ("2", "a", "b", 0.0), ("3", "a", "b", 1.0)]).held


def test_unconnected_models_are_refused_by_group() -> None:
    with pytest.raises(Unconnected, match="a, b, c; x, y") as refused:
        bradley_terry([("1", "a", "b", 1), ("2", "y", "x", 1), ("3", "c", "b", 0.5)])
    assert refused.value.groups == (("a", "b", "c"), ("x", "y"))


@pytest.mark.parametrize("duels", [[], [("1", "a", "a", 1.0)]])
def test_no_votes_are_no_ranking(duels: list[tuple[str, str, str, float]]) -> None:
    with pytest.raises(ValueError, match="no votes"):
        bradley_terry(duels)


def test_a_score_beyond_1_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        bradley_terry([("1", "a", "b", 2.0)])


@pytest.mark.parametrize("count", [1, 40])
def test_one_prompt_shows_nothing(count: int) -> None:
    found = bradley_terry([("same", "a", "b", 1.0), ("same", "a", "b", 0.0)] + [("same", "a", "b", 1.0)] * count)
    assert [(entry.rank_low, entry.rank_high) for entry in found.entries] == [(1, 2), (1, 2)]


def test_a_single_tie_is_not_taken_for_certainty() -> None:
    duels = [*tossed(np.random.default_rng(2), 100, 2, taste=0), Duel("5", "0", "new", 0.5)]
    new = next(entry for entry in bradley_terry(duels).entries if entry.model == "new")
    assert new.votes == new.prompts == 1
    assert new.high - new.low > 800


def test_missing_votes_would_show_the_difference() -> None:
    """As many votes as are said to be missing, cast as the fit expects them, do show it."""
    duels = tossed(np.random.default_rng(8), 40, 2, taste=0)
    found = bradley_terry(duels)
    one, two = found.entries[0].model, found.entries[1].model
    missing = found.missing(one, two)
    assert not found.apart(one, two)
    assert 10 < missing < 5000
    gap = found.entries[0].ability - found.entries[1].ability
    wins = round(missing / (1 + math.exp(-gap)))
    more = [Duel(f"more {at}", one, two, float(at < wins)) for at in range(int(missing))]
    after = bradley_terry([*duels, *more])
    assert after.apart(one, two)
    assert after.missing(one, two) == 0
    assert bradley_terry([("1", "a", "b", 0.5), ("2", "a", "b", 0.5)]).missing("a", "b") == math.inf


def test_weights_count() -> None:
    half = bradley_terry([Duel("1", "a", "b", 1, 0.5), Duel("2", "a", "b", 1, 0.5), Duel("3", "a", "b", 0)])
    assert half.difference("a", "b").value == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("prompts", [20, 800])
def test_ranking_is_quick(prompts: int) -> None:
    duels = [
        one._replace(prompt=str(at % prompts))
        for at, one in enumerate(tossed(np.random.default_rng(3), 5000, 1, 0, 30))
    ]
    began = time.process_time()
    bradley_terry(duels)
    assert time.process_time() - began < 2
