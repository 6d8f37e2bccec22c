"""How long the answer is."""

# ruff: noqa: RUF001 signs that look alike are what this is about

from __future__ import annotations

import re
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from hub.evals.checks.base import Found, Plain, Subject
from hub.models.estimate import tokens

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_]+(?:['’.,-][^\W_]+)*")
"""Characters of scripts that write no spaces count one each."""
_SENTENCE = re.compile(r"[^.!?。！？…\n]*\w[^.!?。！？…\n]*(?:[.!?…](?=\w)[^.!?。！？…\n]*)*")
Unit = Literal["characters", "words", "sentences", "tokens"]


class Length(Plain):
    """Between two numbers, or on one side of one."""

    TITLE: ClassVar[str] = "Length"
    SAYS: ClassVar[str] = "The answer is neither too short nor too long."

    kind: ClassVar[str] = "length"
    unit: Unit = Field("words", title="Count")
    min: int | None = Field(None, ge=0, title="At least")
    max: int | None = Field(None, ge=0, title="At most")

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if self.min is None and self.max is None:
            raise ValueError("At least one of min and max is needed.")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"min is {self.min}, which is more than max, {self.max}.")
        return self

    def look(self, subject: Subject) -> Found:
        """Tokens are OpenAI's cl100k_base, the same for every model."""
        count = counted(subject.text, self.unit)
        passed = (self.min or 0) <= count and (self.max is None or count <= self.max)
        return Found(passed, f"It has {count:,} {self.unit if count != 1 else self.unit[:-1]}.")


def counted(text: str, unit: Unit) -> int:
    """How many there are."""
    text = text.strip()
    if unit == "tokens":
        return tokens(text)
    return len(text) if unit == "characters" else len((_WORD if unit == "words" else _SENTENCE).findall(text))
