"""Quantiles and tails of the normal, Student's t and the fair coin.

From `scipy.special`: `scipy.stats` has the same numbers and takes a second to import.
"""

from __future__ import annotations

from statistics import NormalDist


def normal(level: float) -> float:
    """How many standard errors reach to either side of a two-sided interval of `level` (0.95: 1.96)."""
    return NormalDist().inv_cdf((1 + level) / 2)


def student(level: float, freedom: float) -> float:
    """As `normal`, with `freedom` degrees of freedom (0.95 and 9: 2.26)."""
    from scipy import special  # pyright: ignore[reportMissingTypeStubs]

    return float(special.stdtrit(freedom, (1 + level) / 2))


def student_tails(t: float, freedom: float) -> float:
    """The probability of a value at least as far from 0 as `t`, on both sides."""
    from scipy import special  # pyright: ignore[reportMissingTypeStubs]

    return float(2 * special.stdtr(freedom, -abs(t)))


def coin_tails(heads: int, tails: int) -> float:
    """The probability that a fair coin falls at least as unevenly, on both sides (exact)."""
    from scipy import special  # pyright: ignore[reportMissingTypeStubs]

    return min(1.0, float(2 * special.bdtr(min(heads, tails), heads + tails, 0.5)))
