"""Days and spans of days in words: 2026-03-05, 2026-03, yesterday, last week, march, monday, 3 days ago."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

MONTHS = {name.lower(): at for at in range(1, 13) for name in (calendar.month_name[at], calendar.month_abbr[at])}
_WEEKDAYS = {name.lower(): at for at in range(7) for name in (calendar.day_name[at], calendar.day_abbr[at])}
_ISO = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?")
_AGO = re.compile(r"(\d{1,4}) ?(d|days?|w|weeks?|m|months?|y|years?)(?: ago)?")
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}


@dataclass(frozen=True, slots=True)
class Span:
    """From the beginning of a day to the beginning of the day after the last one."""

    start: datetime
    end: datetime


def span(text: str, now: datetime) -> Span | None:
    """The days that `text` names, in the zone of `now`; None when it names none.

    A month or weekday without more is the last one that has begun. Weeks begin on Monday.
    """
    words = " ".join(re.split(r"[\s_]+|(?<=[a-zA-Z])-(?=[a-zA-Z])", text.strip().lower()))
    try:
        found = _relative(words, now.date()) or _named(words, now.date()) or _iso(words)
        return None if found is None else Span(_midnight(found[0], now), _midnight(found[1], now))
    except (ValueError, OverflowError):  # there is no such day, or it is out of all calendars
        return None


_Days = tuple[date, date]


def _relative(words: str, today: date) -> _Days | None:
    week = today - timedelta(days=today.weekday())
    match words:
        case "today":
            return _day(today)
        case "yesterday":
            return _day(today - timedelta(days=1))
        case "this week":
            return week, week + timedelta(days=7)
        case "last week":
            return week - timedelta(days=7), week
        case "this month":
            return _month(today.year, today.month)
        case "last month":
            last = today.replace(day=1) - timedelta(days=1)
            return _month(last.year, last.month)
        case "this year":
            return _year(today.year)
        case "last year":
            return _year(today.year - 1)
        case _:
            ago = _AGO.fullmatch(words)
            return _day(today - timedelta(days=int(ago[1]) * _DAYS[ago[2][0]])) if ago else None


def _named(words: str, today: date) -> _Days | None:
    name, _, year = words.partition(" ")
    if name in MONTHS and (not year or re.fullmatch(r"\d{4}", year)):
        month = MONTHS[name]
        return _month(int(year) if year else today.year - (month > today.month), month)
    if words in _WEEKDAYS:
        return _day(today - timedelta(days=(today.weekday() - _WEEKDAYS[words]) % 7))
    return None


def _iso(words: str) -> _Days | None:
    found = _ISO.fullmatch(words)
    if not found:
        return None
    year, month, day = (int(part) if part else 0 for part in found.groups())
    if day:
        return _day(date(year, month, day))
    return _month(year, month) if found[2] else _year(year)


def _day(day: date) -> _Days:
    return day, day + timedelta(days=1)


def _month(year: int, month: int) -> _Days:
    return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)


def _year(year: int) -> _Days:
    return date(year, 1, 1), date(year + 1, 1, 1)


def _midnight(day: date, now: datetime) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=now.tzinfo)
