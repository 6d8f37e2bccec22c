"""Votes between two, as they are cast and as arrays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hub.stats.rates import Numbers


class Duel(NamedTuple):
    """A vote between two: `score` 1 when `a` won, 0 when `b` did, 0.5 for a tie. `weight` is below 1 for the pairs of
    a ranking of several, which is one act of voting."""

    prompt: str
    a: str
    b: str
    score: float
    weight: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Votes:
    """Votes as arrays of one length; models and prompts by their place in the sorted names."""

    names: list[str]
    prompts: int
    prompt: NDArray[np.intp]
    a: NDArray[np.intp]
    b: NDArray[np.intp]
    score: Numbers
    weight: Numbers

    def wins(self) -> Numbers:
        """How often each beat each, ties half."""
        return self._won(self.prompt * 0, 1)[0]

    def by_prompt(self) -> Numbers:
        """`wins` of each prompt: (prompts, models, models)."""
        return self._won(self.prompt, self.prompts)

    def _won(self, table: NDArray[np.intp], tables: int) -> Numbers:
        size = len(self.names)
        base, cells = table * size * size, tables * size * size
        won = sums(base + self.a * size + self.b, self.weight * self.score, cells)
        lost = sums(base + self.b * size + self.a, self.weight * (1 - self.score), cells)
        return (won + lost).reshape(tables, size, size)


def read(duels: Iterable[Duel | tuple[str, str, str, float]]) -> Votes:
    """The votes as arrays, without those of a model with itself; the order in which they come changes nothing.

    Raises ValueError when there are none, and for a score that is not within 0 and 1.
    """
    kept = [duel for duel in (one if isinstance(one, Duel) else Duel(*one) for one in duels) if duel.a != duel.b]
    if not kept:
        raise ValueError("there are no votes")
    names = sorted({duel.a for duel in kept} | {duel.b for duel in kept})
    prompts = sorted({duel.prompt for duel in kept})
    place, row = {name: at for at, name in enumerate(names)}, {name: at for at, name in enumerate(prompts)}
    score, weight = np.array([duel.score for duel in kept]), np.array([duel.weight for duel in kept])
    if not bool(((score >= 0) & (score <= 1) & (weight > 0)).all()):
        raise ValueError("a score is between 0 and 1, a weight above 0")
    return Votes(
        names,
        len(prompts),
        np.array([row[duel.prompt] for duel in kept]),
        np.array([place[duel.a] for duel in kept]),
        np.array([place[duel.b] for duel in kept]),
        score.astype(np.float64),
        weight.astype(np.float64),
    )


def sums(places: NDArray[np.intp], values: Numbers, size: int) -> Numbers:
    """The sum of the values at each of `size` places."""
    return np.asarray(np.bincount(places, values, size), dtype=np.float64)
