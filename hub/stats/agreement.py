"""How far two who judged the same things agree beyond chance."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from hub.stats.quantiles import student
from hub.stats.rates import wilson

_WORDS = ((0.0, "none"), (0.2, "slight"), (0.4, "fair"), (0.6, "moderate"), (0.8, "substantial"), (1.0, "near perfect"))


@dataclass(frozen=True, slots=True)
class Kappa:
    """Cohen's kappa: 1 full agreement, 0 as much as by chance. `agreement` is the plain share of equal judgements.

    `value`, `low`, `high` and `error` (standard error) are None when nothing can be said: no pairs, or both always
    gave the same one judgement, where chance explains everything.
    """

    value: float | None
    low: float | None
    high: float | None
    error: float | None
    agreement: float
    n: int

    @property
    def words(self) -> str:
        """The strength of agreement in the usual words. Source: J. Landis, G. Koch, Biometrics 33 (1977)."""
        if self.value is None:
            return "unknown"
        return next(word for most, word in _WORDS if self.value <= most + 1e-12)


def kappa(
    pairs: Iterable[tuple[Hashable, Hashable]], clusters: Sequence[Hashable] | None = None, level: float = 0.95
) -> Kappa:
    """Cohen's kappa of the judgements in `pairs`, (the one's, the other's) of the same thing, with its interval.

    `clusters` names what each pair belongs to (its prompt): pairs of one cluster are not taken as independent. The
    error is that of Fleiss, Cohen and Everitt, summed by cluster; where all agree (or none do) it is 0 and Wilson's
    limits of the agreement stand in. Raises ValueError when `clusters` has another length.
    Sources: J. Cohen, Educational and Psychological Measurement 20 (1960); J. Fleiss, J. Cohen, B. Everitt,
    Psychological Bulletin 72 (1969) 323-327.
    """
    seen = list(pairs)
    names: Sequence[Hashable] = range(len(seen)) if clusters is None else clusters
    if len(names) != len(seen):
        raise ValueError("every pair needs its cluster")
    n = len(seen)
    if not n:
        return Kappa(None, None, None, None, 0.0, 0)
    ones, others = Counter(one for one, _ in seen), Counter(other for _, other in seen)
    equal = sum(one == other for one, other in seen)
    agreement, chance = equal / n, sum(count * others[word] for word, count in ones.items()) / n**2
    if chance == 1:
        return Kappa(None, None, None, None, agreement, n)
    value = (agreement - chance) / (1 - chance)
    # What each pair adds to kappa when it is given a little more weight.
    pulls: defaultdict[Hashable, float] = defaultdict(float)
    for name, (one, other) in zip(names, seen, strict=True):
        margins = (others[one] + ones[other]) / n
        pull = (one == other) / (1 - chance) - (1 - agreement) * margins / (1 - chance) ** 2
        pulls[name] += pull - agreement / (1 - chance) + 2 * (1 - agreement) * chance / (1 - chance) ** 2
    groups = len(pulls)
    error = sqrt(sum(pull * pull for pull in pulls.values())) / n
    if equal in (0, n) or groups < 2:
        limits = wilson(groups * agreement, groups, level)
        low, high = ((limit - chance) / (1 - chance) for limit in (limits.low, limits.high))
    else:
        reach = student(level, groups - 1) * error
        low, high = value - reach, value + reach
    return Kappa(value, max(-1.0, low), min(1.0, high), error, agreement, n)
