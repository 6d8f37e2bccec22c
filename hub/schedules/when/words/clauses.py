"""Days and the times that belong to them, where a text says several: "at 9 on Mondays and at 14 on Fridays"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from types import UnionType

from hub.schedules.when.words import hours
from hub.schedules.when.words.dayfields import COARSE
from hub.schedules.when.words.parts import (
    And,
    Clock,
    Dates,
    DayPart,
    Freq,
    MonthDays,
    Months,
    Nths,
    Part,
    Past,
    Said,
    Times,
    Weekdays,
    Window,
)
from hub.schedules.when.words.stream import refuse

FINE = ("minute", "hour")


@dataclass(slots=True)
class Clause:
    """Days and the times on them: "every Monday at 9" of "every Monday at 9 and every Friday at 17"."""

    days: list[DayPart] = field(default_factory=list[DayPart])
    freqs: list[Freq] = field(default_factory=list[Freq])
    clocks: list[Clock] = field(default_factory=list[Clock])
    windows: list[Window] = field(default_factory=list[Window])
    minutes: list[int] = field(default_factory=list[int])
    parts: list[str] = field(default_factory=list[str])
    months: list[int] = field(default_factory=list[int])

    @property
    def rhythms(self) -> list[Freq]:
        """How often within a day."""
        return [one for one in self.freqs if one.unit in FINE]

    @property
    def timed(self) -> bool:
        return bool(self.clocks or self.windows or self.minutes or self.parts)


def _beside(parts: Sequence[Said]) -> Sequence[Said]:
    """Times as of the part of the day that stands beside them, where several are said: "at 9 in the morning and at 8
    in the evening"."""
    places = [place for place, one in enumerate(parts) if isinstance(one, Part)]
    if len({one.name for one in parts if isinstance(one, Part)}) < 2:
        return parts
    side = 1 if places[0] + 1 < len(parts) and isinstance(parts[places[0] + 1], Times) else -1
    kept = list(parts)
    for place in reversed(places):
        part, times = parts[place], parts[place + side] if 0 <= place + side < len(parts) else None
        if not isinstance(part, Part) or not isinstance(times, Times):
            return parts
        fixed = [Clock(*divmod(one, 60), sure=True) for one in hours.minutes(times.clocks, part.name)]
        kept[place + side] = Times(tuple(fixed))
        del kept[place]
    return kept


def clauses(parts: Sequence[Said]) -> list[Clause]:
    """Parts by the days they belong to: days that come after days and times begin anew."""
    found = [Clause()]
    before: Said | None = None
    parts = _beside(parts)
    for place, one in enumerate(parts):
        now = found[-1]
        if isinstance(one, And) and one.anew:
            found.append(Clause())
        elif isinstance(one, DayPart):
            if isinstance(before, DayPart):
                refuse("Two days stand side by side there, and only days on which both fit cannot be counted.",
                       "Write and between them, as in every Friday and on the 13th of every month.")  # fmt: skip
            if now.timed and (now.days or (now.freqs and isinstance(before, And))):
                found.append(now := Clause())
            now.days.append(one)
        elif isinstance(one, Freq):
            fine = one.unit in FINE
            others = isinstance(before, And) and now.clocks and now.days and _leads(parts[place:])
            again = now.rhythms or others if fine else isinstance(before, And)
            if again and (fine or (now.timed and (now.days or now.freqs))):
                found.append(now := Clause())
            now.freqs.append(one)
        elif isinstance(one, Times):
            leads = (now.clocks or now.rhythms) and _leads(parts[place:])
            if leads and now.days:
                found.append(now := Clause())
            elif leads and any(other.unit == "day" for other in now.freqs):
                refuse("Whether the days at the end belong to all of the times is unclear.",
                       "Write every day at 8 and every Sunday at 20, or every Sunday at 8 and 20.")  # fmt: skip
            elif now.clocks and now.days and not isinstance(before, And | Times):
                refuse("Two times are said without and between them.", "Write and, as in at 9 and 17.")
            now.clocks += one.clocks
        elif isinstance(one, Window):
            now.windows.append(one)
        elif isinstance(one, Past):
            now.minutes += one.minutes
        elif isinstance(one, Part):
            now.parts.append(one.name)
        elif isinstance(one, Months):
            beside = (before, next(iter(parts[place + 1 :]), None))
            if now.months and now.clocks and any(isinstance(other, Times) for other in beside):
                refuse("Which of the times belong to which months is unclear.", "Make a schedule of each.")
            now.months += one.months
        before = one
    found = [one for one in found if one.days or one.freqs or one.timed]
    for clause in found[1:]:
        if not any(one.unit in COARSE for one in clause.freqs) and not any(_on_its_own(one) for one in clause.days):
            clause.freqs += [one for one in found[0].freqs if one.unit in COARSE]
    return found


def _leads(rest: Sequence[Said]) -> bool:
    """Whether what begins `rest` stands before its days: the second time of "at 9 on Mondays and at 14 on Fridays",
    not that of "Mondays at 9 and at 14, Fridays at 12"."""
    behind = _skipped(rest, Times | Part) if isinstance(rest[0], Times) else rest[1:]
    days = _skipped(behind, DayPart | Freq)
    if len(days) == len(behind):
        return False
    then = _skipped(days, Part)
    return not then or not isinstance(then[0], Times | Window) or _leads(then)


def _skipped(rest: Sequence[Said], kinds: type | UnionType) -> Sequence[Said]:
    """What comes after parts of these kinds, and after an "and" between them."""
    place = 0
    while place < len(rest):
        joins = isinstance(rest[place], And) and place and isinstance(next(iter(rest[place + 1 :]), None), kinds)
        if not joins and not isinstance(rest[place], kinds):
            break
        place += 1
    return rest[place:]


def _on_its_own(one: DayPart) -> bool:
    """Days that say themselves how often they recur; others go on with the rhythm that was said before."""
    if isinstance(one, Weekdays):
        return one.every
    return one.again if isinstance(one, Dates) else isinstance(one, MonthDays | Nths) and one.within is not None
