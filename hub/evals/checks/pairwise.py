"""Which of two answers a judge finds better: this one, or the expected text, or another model's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from hub.evals.both_ways import Compared, both_ways, recorded, together
from hub.evals.checks.base import CannotTell, Check, Subject, filled
from hub.evals.checks.rubric import material
from hub.evals.judge import Ask, Material
from hub.evals.records import Verdict

EXPECTED = "expected"
EVERY = "every"
CRITERIA = "Which answer is more helpful, correct and complete?"


class Pairwise(Check):
    """Both orders are asked for; when they disagree it is a tie. Against another model it waits until that has
    answered the same row."""

    TITLE: ClassVar[str] = "Pairwise"
    SAYS: ClassVar[str] = "A judge model compares the answer with another one, in both orders."
    ASKS: ClassVar[bool] = True

    kind: ClassVar[str] = "pairwise"
    against: str = Field(
        EXPECTED,
        title="Against",
        description="“expected” for the row's expected value, the name of one of the run's models, or “every” for all"
        " the others.",
    )
    value: str = Field(CRITERIA, title="Compare by", min_length=1, max_length=8000, json_schema_extra={"form": "long"})
    reference: bool = Field(
        True, title="Show the expected value", description="As a reference, when the answer is compared with a model's."
    )
    ties: Literal["pass", "fail"] = Field("pass", title="A tie")

    @property
    def waits(self) -> bool:
        """Whether it needs the answers of other models."""
        return self.against != EXPECTED

    async def judge(self, subject: Subject, ask: Ask, prompts: Mapping[str, str]) -> Verdict:
        """Against the expected value."""
        if self.waits:
            return self._error(f"It waits for the answer of {self.against}.")
        if subject.expected is None:
            return self._error("The row has no expected value.")
        try:
            criteria = filled(self.value, subject)
        except CannotTell as error:
            return self._error(str(error))
        seen = material(subject, reference=False)
        found = await both_ways(ask, prompts, criteria, seen, subject.text, subject.expected)
        return self.verdict([(EXPECTED, found)])

    async def between(self, one: Subject, other: Subject, ask: Ask, prompts: Mapping[str, str]) -> Compared:
        """The answers of two models to the same row, all turns of both. Raises CannotTell."""
        seen = Material(one.turns, (), one.system, one.expected if self.reference else None)
        return await both_ways(ask, prompts, filled(self.value, one), seen, _said(one), _said(other))

    def nothing(self, sentence: str) -> Verdict:
        """That there was nothing to compare with."""
        return self._error(sentence)

    def verdict(self, found: list[tuple[str, Compared]]) -> Verdict:
        """What comparisons with one or several others come to: the mean of wins (1), ties (0.5) and losses (0)."""
        raw, prompt = recorded(found), "\n\n".join(one.prompt for _, one in found)
        usage, cost = together([one for _, one in found])
        wrong = next((one.error for _, one in found if one.error), "")
        if wrong:
            return self._error(wrong, raw=raw, prompt=prompt, usage=usage, cost=cost)
        score = sum(one.score for _, one in found) / len(found)
        passed = score >= 0.5 if self.ties == "pass" else score > 0.5
        reason = " ".join(f"{one.outcome.capitalize()} against {name}: {one.reason}" for name, one in found)
        cached = bool(prompt) and all(one.cached for _, one in found)
        return Verdict(self.kind, self.label, passed, score, reason, "", raw, prompt, usage, cost, cached)


def _said(subject: Subject) -> str:
    answers = (*subject.answers[:-1], subject.text)
    if len(answers) == 1:
        return subject.text
    return "\n\n".join(f"(to request {number})\n{text}" for number, text in enumerate(answers, 1))
