"""Whether the answer is, or holds, given words."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from hub.evals.checks.base import EXPECTED, Found, Plain, Subject, filled


class Equals(Plain):
    """The whole answer, white space around it apart."""

    TITLE: ClassVar[str] = "Equals"
    SAYS: ClassVar[str] = "The answer is exactly this text."

    kind: ClassVar[str] = "equals"
    value: str = Field(EXPECTED, title="Text", description="May hold {{expected}} and the row's {{variables}}.")
    ignore_case: bool = Field(False, title="Ignore case")

    def look(self, subject: Subject) -> Found:
        """Letters that look the same are the same, however they are encoded."""
        wanted = filled(self.value, subject)
        passed = _plain(wanted, self.ignore_case).strip() == _plain(subject.text, self.ignore_case).strip()
        return Found(passed, "" if passed else f"It is not {shown(wanted)}.")


def _one_or_many(given: Any) -> Any:
    return [given] if isinstance(given, str | int | float) and not isinstance(given, bool) else given


Words = Annotated[tuple[str, ...], BeforeValidator(_one_or_many)]


class Contains(Plain):
    """All, any or none of some texts, anywhere in the answer."""

    TITLE: ClassVar[str] = "Contains"
    SAYS: ClassVar[str] = "The answer holds all, any or none of these texts."

    kind: ClassVar[str] = "contains"
    value: Words = Field(
        (EXPECTED,),
        title="Texts",
        min_length=1,
        description="One a line. May hold {{expected}} and the row's {{variables}}.",
    )
    match: Literal["all", "any", "none"] = Field("all", title="Which of them")
    ignore_case: bool = Field(False, title="Ignore case")

    def look(self, subject: Subject) -> Found:
        """A text that is empty once it is filled in is held by every answer, so it is left out."""
        text = _plain(subject.text, self.ignore_case)
        wanted = [one for one in (filled(each, subject) for each in self.value) if one]
        there = [one for one in wanted if _plain(one, self.ignore_case) in text]
        missing = [one for one in wanted if one not in there]
        if self.match == "all":
            return Found(not missing, f"Missing: {listed(missing)}." if missing else "")
        found = f"Found: {listed(there)}." if there else f"None of {listed(wanted)} is in it."
        return Found(bool(there) is (self.match == "any"), found)


def shown(text: str) -> str:
    """A text in quotes, short enough for a sentence."""
    line = " ".join(text.split())
    return f"“{line[:80]}…”" if len(line) > 80 else f"“{line}”"


def listed(texts: list[str]) -> str:
    """Texts in quotes with commas."""
    return ", ".join(map(shown, texts[:5])) + (f" and {len(texts) - 5} more" if len(texts) > 5 else "")


def _plain(text: str, ignore_case: bool) -> str:
    text = text if text.isascii() else unicodedata.normalize("NFC", text)
    return text.casefold() if ignore_case else text
