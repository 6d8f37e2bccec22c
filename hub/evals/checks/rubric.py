"""What another model thinks of the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field

from hub.evals.checks.base import CannotTell, Check, Subject, filled
from hub.evals.judge import Ask, Material, grade
from hub.evals.records import Verdict
from hub.evals.replies import Grade


class Rubric(Check):
    """The judge of the run gives its reason, then 0 to 10, then whether it passes."""

    TITLE: ClassVar[str] = "Rubric"
    SAYS: ClassVar[str] = "A judge model grades the answer by what you write here."
    ASKS: ClassVar[bool] = True

    kind: ClassVar[str] = "rubric"
    value: str = Field(
        title="Rubric",
        min_length=1,
        description="What a good answer does. May hold {{expected}} and the row's {{variables}}.",
        json_schema_extra={"form": "long"},
    )
    threshold: float | None = Field(
        None,
        ge=0,
        le=1,
        title="Passes from",
        description="A score from 0 to 1. Empty: the judge says whether it passes.",
    )
    negated: bool = Field(False, alias="not", title="Not", description="Passes when the answer does not meet it.")
    reference: bool = Field(True, title="Show the expected value", description="As a reference, where the row has one.")

    async def judge(self, subject: Subject, ask: Ask, prompts: Mapping[str, str]) -> Verdict:
        """One question, and another one when the reply cannot be read."""
        try:
            rubric = filled(self.value, subject)
        except CannotTell as error:
            return self._error(str(error))
        told = await grade(ask, prompts, rubric, material(subject, self.reference), whether=self.threshold is None)
        asked = (told.error, told.raw, told.prompt, told.usage, told.cost)
        return Verdict(self.kind, self.label, *self._said(told.said), *asked, cached=told.cached)

    def _said(self, grade: Grade | None) -> tuple[bool | None, float | None, str]:
        if grade is None:
            return None, None, ""
        score = grade.score / 10
        met = bool(grade.passed) if self.threshold is None else score >= self.threshold - 1e-9
        return met is not self.negated, score, grade.reason


def material(subject: Subject, reference: bool = True) -> Material:
    """What a judge gets to see of a cell: never the name of the model."""
    return Material(
        system=subject.system,
        turns=subject.turns,
        answers=(*subject.answers[:-1], subject.text),
        reference=subject.expected if reference else None,
    )
