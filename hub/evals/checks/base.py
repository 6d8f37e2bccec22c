"""What a check is: a small record that looks at an answer and says whether it will do."""

from __future__ import annotations

import asyncio
import re
from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from hub.evals.judge import Ask
from hub.evals.records import Verdict
from hub.models.types import Usage

EXPECTED = "{{expected}}"
_PLACE = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Subject:
    """What is judged: one cell's answers and what is known of them.

    `text` is the last answer, `turns` is what the person said (one for each of `answers`), `vars` and `expected` are
    the row's. `ms` and `first_ms` are None for answers from the cache, `cost` is in US dollars and None when unknown.
    `model` is the model's label in the run.
    """

    text: str
    answers: tuple[str, ...] = ()
    turns: tuple[str, ...] = ()
    vars: Mapping[str, str] = field(default_factory=dict[str, str])
    expected: str | None = None
    ms: float | None = None
    first_ms: float | None = None
    cost: float | None = None
    usage: Usage | None = None
    finish: str = "stop"
    tags: tuple[str, ...] = ()
    model: str = ""
    system: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a check saw before "not" is applied. `reason` says it to a person."""

    passed: bool
    reason: str = ""
    score: float | None = None


class CannotTell(Exception):
    """The check can say neither yes nor no of this answer; the text is a sentence."""


class Check(BaseModel):
    """A check as it is written. A kind is a subclass: its fields are those of the editor's form."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, coerce_numbers_to_str=True)
    TITLE: ClassVar[str]
    SAYS: ClassVar[str]
    ASKS: ClassVar[bool] = False
    """Whether it asks a model, so that a run needs a judge."""

    kind: ClassVar[str]

    name: str = Field("", title="Name", description="What its column is called.", max_length=80)

    @property
    def label(self) -> str:
        """What the person calls it."""
        return self.name or self.kind

    @abstractmethod
    async def judge(self, subject: Subject, ask: Ask, prompts: Mapping[str, str]) -> Verdict:
        """What it says of a cell."""

    def _error(self, sentence: str, **more: Any) -> Verdict:
        return Verdict(self.kind, self.label, None, error=sentence, **more)


class Plain(Check):
    """A check that needs nothing but the answer: the same answer always gets the same verdict."""

    negated: bool = Field(False, alias="not", title="Not", description="Passes when the answer does not fit.")

    @property
    def slow(self) -> bool:
        """Whether a look may take more than a millisecond, so that it must not happen on the event loop."""
        return False

    @abstractmethod
    def look(self, subject: Subject) -> Found:
        """Raises CannotTell."""

    def verdict(self, subject: Subject) -> Verdict:
        """What it says, at once."""
        try:
            found = self.look(subject)
        except CannotTell as error:
            return self._error(str(error))
        return Verdict(self.kind, self.label, found.passed is not self.negated, found.score, found.reason)

    async def judge(self, subject: Subject, ask: Ask, prompts: Mapping[str, str]) -> Verdict:
        """As `verdict`, on a thread where it is slow."""
        return await asyncio.to_thread(self.verdict, subject) if self.slow else self.verdict(subject)


def filled(text: str, subject: Subject, written: Callable[[str], str] = str) -> str:
    """`text` with the row's values for {{expected}} and {{names}}, as `written` has them. Raises CannotTell for one
    that the row has not."""
    if "{{" not in text:
        return text
    return _PLACE.sub(lambda place: written(value(place[1], subject)), text)


def value(name: str, subject: Subject) -> str:
    """The row's value for a name. Raises CannotTell."""
    if name == "expected" and subject.expected is not None:
        return subject.expected
    if name in subject.vars:
        return subject.vars[name]
    if name == "prompt" and subject.turns:
        return subject.turns[0]
    if name == "expected":
        raise CannotTell("The row has no expected value.")
    raise CannotTell(f"The row has no value for {{{{{name}}}}}.")


def places(text: str) -> list[str]:
    """The names in {{braces}}."""
    return _PLACE.findall(text)
