"""Who is better, from votes between two: a leaderboard whose intervals hold when votes share a prompt.

Votes on one prompt are not independent, so the prompts are the sample. The variance is the sandwich clustered by
prompt; below 30 prompts that of fits in which the prompts are weighted at random. It is never taken for less than what
the model itself expects for so many votes, scaled by how much votes scatter within and between prompts: the sandwich of
a model with one or two votes says next to nothing.
Sources: D. Rubin, Annals of Statistics 9 (1981), for the weights; A. C. Cameron, D. Miller, Journal of Human Resources
50 (2015), for clusters and Student's t; W.-L. Chiang et al., "Chatbot Arena" (2024), for ranks as ranges.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, inf, log

import numpy as np

from hub.stats.abilities import RIDGE, expected, fit, groups, information, strong
from hub.stats.duels import Duel, Votes, read, sums
from hub.stats.quantiles import student
from hub.stats.rates import Interval, Numbers

SCALE = 400 / log(10)
"""Points for one unit of ability: 400 points are odds of ten to one, as with Elo."""
MIDDLE = 1000.0
"""Points of the average ability."""
FEW = 30
"""Fewer prompts than this are too few for the sandwich."""
ROUNDS = 1000
_BLOCK = 500_000
_POWER = 0.8416
"""Standard errors beyond the limit that make four chances in five to see a difference."""


class Unconnected(ValueError):
    """No chain of votes leads from one of `groups` to another: nothing says which is better."""

    def __init__(self, groups: tuple[tuple[str, ...], ...]) -> None:
        named = "; ".join(", ".join(group) for group in groups)
        super().__init__(f"No vote connects these groups, so they cannot be ranked together: {named}.")
        self.groups = groups


@dataclass(frozen=True, slots=True)
class Entry:
    """A model's place. `ability` is in log odds with mean 0; `score`, `low` and `high` are 1000 + 400 / ln 10 of it.

    The rank lies between `rank_low` (the best it can be) and `rank_high`, as far as differences are shown. `votes` is
    how many it stood in, `prompts` on how many prompts.
    """

    model: str
    ability: float
    score: float
    low: float
    high: float
    rank_low: int
    rank_high: int
    votes: int
    prompts: int


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """The models from the best to the worst. `spread` holds the standard errors of differences between them in their
    order (models, models), in log odds, and `reach` how many of them the interval of `level` has to either side.

    `noise` is the variance of votes against that of tosses of a coin: below 1 with ties, above 1 where votes on the
    same prompt go the same way. `held` says that some model never won or never lost, so that a ridge holds its score.
    """

    entries: tuple[Entry, ...]
    votes: int
    prompts: int
    level: float
    method: str
    held: bool
    noise: float
    spread: Numbers
    reach: float

    def difference(self, a: str, b: str) -> Interval:
        """By how many points `a` stands above `b`. Raises KeyError for a model that is not ranked."""
        one, two = self._places[a], self._places[b]
        points = self.entries[one].score - self.entries[two].score
        reach = SCALE * self.reach * float(self.spread[one, two])
        return Interval(points, points - reach, points + reach)

    def apart(self, a: str, b: str) -> bool:
        """Whether a difference between the two is shown."""
        found = self.difference(a, b)
        return not found.low <= 0 <= found.high

    def missing(self, a: str, b: str) -> float:
        """How many more votes between the two, each on a prompt of its own, would show their difference in four cases
        of five if it is as large as it seems; 0 when it is shown, infinite when there is none."""
        if self.apart(a, b):
            return 0
        one, two = self._places[a], self._places[b]
        gap = abs(self.entries[one].ability - self.entries[two].ability)
        if gap < 1e-9:
            return inf
        chance = 1 / (1 + np.exp(-gap))
        wanted = ((student(self.level, 1e6) + _POWER) / gap) ** 2
        lacking = wanted - 1 / max(float(self.spread[one, two]) ** 2, 1e-12)
        return max(1, ceil(lacking * self.noise / float(chance * (1 - chance))))

    @property
    def _places(self) -> dict[str, int]:
        return {entry.model: place for place, entry in enumerate(self.entries)}


def bradley_terry(
    duels: Iterable[Duel | tuple[str, str, str, float]],
    *,
    seed: int = 20260101,
    level: float = 0.95,
) -> Ranking:
    """Ranks the models of all `duels` (see Duel; plain tuples will do). Those of a model with itself are left out.

    The order of votes changes nothing. Raises ValueError when there are no votes, or a score is not within 0 and 1, and
    Unconnected when no chain of votes leads from every model to every other.
    """
    votes = read(duels)
    wins = votes.wins()
    found = groups(wins + wins.T)
    if len(found) > 1:
        raise Unconnected(tuple(tuple(votes.names[place] for place in group) for group in found))
    held = not strong(wins)
    ridge = RIDGE if held else 0.0
    abilities = fit(wins, ridge)
    own, noise = _expected_variance(votes, wins, abilities, ridge)
    few = votes.prompts < FEW
    seen = _weighted(votes, ridge, seed) if few else _sandwich(votes, wins, abilities, ridge)
    method = f"prompts weighted at random, {ROUNDS:,} rounds" if few else "sandwich clustered by prompt"
    reach = student(level, max(1, votes.prompts - 1))
    order = sorted(range(len(abilities)), key=lambda place: (-abilities[place], votes.names[place]))
    errors = np.sqrt(np.maximum(own.diagonal(), seen.diagonal()))
    spread = np.sqrt(np.maximum(_of_differences(own), _of_differences(seen)))[np.ix_(order, order)]
    entries = _entries(votes, abilities, reach * errors, order, reach * spread)
    return Ranking(entries, len(votes.a), votes.prompts, level, method, held, noise, spread, reach)


def _pulls(votes: Votes, abilities: Numbers) -> Numbers:
    """What each prompt adds to the slope of the likelihood at the fit: (prompts, models)."""
    size, chance = len(votes.names), expected(abilities)[votes.a, votes.b]
    rest = votes.weight * (votes.score - chance)
    cells = votes.prompts * size
    up, down = (sums(votes.prompt * size + side, rest, cells) for side in (votes.a, votes.b))
    return (up - down).reshape(votes.prompts, size)


def _inverse(wins: Numbers, abilities: Numbers, ridge: float) -> Numbers:
    whole = information(wins + wins.T, expected(abilities), ridge)
    return np.asarray(np.linalg.inv(whole) - 1 / len(abilities), dtype=np.float64)


def _expected_variance(votes: Votes, wins: Numbers, abilities: Numbers, ridge: float) -> tuple[Numbers, float]:
    """What the model expects, scaled by the votes' noise, and that noise. One toss of a coin counts as seen before."""
    chance = expected(abilities)[votes.a, votes.b]
    tosses = float((2 * votes.weight**2 * chance * (1 - chance)).sum())
    scatter = float((_pulls(votes, abilities) ** 2).sum())
    noise = (scatter + 0.5) / (tosses + 0.5)
    return noise * _inverse(wins, abilities, ridge), noise


def _sandwich(votes: Votes, wins: Numbers, abilities: Numbers, ridge: float) -> Numbers:
    bread, pulls = _inverse(wins, abilities, ridge), _pulls(votes, abilities)
    return bread @ (pulls.T @ pulls) @ bread * votes.prompts / (votes.prompts - 1)


def _weighted(votes: Votes, ridge: float, seed: int) -> Numbers:
    """The covariance of fits in which each prompt counts as much as chance has it, on average once."""
    prompts, size = votes.prompts, len(votes.names)
    if prompts < 2:
        return np.zeros((size, size))
    weights = np.random.default_rng(seed).exponential(size=(ROUNDS, prompts))
    weights *= prompts / weights.sum(1, keepdims=True)
    wins, block = votes.by_prompt().reshape(prompts, -1), max(1, _BLOCK // (size * size))
    rounds = [fit((weights[at : at + block] @ wins).reshape(-1, size, size), ridge) for at in range(0, ROUNDS, block)]
    rest: Numbers = np.concatenate(rounds)
    rest = rest - rest.mean(0)
    return np.asarray(rest.T @ rest / (ROUNDS - 1) * (prompts + 1) / (prompts - 1), dtype=np.float64)


def _of_differences(covariance: Numbers) -> Numbers:
    own = covariance.diagonal()
    return np.maximum(own[:, None] + own[None, :] - 2 * covariance, 0)


def _entries(votes: Votes, abilities: Numbers, reach: Numbers, order: list[int], gaps: Numbers) -> tuple[Entry, ...]:
    """The models in `order`; `gaps` (models, models), in that order, is how far apart two must be."""
    sorted_abilities = abilities[order]
    above = (sorted_abilities[None, :] - sorted_abilities[:, None]) > gaps
    stood = np.bincount(votes.a, minlength=len(order)) + np.bincount(votes.b, minlength=len(order))
    size = len(order)
    both = np.unique(np.concatenate([votes.prompt * size + votes.a, votes.prompt * size + votes.b]))
    on = np.bincount(both % size, minlength=size)
    return tuple(
        Entry(
            votes.names[at],
            float(abilities[at]),
            MIDDLE + SCALE * float(abilities[at]),
            MIDDLE + SCALE * float(abilities[at] - reach[at]),
            MIDDLE + SCALE * float(abilities[at] + reach[at]),
            1 + int(above[place].sum()),
            size - int(above[:, place].sum()),
            int(stood[at]),
            int(on[at]),
        )
        for place, at in enumerate(order)
    )
