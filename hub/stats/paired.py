"""Whether one does better than the other on the same prompts.

The kind of numbers decides on the method, never what comes out of it:
- every value 0 or 1: McNemar's exact test, with Newcombe's interval for paired rates;
- else, from 30 prompts on: the paired t-test with its interval;
- else: the permutation test that swaps the two on every prompt, with the interval of t.

A test and an interval of different origin can disagree at the border: the interval is stretched to 0 when the test
does not rule 0 out, and a difference counts as shown only when both say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import product
from math import sqrt

import numpy as np

from hub.stats.difference import Difference, Measure
from hub.stats.quantiles import coin_tails, student, student_tails
from hub.stats.rates import Interval, Numbers, wilson

FEW = 30
"""Fewer prompts than this are too few for the t-test."""
_EXACT = 13
"""Up to so many prompts that differ, every way of swapping is looked at."""
_ROUNDS = 20_000
_ZERO = 1e-12
_SEED = 20260101


def paired(
    a: Sequence[float] | Numbers,
    b: Sequence[float] | Numbers,
    *,
    names: tuple[str, str] = ("A", "B"),
    level: float = 0.95,
    measure: Measure = "passes",
) -> Difference:
    """How much more `a` has than `b`; both have one value a prompt, in the same order, NaN where there is none.

    Where a prompt was asked repeatedly its value is the mean of the repeats. Raises ValueError for unequal lengths.
    Source: E. Miller, "Adding error bars to evals" (2024), for pairing.
    """
    first, second = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if first.shape != second.shape or first.ndim != 1:
        raise ValueError("both need one value for each prompt")
    both = ~(np.isnan(first) | np.isnan(second))
    first, second = first[both], second[both]
    n = len(first)
    mean = float((first - second).mean()) if n else 0.0
    if n < 2:
        return Difference(names, mean, None, None, None, n, "too few", level, 1, measure)
    if bool(np.isin(first, (0, 1)).all() and np.isin(second, (0, 1)).all()):
        (low, high), p, method = _rates(first, second, level)
    else:
        (low, high), p, method = _means(first - second, level)
    if p >= 1 - level:
        low, high = min(low, 0.0), max(high, 0.0)
    return Difference(names, mean, low, high, p, n, method, level, 1, measure)


def mcnemar(only_a: int, only_b: int) -> float:
    """The exact two-sided p of McNemar's test: `only_a` prompts that only A passed, `only_b` that only B did.

    Source: Q. McNemar, Psychometrika 12 (1947), with the binomial tail in place of chi-square.
    """
    return coin_tails(only_a, only_b)


def permutation(differences: Sequence[float] | Numbers) -> float:
    """The two-sided p of the paired permutation test on the mean: how often a difference is as large when A and B are
    swapped at random on each prompt. Exact for up to 13 prompts that differ, else from 20,000 rounds of a fixed seed.

    Source: R. A. Fisher, The Design of Experiments (1935), section 21.
    """
    # Sorted, so that the order of prompts and the sign of all differences change nothing.
    sizes = np.sort(np.abs(np.asarray(differences, dtype=np.float64)))
    sizes = sizes[sizes > _ZERO]
    seen = abs(float(np.sum(differences)))
    if not len(sizes):
        return 1.0
    exact = len(sizes) <= _EXACT
    swaps = _every_swap(len(sizes)) if exact else _swaps(max(FEW, len(sizes)))[:, : len(sizes)]
    reached = np.abs(swaps @ sizes) >= seen * (1 - 1e-9)
    return float(reached.mean()) if exact else (int(reached.sum()) + 1) / (_ROUNDS + 1)


@lru_cache(maxsize=_EXACT)
def _every_swap(count: int) -> Numbers:
    """All signs that `count` differences can have."""
    return np.array(list(product((-1.0, 1.0), repeat=count)))


@lru_cache(maxsize=1)
def _swaps(count: int) -> Numbers:
    """Random signs of `count` differences, (rounds, count); the first of them will do for fewer."""
    return np.random.default_rng(_SEED).choice((-1.0, 1.0), (_ROUNDS, count))


def holm(ps: Sequence[float], of: int | None = None) -> tuple[float, ...]:
    """The p-values adjusted for being looked at together, in their order.

    `of` is how many comparisons there were when `ps` are those of them that were picked: the best of m models against
    each other one is picked out of m (m - 1) / 2. Source: S. Holm, Scandinavian Journal of Statistics 6 (1979).
    """
    total, reached = max(of or 0, len(ps)), 0.0
    adjusted = [0.0] * len(ps)
    for rank, place in enumerate(sorted(range(len(ps)), key=ps.__getitem__)):
        reached = max(reached, min(1.0, (total - rank) * ps[place]))
        adjusted[place] = reached
    return tuple(adjusted)


def adjusted(differences: Sequence[Difference], of: int | None = None) -> tuple[Difference, ...]:
    """The differences with Holm's p in place of their own; `of` as in `holm`. What has no p stays as it is."""
    told = [one.p for one in differences if one.p is not None]
    total = max(of or 0, len(told))
    fresh = iter(holm(told, total))
    return tuple(one if one.p is None else replace(one, p=next(fresh), compared=total) for one in differences)


def newcombe(both: int, only_a: int, only_b: int, neither: int, level: float = 0.95) -> Interval:
    """The difference of two rates on the same prompts, from how many prompts both, one and none of them passed.

    Source: R. Newcombe, Statistics in Medicine 17 (1998) 2635-2650, method 10.
    """
    n = both + only_a + only_b + neither
    one, two = wilson(both + only_a, n, level), wilson(both + only_b, n, level)
    margins = (both + only_a) * (only_b + neither) * (both + only_b) * (only_a + neither)
    cross = both * neither - only_a * only_b
    phi = (max(cross - n / 2, 0.0) if cross > 0 else cross) / sqrt(margins) if margins else 0.0
    value = one.value - two.value
    low = value - _joined(one.value - one.low, two.high - two.value, phi)
    return Interval(value, low, value + _joined(one.high - one.value, two.value - two.low, phi))


def _rates(first: Numbers, second: Numbers, level: float) -> tuple[tuple[float, float], float, str]:
    """Limits, p and method for values that are 0 or 1."""
    n, both = len(first), int((first * second).sum())
    only_a, only_b = int(first.sum()) - both, int(second.sum()) - both
    limits = newcombe(both, only_a, only_b, n - both - only_a - only_b, level)
    return (limits.low, limits.high), mcnemar(only_a, only_b), "McNemar's exact test, Newcombe's interval"


def _joined(one: float, two: float, phi: float) -> float:
    return sqrt(max(0.0, one * one - 2 * phi * one * two + two * two))


def _means(differences: Numbers, level: float) -> tuple[tuple[float, float], float, str]:
    """Limits, p and method for values of any kind."""
    n, mean = len(differences), float(differences.mean())
    error = float(differences.std(ddof=1)) / sqrt(n)
    if error < _ZERO:
        # All alike: a share of the prompts that is small enough to have been missed may differ by 1.
        reach = 1 - ((1 - level) / 2) ** (1 / n)
        p = coin_tails(n, 0) if abs(mean) > _ZERO else 1.0
        return (mean - reach, mean + reach), p, "Permutation test, rule of three"
    reach = student(level, n - 1) * error
    if n < FEW:
        return (mean - reach, mean + reach), permutation(differences), "Permutation test, interval of Student's t"
    return (mean - reach, mean + reach), student_tails(mean / error, n - 1), "Paired t-test"
