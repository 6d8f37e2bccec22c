"""Whether the answer's number is the expected one."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from hub.evals.checks.base import EXPECTED, CannotTell, Found, Plain, Subject, filled
from hub.evals.checks.numerals import Decimal, numbers
from hub.evals.checks.texts import shown

_EXACT = 1e-9
"""What floating point makes of equal numbers."""


class Number(Plain):
    """One number out of the answer against one out of the value: units, currencies and thousands do not matter."""

    TITLE: ClassVar[str] = "Number"
    SAYS: ClassVar[str] = "The answer's number is the expected one, within a tolerance."

    kind: ClassVar[str] = "number"
    value: str = Field(EXPECTED, title="Number", description="A number, or text with one such as {{expected}}.")
    after: str = Field(
        "",
        title="After",
        description="Take the number behind the last of these marks, such as ####. Empty: the last in the answer.",
    )
    take: Literal["last", "first"] = Field("last", title="Which number", description="Without a mark.")
    absolute: float = Field(0.0, ge=0, title="Off by at most")
    relative: float = Field(0.0, ge=0, title="Off by at most, as a part", description="0.01 is one per cent.")
    decimal: Decimal = Field("auto", title="Decimal mark", description="What 1,234 and 1.234 mean.")

    def look(self, subject: Subject) -> Found:
        """Raises CannotTell when the value holds no number."""
        text = filled(self.value, subject)
        wanted = self._of(text) if self.after in text else self._taken(numbers(text, self.decimal), "last")
        if wanted is None:
            raise CannotTell(f"There is no number in what is expected, {shown(text)}.")
        if self.after and self.after not in subject.text:
            return Found(False, f"{shown(self.after)} is not in the answer.")
        found = self._of(subject.text)
        if found is None:
            return Found(
                False, f"There is no number behind {shown(self.after)}." if self.after else "It has no number."
            )
        off = abs(found - wanted)
        passed = off <= max(self.absolute, self.relative * abs(wanted), _EXACT * max(1.0, abs(wanted)))
        return Found(passed, f"It says {found:.15g}{'' if found == wanted else f', expected is {wanted:.15g}'}.")

    def _of(self, text: str) -> float | None:
        if self.after:
            return self._taken(numbers(text.rpartition(self.after)[2], self.decimal), "first")
        return self._taken(numbers(text, self.decimal), self.take)

    @staticmethod
    def _taken(found: list[float], which: Literal["last", "first"]) -> float | None:
        return None if not found else found[0 if which == "first" else -1]
