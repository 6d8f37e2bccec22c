"""From which day to which a repetition goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from hub.schedules.when.records import When
from hub.schedules.when.words import once
from hub.schedules.when.words.parts import Bound, Dates, Day, Lasting, Said, Weekdays
from hub.schedules.when.words.stream import refuse
from hub.schedules.when.zones import zone_of

_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def ends(parts: Sequence[Said], zone: str, now: datetime) -> tuple[date | None, date | None]:
    """First and last day, None where none is said."""
    local = now.astimezone(zone_of(zone))
    bounds = [one for one in parts if isinstance(one, Bound)]
    found: dict[str, date] = {}
    for one in bounds:
        if one.which in found:
            refuse("Two first or last days are said.", "Leave one of them out.")
        found[one.which] = _day(one, local, found.get("from"))
    first, last = found.get("from"), found.get("until")
    if first and last and last < first and not _dated(bounds, "until"):
        last = last.replace(year=last.year + 1)
    return first, last


def lasted(when: When, parts: Sequence[Said], now: datetime) -> When:
    """With the last day that "for two weeks" comes to, counted from the first day or from today."""
    found = [one for one in parts if isinstance(one, Lasting)]
    if not found:
        return when
    if len(found) > 1 or when.last:
        refuse("Two ends are said.", "Leave one of them out.")
    number, unit = found[0].number, found[0].unit
    begin = when.first or now.astimezone(zone_of(when.zone)).date()
    if unit in ("day", "week"):
        end = begin + timedelta(days=number * (7 if unit == "week" else 1))
    else:
        total = begin.year * 12 + begin.month - 1 + number * _MONTHS[unit]
        end = _clipped(total // 12, total % 12 + 1, begin.day)
    return replace(when, first=begin, last=end - timedelta(days=1))


def _day(bound: Bound, local: datetime, begin: date | None) -> date:
    if bound.edge is not None:
        return _edge(*bound.edge, local.date(), begin)
    day = bound.day
    assert day is not None
    if isinstance(day, Weekdays | Day):
        if isinstance(day, Weekdays) and not day.side and (day.days[0] - 1) % 7 == local.weekday():
            return local.date() if bound.which == "from" else local.date() + timedelta(days=7)
        return once.day_of(day, local)
    assert isinstance(day, Dates)
    return once.day_of(day, local.replace(year=begin.year, month=begin.month, day=begin.day) if begin else local)


def _edge(which: str, unit: str, shift: int, today: date, begin: date | None) -> date:
    if unit.isdigit():
        month = int(unit)
        base = begin or today
        year = base.year + (month < base.month) + shift
        return _start(year, month) if which == "start" else _start(year, month + 1) - timedelta(days=1)
    if unit == "week":
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=shift)
        return monday if which == "start" else monday + timedelta(days=6)
    if unit not in _MONTHS:
        refuse("That is no day to begin or end at.", "Write a date, as in 1 December.")
    size = _MONTHS[unit]
    month = (today.month - 1) // size * size + shift * size
    return (
        _start(today.year, month + 1) if which == "start" else _start(today.year, month + size + 1) - timedelta(days=1)
    )


def _start(year: int, month: int) -> date:
    """The first of a month; the 13th is January of the next year."""
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def _clipped(year: int, month: int, day: int) -> date:
    last = (_start(year, month + 1) - timedelta(days=1)).day
    return date(year, month, min(day, last))


def _dated(bounds: Sequence[Bound], which: str) -> bool:
    """The year was said."""
    return any(one.which == which and isinstance(one.day, Day) for one in bounds)
