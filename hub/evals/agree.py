"""How far the judge agrees with the person: what stands beside every judge's score.

Cohen's kappa of the judge's verdicts and the person's own marks on the same answers, and of its comparisons and the
person's votes on the same pairs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hub.evals.records import Cell
from hub.stats.agreement import Kappa, kappa
from hub.votes.records import Vote

FEW = 20
"""Fewer judgements than these say little, which the sentence adds."""
_MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class Agreement:
    """`value`, `low` and `high` are kappa and its interval at 95 %, None when nothing can be said; `share` is the plain
    share of equal judgements among `n`."""

    n: int
    share: float
    value: float | None
    low: float | None
    high: float | None
    sentence: str


def with_marks(cells: Iterable[Cell], name: str = "") -> Agreement:
    """Of the check called `name` (of all checks together for "") with the person's marks. Cells without a mark, and
    those where the check could not tell, are left out."""
    pairs: list[tuple[bool, bool]] = []
    rows: list[int] = []
    for cell in cells:
        passed = _passed(cell, name)
        if cell.mark is not None and passed is not None:
            pairs.append((passed, cell.mark.passed))
            rows.append(cell.row)
    return _agreement(kappa(pairs, rows), "mark")


def with_votes(judged: Iterable[Vote], own: Iterable[Vote]) -> Agreement:
    """Of the judge's votes with the person's: every pair of answers that both have compared, with three outcomes. Two
    votes are on the same pair when they are on the same prompt and the same models."""
    mine = {key: said for vote in own for key, said in _pairs(vote)}
    pairs: list[tuple[str, str]] = []
    prompts: list[str] = []
    for vote in judged:
        for key, said in _pairs(vote):
            if key in mine:
                pairs.append((said, mine[key]))
                prompts.append(vote.prompt)
    return _agreement(kappa(pairs, prompts), "vote")


def _passed(cell: Cell, name: str) -> bool | None:
    told = [one.passed for one in cell.verdicts if name in ("", one.name)]
    if not told or None in told:
        return False if False in told else None
    return all(told)


def _pairs(vote: Vote) -> Iterable[tuple[tuple[str, str, str], str]]:
    """((prompt, model, model), outcome) of each pair in a vote, the models in the order of the alphabet."""
    placed = sorted(zip((one.model for one in vote.contenders), vote.ranks, strict=True))
    for at, (one, rank) in enumerate(placed):
        for other, below in placed[at + 1 :]:
            if one != other:
                yield (vote.prompt, one, other), "tie" if rank == below else "first" if rank < below else "second"


def _agreement(found: Kappa, what: str) -> Agreement:
    return Agreement(found.n, found.agreement, found.value, found.low, found.high, _sentence(found, what))


def _sentence(found: Kappa, what: str) -> str:
    if not found.n:
        return f"No {what} of yours to compare it with yet."
    said = f"Agrees with your {what}s in {round(found.agreement * found.n):,} of {found.n:,}"
    if found.value is None or found.low is None or found.high is None:
        return f"{said}; all of them say the same, so chance alone could do that."
    limits = f"kappa {_signed(found.value)} ({_signed(found.low)} to {_signed(found.high)})"
    few = " Few to go by." if found.n < FEW else ""
    return f"{said}: {limits}, {found.words}.{few}"


def _signed(number: float) -> str:
    return f"{number:.2f}".replace("-", _MINUS)
