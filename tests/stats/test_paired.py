"""Two on the same prompts: published p-values and limits, scipy as oracle, and the sentences."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from hub.stats.difference import MINUS
from hub.stats.paired import adjusted, holm, mcnemar, newcombe, paired, permutation

both_binary = st.lists(st.tuples(st.sampled_from([0.0, 1.0]), st.sampled_from([0.0, 1.0])), min_size=2, max_size=80)
both_any = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=60).map(
    lambda pairs: [(a / 4, b / 4) for a, b in pairs]
)
probabilities = st.lists(st.floats(0, 1), max_size=12)


def test_mcnemar_of_48_to_32() -> None:
    assert round(mcnemar(48, 32), 3) == 0.093


@settings(deadline=None)
@given(st.integers(0, 200), st.integers(0, 200))
def test_mcnemar_is_the_binomial_test(a: int, b: int) -> None:
    exact = stats.binomtest(a, a + b).pvalue if a + b else 1.0
    assert mcnemar(a, b) == pytest.approx(exact, abs=1e-12)


def test_newcombes_published_limits() -> None:
    """Airways of 21 children before and after a transplant (Bentur 2009, as worked out by Fagerland, Lydersen and
    Laake, Statistics in Medicine 33 (2014)): 1 both, 1 and 7 only one, 12 neither; -0.507 to -0.026."""
    found = newcombe(1, 1, 7, 12)
    assert (round(found.low, 3), round(found.high, 3)) == (-0.507, -0.026)


def test_the_t_test_is_scipys() -> None:
    chance = np.random.default_rng(2)
    a, b = chance.normal(0.6, 0.2, 90), chance.normal(0.55, 0.2, 90)
    found, theirs = paired(a, b), stats.ttest_rel(a, b)
    limits = theirs.confidence_interval()
    assert found.method == "Paired t-test"
    assert (found.p, found.low, found.high) == pytest.approx((theirs.pvalue, limits.low, limits.high))


@pytest.mark.parametrize("prompts", [6, 12, 25])
def test_few_prompts_get_the_permutation_test(prompts: int) -> None:
    chance = np.random.default_rng(prompts)
    a, b = chance.random(prompts), chance.random(prompts) * 0.8
    theirs = stats.permutation_test(
        (a, b), lambda one, two, axis: np.mean(one - two, axis=axis), permutation_type="samples", vectorized=True
    )
    assert paired(a, b).method.startswith("Permutation test")
    assert permutation(a - b) == pytest.approx(theirs.pvalue, abs=0.02 if prompts > 13 else 1e-9)


@settings(deadline=None)
@given(both_binary | both_any, st.randoms(use_true_random=False))
def test_swapping_names_swaps_signs_and_order_does_not_matter(pairs: list[tuple[float, float]], chance) -> None:
    a, b = [one for one, _ in pairs], [two for _, two in pairs]
    found, swapped = paired(a, b), paired(b, a)
    assert (found.mean, found.low, found.high) == pytest.approx((-swapped.mean, -swapped.high, -swapped.low))
    assert found.p == swapped.p
    chance.shuffle(pairs)
    mixed = paired([one for one, _ in pairs], [two for _, two in pairs])
    assert (mixed.mean, mixed.low, mixed.high, mixed.p) == pytest.approx((found.mean, found.low, found.high, found.p))


@settings(deadline=None)
@given(both_binary | both_any)
def test_test_and_interval_never_contradict_each_other_in_what_is_said(pairs: list[tuple[float, float]]) -> None:
    found = paired([one for one, _ in pairs], [two for _, two in pairs])
    assert found.low <= found.mean <= found.high
    if found.p >= 0.05:
        assert found.low <= 0 <= found.high
        assert found.sentence.startswith("No difference shown at 95 % between ")


def test_no_difference_is_said_too_often_by_chance() -> None:
    """Between two that are the same, at most 5 of 100 comparisons show one."""
    chance, shown = np.random.default_rng(11), 0
    for _ in range(1000):
        level = chance.random(40)
        a, b = (chance.random((2, 40, 3)) < level[:, None]).mean(axis=2)
        shown += paired(a, b).shown
    assert shown / 1000 <= 0.06


def test_the_sentence_of_a_difference() -> None:
    a = [1.0] * 200 + [0.0] * 50
    b = [1.0] * 170 + [0.0] * 30 + [1.0] * 10 + [0.0] * 40
    said = "large passes 8.0 points more often than small (3.1 to 13.0, p = 0.002, 250 prompts)."
    assert paired(a, b, names=("large", "small")).sentence == said
    assert paired(b, a, names=("small", "large")).sentence == said


def test_the_sentence_of_none() -> None:
    a = [1.0] * 12 + [0.0] * 10 + [1.0] * 80
    b = [0.0] * 12 + [1.0] * 10 + [1.0] * 80
    found = paired(a, b, names=("A", "B"))
    assert found.sentence == f"No difference shown at 95 % between A and B ({MINUS}7.3 to 11.3, p = 0.83, 102 prompts)."


def test_two_that_never_differ_still_have_limits() -> None:
    for value in (1.0, 0.5):
        found = paired([value] * 50, [value] * 50)
        assert (found.mean, found.p) == (0, 1)
        assert -0.1 < found.low < 0 < found.high < 0.1


def test_prompts_that_only_one_answered_are_left_out() -> None:
    nan = float("nan")
    assert paired([1, nan, 0, 1], [0, 1, nan, 1]).n == 2
    alone = paired([1, nan], [0, 1])
    assert alone.p is None
    assert alone.sentence == "A and B share 1 prompt, too few to compare them."
    assert not alone.shown


def test_scores_are_said_in_their_own_unit() -> None:
    found = paired([0.5, 0.7] * 20, [0.4, 0.5] * 20, measure="scores")
    assert found.sentence == "A scores 0.150 higher than B (0.134 to 0.166, p < 0.001, 40 prompts)."


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))
    assert holm([0.01, 0.04], of=6) == pytest.approx((0.06, 0.2))
    assert holm([]) == ()


@settings(deadline=None)
@given(probabilities)
def test_holm_never_lowers_and_keeps_the_order(ps: list[float]) -> None:
    found = holm(ps)
    assert all(p <= new <= 1 for p, new in zip(ps, found, strict=True))
    ranked = [new for _, new in sorted(zip(ps, found, strict=True))]
    assert ranked == sorted(ranked)


def test_an_adjusted_difference_says_among_how_many() -> None:
    one = paired([1.0] * 20, [0.0] * 9 + [1.0] * 11)
    alone = paired([1.0], [0.0])
    changed, same = adjusted([one, alone], of=10)
    assert one.shown
    assert changed.p == pytest.approx(10 * one.p)
    assert "p = 0.039 among 10 comparisons" in changed.sentence
    assert same is alone
