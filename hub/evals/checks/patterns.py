"""Whether a pattern is found in the answer, within a limit of time.

Python's `re` has none: "(a+)+$" on thirty letters would hold the event loop for minutes. The package `regex`, which
tiktoken brings along, takes the same patterns and a limit. Most patterns are done in microseconds and run where they
are; one that is not done after `QUICK` is tried again on a thread, with the interpreter's lock given back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, ClassVar

import regex
from pydantic import Field, field_validator

from hub.evals.checks.base import Ask, CannotTell, Found, Plain, Subject, filled, places
from hub.evals.checks.texts import shown
from hub.evals.records import Verdict

QUICK = 0.005
LONGEST = 0.25
"""Seconds that the processor may take; a pattern that is any good takes less than a thousandth of one."""
LONGEST_PATTERN = 2000
LARGEST = 100_000
"""Characters that a pattern may come to when "a{3}" is written as "aaa", which is how `regex` keeps it."""
_ATOMS = regex.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{(?<count>\d+)(?:,\d*)?\}|(?<open>\()|(?<close>\))|.", regex.DOTALL
)


class Slow(Exception):
    """The pattern was not done in time."""


class Regex(Plain):
    """A regular expression, found anywhere unless it is anchored."""

    TITLE: ClassVar[str] = "Regular expression"
    SAYS: ClassVar[str] = "A pattern is found in the answer."

    kind: ClassVar[str] = "regex"
    value: str = Field(
        title="Pattern",
        description="As in Python. A pattern that is one {{variable}} and nothing else is taken from the row as it is;"
        " inside of a longer pattern a variable stands for its own letters.",
        json_schema_extra={"form": "pattern"},
    )
    ignore_case: bool = Field(False, title="Ignore case")

    @field_validator("value")
    @classmethod
    def _compiles(cls, given: str) -> str:
        if not places(given):
            compiled(given)
        return given

    def look(self, subject: Subject) -> Found:
        """Raises CannotTell when the pattern takes too long, on a thread."""
        try:
            return self._look(subject, LONGEST, concurrent=True)
        except Slow:
            raise CannotTell(_too_slow(self.value)) from None

    async def judge(self, subject: Subject, ask: Ask, prompts: Mapping[str, str]) -> Verdict:
        """At once where it can be."""
        try:
            found = self._look(subject, QUICK)
        except CannotTell as error:
            return self._error(str(error))
        except Slow:
            return await asyncio.to_thread(self.verdict, subject)
        return Verdict(self.kind, self.label, found.passed is not self.negated, reason=found.reason)

    def _look(self, subject: Subject, seconds: float, *, concurrent: bool = False) -> Found:
        try:
            pattern = compiled(_pattern(self.value, subject), self.ignore_case)
        except ValueError as error:
            raise CannotTell(str(error)) from None
        found = search(pattern, subject.text, seconds, concurrent=concurrent)
        return Found(found is not None, f"Found: {shown(found)}." if found is not None else "It is not found.")


def search(pattern: Any, text: str, seconds: float, *, concurrent: bool = False) -> str | None:
    """What the pattern finds first. Raises Slow after `seconds`; `concurrent` lets other threads run meanwhile."""
    try:
        found = pattern.search(text, timeout=seconds, concurrent=concurrent)
    except TimeoutError:
        raise Slow from None
    return None if found is None else str(found[0])


@lru_cache(maxsize=1024)
def compiled(pattern: str, ignore_case: bool = False) -> Any:
    """Raises ValueError with a sentence for one that is no pattern, or too large to build."""
    if len(pattern) > LONGEST_PATTERN:
        raise ValueError(f"The pattern has {len(pattern):,} characters; {LONGEST_PATTERN:,} are taken.")
    if (size := _written_out(pattern)) > LARGEST:
        raise ValueError(f"The pattern repeats its parts so often that it comes to {size:,} characters.")
    try:
        return regex.compile(pattern, regex.IGNORECASE if ignore_case else 0)
    except RecursionError:
        raise ValueError("The pattern is nested too deeply.") from None
    except regex.error as error:
        raise ValueError(f"This is no regular expression: {error}.") from None


def _written_out(pattern: str) -> int:
    """How long a pattern is with its counted repeats written out."""
    groups, last = [0], 0
    for atom in _ATOMS.finditer(pattern):
        if atom["open"]:
            groups.append(0)
            last = 0
            continue
        if atom["count"]:
            added = last * (max(1, int(atom["count"][:9])) - 1)
            last += added
        else:
            last = added = max(1, groups.pop()) if atom["close"] and len(groups) > 1 else 1
        groups[-1] += added
    return sum(groups)


def _pattern(text: str, subject: Subject) -> str:
    alone = len(places(text)) == 1 and text.startswith("{{") and text.endswith("}}")
    return filled(text, subject) if alone else filled(text, subject, _literally)


def _literally(text: str) -> str:
    return regex.escape(text, special_only=True)


def _too_slow(pattern: str) -> str:
    return f"The pattern {shown(pattern)} was not done after {LONGEST:g} s: it tries too many ways. Simplify it."
