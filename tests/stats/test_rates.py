"""Rates: published Wilson limits, repeats taken together by prompt, pass@k and pass^k by counting."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from hub.stats.rates import grouped, pass_at_k, pass_hat_k, wilson

trials = st.integers(1, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))
prompts = st.lists(st.lists(st.sampled_from([0.0, 1.0]), min_size=1, max_size=6), min_size=2, max_size=40)


def test_known_limits() -> None:
    nine, none = wilson(9, 10), wilson(0, 30)
    assert (round(nine.low, 2), round(nine.high, 2)) == (0.60, 0.98)
    assert (none.low, round(none.high, 2)) == (0, 0.11)


@settings(deadline=None)
@given(trials)
def test_wilson_is_scipys(count: tuple[int, int]) -> None:
    ours = wilson(*count)
    theirs = stats.binomtest(*count).proportion_ci(method="wilson")
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1e-12)
    assert 0 <= ours.low <= ours.value <= ours.high <= 1


@pytest.mark.parametrize(("passed", "of"), [(0, 0), (3, 2), (-1, 4)])
def test_what_is_no_rate_is_refused(passed: int, of: int) -> None:
    with pytest.raises(ValueError, match="not a rate"):
        wilson(passed, of)


@settings(deadline=None)
@given(st.lists(st.sampled_from([0.0, 1.0]), min_size=1, max_size=60))
def test_one_repeat_is_wilson_itself(values: list[float]) -> None:
    found, plain = grouped([[value] for value in values]), wilson(sum(values), len(values))
    assert (found.value, found.low, found.high) == pytest.approx((plain.value, plain.low, plain.high))
    assert found.within is None


def test_repeats_that_always_agree_say_no_more_than_one() -> None:
    once = grouped([[1.0]] * 8 + [[0.0]] * 2)
    often = grouped([[1.0] * 5] * 8 + [[0.0] * 5] * 2)
    assert often.trials == 50
    assert often.within == 0
    assert often.high - often.low >= once.high - once.low


def test_a_prompt_counts_once_however_often_it_was_asked() -> None:
    assert grouped([[1.0] * 9, [0.0]]).value == 0.5


def test_spread_between_and_within_are_told_apart() -> None:
    chance = np.random.default_rng(3)
    alike = grouped((chance.random((400, 20)) < 0.5).astype(float))
    apart = grouped(np.repeat(chance.random((400, 1)) < 0.5, 20, axis=1).astype(float))
    assert alike.within == pytest.approx(0.5, abs=0.01)
    assert alike.between < 0.06
    assert apart.within == 0
    assert apart.between == pytest.approx(0.5, abs=0.01)


@settings(deadline=None)
@given(prompts)
def test_limits_stay_within_0_and_1_and_order_does_not_matter(values: list[list[float]]) -> None:
    found, turned = grouped(values), grouped([row[::-1] for row in values[::-1]])
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert (found.low, found.high) == pytest.approx((turned.low, turned.high))


def test_intervals_of_rates_hold_with_few_prompts_and_repeats() -> None:
    """The true rate lies within in 95 of 100 cases, or nearly so."""
    chance, hit = np.random.default_rng(7), 0
    for _ in range(600):
        rates = chance.beta(2, 1, size=15)
        found = grouped((chance.random((15, 4)) < rates[:, None]).astype(float))
        hit += found.low <= 2 / 3 <= found.high
    assert hit / 600 >= 0.93


def test_scores_get_students_interval() -> None:
    scores = [0.2, 0.9, 0.7, 0.4, 0.65]
    found = grouped([[score] for score in scores])
    limits = stats.ttest_1samp(scores, 0).confidence_interval()
    assert (found.low, found.high) == pytest.approx((limits.low, limits.high))


def test_missing_values_are_left_out() -> None:
    nan = math.nan
    assert grouped(np.array([[1.0, nan], [0.0, 1.0], [nan, nan]])) == grouped([[1.0], [0.0, 1.0]])
    assert grouped({"a": [1.0], "b": [0.0, 1.0]}) == grouped([[1.0], [0.0, 1.0]])
    with pytest.raises(ValueError, match="no values"):
        grouped([])


@settings(deadline=None)
@given(st.integers(1, 8).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n), st.integers(1, n))))
def test_pass_at_k_and_pass_hat_k_by_counting(case: tuple[int, int, int]) -> None:
    n, c, k = case
    tries = [True] * c + [False] * (n - c)
    ways = list(combinations(tries, k))
    assert pass_at_k(n, c, k) == pytest.approx(sum(map(any, ways)) / len(ways))
    assert pass_hat_k(n, c, k) == pytest.approx(sum(map(all, ways)) / len(ways))


def test_pass_at_k_of_more_tries_than_there_were_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be"):
        pass_at_k(3, 1, 4)
