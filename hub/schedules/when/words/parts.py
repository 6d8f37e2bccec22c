"""What a text about times consists of, before it is known whether it comes to something."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Unit = Literal["minute", "hour", "day", "week", "month", "quarter", "year"]
DayMark = int | Literal["L", "LW", "FW"]
"""A day of the month: its number, the last, the last or the first from Monday to Friday."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day as it was said. `half` is "am" or "pm"; `sure` where the hour cannot mean its other half."""

    hour: int
    minute: int = 0
    half: str = ""
    sure: bool = False
    midnight: bool = False


@dataclass(frozen=True, slots=True)
class Times:
    """At these times. `part` of the day may stand with them."""

    clocks: tuple[Clock, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """From one time of day to another."""

    first: Clock
    last: Clock


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the day, as in "in the evening"."""

    name: str


@dataclass(frozen=True, slots=True)
class Freq:
    """Every `number` units."""

    number: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Count:
    """So many times in each unit."""

    number: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Past:
    """At these minutes of each hour."""

    minutes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Weekdays:
    """Days of the week, 0 is Sunday. `again`: each week; otherwise it is one day to come, where `side` may say which.
    `apart` 2 is every other."""

    days: tuple[int, ...]
    again: bool
    apart: int = 1
    side: Literal["", "this", "next", "coming"] = ""
    every: bool = False
    """It was said with "every"."""


@dataclass(frozen=True, slots=True)
class Within:
    """Which months a day of a month is meant in. `unit` "month", "quarter" or "year" is each of them, "" the `months`;
    `shift` 0 or 1 is this one or the next one, once."""

    unit: str = ""
    months: tuple[int, ...] = ()
    shift: int | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class MonthDays:
    """Days of months. `again`: it was said that they recur."""

    days: tuple[DayMark, ...]
    within: Within | None
    again: bool


@dataclass(frozen=True, slots=True)
class Nths:
    """The n-th weekdays of months: pairs of weekday and n, -1 is the last."""

    pairs: tuple[tuple[int, int], ...]
    within: Within | None
    again: bool


@dataclass(frozen=True, slots=True)
class Day:
    """One day: a date, or so many days from today."""

    date: date | None = None
    shift: int | None = None


@dataclass(frozen=True, slots=True)
class Dates:
    """Days of one month, without a year. `again`: it was said that they recur."""

    month: int
    days: tuple[int, ...]
    again: bool
    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class Months:
    """Only in these months."""

    months: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WeekShift:
    """In this week (0) or the next (1)."""

    shift: int


@dataclass(frozen=True, slots=True)
class Ahead:
    """So long from now: minutes, and days, weeks, months."""

    minutes: int = 0
    days: int = 0
    months: int = 0


@dataclass(frozen=True, slots=True)
class Bound:
    """The first or last day of the repetition: a day, or the start or end of a unit of time."""

    which: Literal["from", "until"]
    day: Day | Dates | Weekdays | None = None
    edge: tuple[Literal["start", "end"], str, int] | None = None
    """Start or end, of "week", "month", "quarter", "year", and 0 this or 1 next one; or of the month "1" to "12"."""


@dataclass(frozen=True, slots=True)
class Lasting:
    """For so long."""

    number: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Except:
    """But not on these weekdays, not in these months."""

    weekdays: tuple[int, ...] = ()
    months: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Once:
    """It was said that it is but once."""


@dataclass(frozen=True, slots=True)
class And:
    """Another day or time follows; with `anew` days and times that belong together."""

    anew: bool = False


DayPart = Weekdays | MonthDays | Nths | Day | Dates
Said = (
    Times | Window | Part | Freq | Count | Past | DayPart | Months | WeekShift | Ahead | Bound | Lasting | Except | Once
    | And
)  # fmt: skip
