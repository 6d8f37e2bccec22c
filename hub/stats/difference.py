"""How much one does better than the other, as a record and as a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Measure = Literal["passes", "scores"]
MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class Difference:
    """How much more `names[0]` has than `names[1]`, as a mean over `n` prompts that both answered.

    `mean`, `low` and `high` are in the unit of the values (rates: 0 to 1) and `p` is two-sided; the last three are
    None where too few prompts are shared. `compared` says among how many comparisons `p` was adjusted, 1 that it was
    not; the limits never are. `method` names the test and the interval.
    """

    names: tuple[str, str]
    mean: float
    low: float | None
    high: float | None
    p: float | None
    n: int
    method: str
    level: float = 0.95
    compared: int = 1
    measure: Measure = "passes"

    @property
    def shown(self) -> bool:
        """Whether there is a difference, as far as `level` asks for: test and interval must both say so."""
        if self.p is None or self.low is None or self.high is None:
            return False
        return self.p < 1 - self.level and not self.low <= 0 <= self.high

    @property
    def sentence(self) -> str:
        """What can be said of the two, for a person: the better one first."""
        (first, second), mean, low, high = self.names, self.mean, self.low, self.high
        if self.p is None or low is None or high is None:
            return f"{first} and {second} share {_prompts(self.n)}, too few to compare them."
        if mean < 0:
            first, second, mean, low, high = second, first, -mean, -high, -low
        limits = f"{self._number(low)} to {self._number(high)}"
        said = f"{limits}, {_probability(self.p)}{self._among}, {_prompts(self.n)}"
        if self.shown and self.measure == "passes":
            return f"{first} passes {self._number(mean)} points more often than {second} ({said})."
        if self.shown:
            return f"{first} scores {self._number(mean)} higher than {second} ({said})."
        return f"No difference shown at {100 * self.level:g} % between {first} and {second} ({said})."

    @property
    def _among(self) -> str:
        return f" among {self.compared} comparisons" if self.compared > 1 else ""

    def _number(self, value: float) -> str:
        text = f"{100 * value:.1f}" if self.measure == "passes" else f"{value:.3f}"
        return text.removeprefix("-") if not float(text) else text.replace("-", MINUS)


def _probability(p: float) -> str:
    if p < 0.001:
        return "p < 0.001"
    return f"p = {p:.3f}" if p < 0.1 else f"p = {p:.2f}"


def _prompts(count: int) -> str:
    return "1 prompt" if count == 1 else f"{count:,} prompts"
