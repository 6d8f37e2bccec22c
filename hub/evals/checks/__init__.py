"""Checks: what an answer must be to pass.

checks = parse_all([{"kind": "contains", "value": "Paris"}, {"kind": "number", "after": "####"}])
verdicts = await judge_cell(checks, Subject("It is Paris. #### 2", expected="2"), ask)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from hub.evals.checks.base import EXPECTED, Check, Subject
from hub.evals.checks.kinds import KINDS, Field, Kind
from hub.evals.checks.pairwise import Pairwise
from hub.evals.checks.reading import parse, parse_all
from hub.evals.judge import PROMPTS, Ask
from hub.evals.records import Verdict


async def judge_cell(
    checks: Iterable[Check], subject: Subject, ask: Ask, prompts: Mapping[str, str] = PROMPTS
) -> tuple[Verdict, ...]:
    """What the checks say of one cell, in their order. Those that compare with other models' answers are left out:
    `hub.evals.pairwise.judge_row` judges them when the row is complete. `prompts` are the run's copy."""
    verdicts: list[Verdict] = []
    for check in checks:
        if not needs_row(check):
            verdicts.append(await check.judge(subject, ask, prompts))
    return tuple(verdicts)


def needs_row(check: Check) -> bool:
    """Whether it compares with the other models' answers to the same row."""
    return isinstance(check, Pairwise) and check.waits


def questions(checks: Sequence[Check], models: int) -> float:
    """How many questions a cell puts to the judge, on average over a run with so many models; replies that cannot be
    read add some."""
    return sum(_questions(check, models) for check in checks)


def _questions(check: Check, models: int) -> float:
    if not isinstance(check, Pairwise):
        return float(check.ASKS)
    if not check.waits:
        return 2.0
    return float(models - 1) if check.against == "every" else 2.0 * (models - 1) / max(models, 1)


__all__ = [
    "EXPECTED",
    "KINDS",
    "PROMPTS",
    "Ask",
    "Check",
    "Field",
    "Kind",
    "Subject",
    "judge_cell",
    "needs_row",
    "parse",
    "parse_all",
    "questions",
]
