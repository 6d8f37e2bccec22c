"""How often something passes: rates with intervals, repeats of a prompt taken together first, pass@k and pass^k."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import comb, sqrt

import numpy as np
from numpy.typing import NDArray

from hub.stats.quantiles import normal, student

Numbers = NDArray[np.float64]
Groups = Mapping[str, Sequence[float]] | Sequence[Sequence[float]] | Numbers
"""The values of each prompt, one a repeat. As an array: (prompts, repeats), NaN where there is none."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A number with the limits between which the true one lies, in as many of 100 cases as the level says."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Grouped:
    """The mean over prompts, with its interval; the prompts are the sample, not the trials.

    `between` is the standard deviation of the prompts' true means (what is left when the chance of the repeats is
    taken off), `within` that of repeats of a prompt, None when nothing was repeated. `method` names the interval.
    """

    value: float
    low: float
    high: float
    prompts: int
    trials: int
    between: float
    within: float | None
    method: str

    @property
    def interval(self) -> Interval:
        """The mean with its limits alone."""
        return Interval(self.value, self.low, self.high)


def wilson(passed: float, of: float, level: float = 0.95) -> Interval:
    """The rate `passed / of` with Wilson's score interval, which stays within 0 and 1 and holds for few trials.

    `of` may be an effective size that is not whole. Raises ValueError when there were no trials.
    Source: E. B. Wilson, JASA 22 (1927); L. Brown, T. Cai, A. DasGupta, Statistical Science 16 (2001).
    """
    if not 0 <= passed <= of or of == 0:
        raise ValueError(f"{passed} of {of} is not a rate")
    rate, z = passed / of, normal(level)
    middle = (rate + z * z / (2 * of)) / (1 + z * z / of)
    reach = z / (1 + z * z / of) * sqrt(rate * (1 - rate) / of + z * z / (4 * of * of))
    return Interval(rate, 0.0 if passed == 0 else middle - reach, 1.0 if passed == of else middle + reach)


def grouped(per_prompt: Groups, level: float = 0.95) -> Grouped:
    """The mean of values that come several to a prompt: averaged within each prompt, then over the prompts.

    Values that are all 0 or 1 get Wilson's interval for the effective number of trials, which lies between the number
    of prompts (repeats always agree) and that of trials (repeats are as good as new prompts); with one repeat it is
    Wilson's interval itself. Others get Student's t over the prompts' means. Prompts without a value are left out.
    Raises ValueError when none has any.
    Sources: E. Miller, "Adding error bars to evals" (2024); E. Korn, B. Graubard, Survey Methodology 24 (1998), for
    the effective number.
    """
    values = padded(per_prompt)
    values = values[~np.isnan(values).all(axis=1)]
    if not len(values):
        raise ValueError("no values")
    counts = (~np.isnan(values)).sum(axis=1)
    means = np.nansum(values, axis=1) / counts
    mean, trials = float(means.mean()), int(counts.sum())
    between, within = _spreads(values, means, counts)
    known = values[~np.isnan(values)]
    if bool(((known == 0) | (known == 1)).all()):
        size = _effective(means, trials, level)
        limits = wilson(min(max(mean, 0.0), 1.0) * size, size, level)
        return Grouped(mean, limits.low, limits.high, len(means), trials, between, within, "Wilson")
    reach = _reach(means, level)
    return Grouped(mean, mean - reach, mean + reach, len(means), trials, between, within, "Student's t")


def pass_at_k(n: int, c: int, k: int) -> float:
    """The probability that at least one of `k` tries passes, estimated without bias from `c` passes in `n` tries.

    Raises ValueError unless 1 <= k <= n. Source: M. Chen et al., "Evaluating large language models trained on code"
    (2021), equation 1.
    """
    _check(n, c, k)
    return 1 - comb(n - c, k) / comb(n, k)


def pass_hat_k(n: int, c: int, k: int) -> float:
    """The probability that all of `k` tries pass (pass^k), estimated without bias from `c` passes in `n` tries.

    Raises ValueError unless 1 <= k <= n. Source: S. Yao et al., "tau-bench" (2024).
    """
    _check(n, c, k)
    return comb(c, k) / comb(n, k)


def padded(per_prompt: Groups) -> Numbers:
    """The groups as an array (prompts, most repeats), NaN where a prompt has fewer."""
    if isinstance(per_prompt, np.ndarray):
        return np.asarray(per_prompt, dtype=np.float64)
    rows = list(per_prompt.values()) if isinstance(per_prompt, Mapping) else list(per_prompt)
    found = np.full((len(rows), max((len(row) for row in rows), default=0)), np.nan)
    for place, row in enumerate(rows):
        found[place, : len(row)] = row
    return found


def _check(n: int, c: int, k: int) -> None:
    if not (1 <= k <= n and 0 <= c <= n):
        raise ValueError(f"{k} of {n} tries with {c} passes cannot be")


def _spreads(values: Numbers, means: Numbers, counts: NDArray[np.int_]) -> tuple[float, float | None]:
    """Standard deviations between and within prompts, by the analysis of variance."""
    of_means = float(means.var(ddof=1)) if len(means) > 1 else 0.0
    freedom = int((counts - 1).sum())
    if not freedom:
        return sqrt(of_means), None
    within = float(np.nansum((values - means[:, None]) ** 2)) / freedom
    return sqrt(max(0.0, of_means - within * float((1 / counts).mean()))), sqrt(within)


def _effective(means: Numbers, trials: int, level: float) -> float:
    """How many independent trials say as much as these prompts with their repeats."""
    prompts, rate, spread = len(means), float(means.mean()), float(means.var())
    if prompts == trials or prompts == 1:
        return prompts
    most = prompts if rate in (0, 1) else trials
    size = min(prompts * rate * (1 - rate) / spread, most) if spread else most
    return size * (student(level, trials - 1) / student(level, prompts - 1)) ** 2


def _reach(means: Numbers, level: float) -> float:
    if len(means) < 2:
        return float("inf")
    return student(level, len(means) - 1) * float(means.std(ddof=1)) / sqrt(len(means))
