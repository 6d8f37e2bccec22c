"""What a run came to in figures: records that pages, routes, exports and the command line show."""

from __future__ import annotations

from dataclasses import dataclass

from hub.stats.difference import Difference
from hub.stats.rates import Grouped


@dataclass(frozen=True, slots=True)
class Tries:
    """Of `k` tries at a prompt: the chance that at least one passes (pass@k), and that all do (pass^k), as a mean over
    the `prompts` that were tried often enough."""

    k: int
    any: float
    all: float
    prompts: int


@dataclass(frozen=True, slots=True)
class Change:
    """A column against what it is compared with, by the rows that both have. `regressed` and `improved` are numbers of
    rows in which at least half of the repeats changed sides."""

    difference: Difference
    regressed: tuple[int, ...]
    improved: tuple[int, ...]

    @property
    def worse(self) -> bool:
        """Whether the column is shown to have become worse."""
        return self.difference.shown and self.difference.mean < 0

    @property
    def better(self) -> bool:
        """Whether the column is shown to have become better."""
        return self.difference.shown and self.difference.mean > 0


@dataclass(frozen=True, slots=True)
class Column:
    """One model with one template. Column number `model` * templates + `template`.

    Cells are `done`, ended in `errors`, or `open` still; of those done `passed`, `failed`, and `unjudged`, on which
    nothing could tell. Errors are neither passed nor failed. `rate` is over prompts with repeats averaged first, None
    while nothing is judged, and `score` likewise the checks' scores. Times are in milliseconds without cached answers:
    `ms` the 5th, 25th, 50th, 75th and 95th percentile. `cost` is in US dollars what the answers cost where they were
    asked, cached ones too, None when that of any is unknown; `cost_known` is the sum of the others. `ranks` are the
    highest and the lowest place that it can have, by the differences between columns that are shown; None while nothing
    is judged.
    """

    model: int
    template: int
    name: str
    cells: int
    done: int
    errors: int
    open: int
    passed: int
    failed: int
    unjudged: int
    cached: int
    rate: Grouped | None
    score: Grouped | None
    tries: tuple[Tries, ...]
    ms: tuple[float, float, float, float, float] | None
    first_ms: float | None
    waited_ms: float
    tokens_in: int
    tokens_out: int
    cost: float | None
    cost_known: float
    cost_unknown: int
    against: Change | None = None
    ranks: tuple[int, int] | None = None

    @property
    def median_ms(self) -> float | None:
        """Half of the answers came quicker."""
        return self.ms[2] if self.ms else None

    @property
    def p95_ms(self) -> float | None:
        """19 of 20 answers came quicker."""
        return self.ms[4] if self.ms else None


@dataclass(frozen=True, slots=True)
class Summary:
    """A run in figures: its columns in their order, and the best one against each other one.

    `comparisons` have p-values adjusted for all pairs that there are, since the best was picked by looking. `said` are
    the sentences of it for a person, the most important one first.
    """

    columns: tuple[Column, ...]
    best: int | None
    comparisons: tuple[Difference, ...]
    said: tuple[str, ...]

    @property
    def regressed(self) -> bool:
        """Whether any column is shown to be worse than what it is compared with."""
        return any(one.against is not None and one.against.worse for one in self.columns)
