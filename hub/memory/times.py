"""The days that a text names, in English, German and French: "last May", "vor drei Tagen", "hier", "in 2024"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from hub.memory import tense
from hub.memory.records import Precision
from hub.memory.time_words import READERS, written

LANGUAGES = frozenset({"english", "german", "french"})
"""Those that are read here, as `hub.search.words` names them."""


@dataclass(frozen=True, slots=True)
class Named:
    """A stretch of time at `start` to `end` of a text; `relative` when it depends on the day it was said. `other` is
    the one to come, where the sentence does not tell whether that or the one before is meant ("on Friday")."""

    begin: int
    end: int
    first: date
    last: date
    precision: Precision
    relative: bool
    other: tuple[date, date] | None = None

    def words(self) -> str:
        """The time in ISO form: "2026-05-03", "2026-05", "2026", "2026-05-04 to 2026-05-10"; both with "or"."""
        said = [_words(first, last, self.precision) for first, last in self.spans]
        return " or ".join(said)

    @property
    def spans(self) -> tuple[tuple[date, date], ...]:
        """What it may mean, the past one first."""
        return ((self.first, self.last), self.other) if self.other else ((self.first, self.last),)


def _words(first: date, last: date, precision: Precision) -> str:
    if precision == "year":
        return str(first.year)
    if precision == "month" and (first.year, first.month) == (last.year, last.month):
        return f"{first:%Y-%m}"
    return str(first) if first == last else f"{first} to {last}"


def named(text: str, said: datetime | date, ahead: bool | None = None) -> list[Named]:
    """The times that a text names, in its order, as seen on the day it was `said`. `ahead`: whether what it tells of is
    to come, where its own words do not say so."""
    today = said.date() if isinstance(said, datetime) else said
    taken: list[tuple[int, int]] = []
    found: list[Named] = []
    for pattern, read, relative in READERS:
        for match in pattern.finditer(text):
            begin, end = match.span()
            if any(begin < other_end and other_begin < end for other_begin, other_end in taken):
                continue
            before, after = read(match, today, False), read(match, today, True)
            if before is None or after is None:
                continue
            comes = tense.ahead(text, begin, end) if before != after else False
            comes = ahead if comes is None else comes
            taken.append((begin, end))
            depends = relative or (read is written and not match["y"])
            other = after[:2] if comes is None else None
            found.append(Named(begin, end, *(after if comes else before), depends, other))
    return sorted(found, key=lambda one: one.begin)


def spans(question: str, asked: datetime) -> list[tuple[date, date]]:
    """The first and last days of the times that a question asks about, in their order."""
    return sorted({span for one in named(question, asked) for span in one.spans})


def annotated(text: str, said: datetime) -> str:
    """`text` with the date behind each time that depends on the day: "yesterday [2026-11-21]"."""
    return "".join(_pieces(text, said, lambda words, one: f"{words} [{one.words()}]"))


def absolute(text: str, said: datetime, ahead: bool | None = None) -> str:
    """`text` with dates in the place of times that depend on the day: "yesterday" is "on 2026-11-21". Where the date
    stands behind the words already, it takes their place. `ahead` as in `named`."""
    text = _DATED.sub(lambda match: _replaced(match, said), text)
    return "".join(_pieces(text, said, lambda _, one: f"{_before(one)} {one.words()}", ahead))


_DATED = re.compile(r"(?P<words>[^,(\[.]{3,40}?)(?:,? [(\[]|, )(?P<date>\d{4}-\d\d(?:-\d\d)?)[)\]]?")


def _replaced(match: re.Match[str], said: datetime) -> str:
    found = [one for one in named(match["words"], said) if one.relative and one.end == len(match["words"])]
    if not found:
        return match[0]
    return f"{match['words'][: found[0].begin]}{'on' if len(match['date']) == 10 else 'in'} {match['date']}"


def _before(one: Named) -> str:
    return "on" if one.precision == "day" and one.first == one.last else "in"


def _pieces(text: str, said: datetime, put: Callable[[str, Named], str], ahead: bool | None = None) -> Iterator[str]:
    done = 0
    for one in named(text, said, ahead):
        if not one.relative:
            continue
        yield text[done : one.begin]
        yield put(text[one.begin : one.end], one)
        done = one.end
    yield text[done:]


def day(text: str) -> tuple[str, Precision] | None:
    """An ISO day, month or year ("2026-05-03", "2026-05", "2026") as its first day and how exact it is."""
    match = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:T.*)?", text.strip())
    if not match:
        return None
    year, month, number = (int(part) if part else None for part in match.groups())
    try:
        first = date(year or 0, month or 1, number or 1)
    except ValueError:
        return None
    return first.isoformat(), "day" if number else "month" if month else "year"
