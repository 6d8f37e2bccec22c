"""A time of schedules in one English sentence, which `parse` reads as the same time again."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby, pairwise

from hub.schedules.when.cron import Cron, cron
from hub.schedules.when.records import When
from hub.schedules.when.words.dayfields import FIRST_WEEKDAY
from hub.schedules.when.words.days import WORKDAYS
from hub.schedules.when.words.places import city

DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
NTHS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}
_MANY = 5
"""From so many equally distant times on they are told as a rhythm."""
_LISTED = 24


def sentence(when: When) -> str:
    """ "Every weekday at 09:00 and 17:30, Berlin time"."""
    if when.at is not None:
        return f"Once, on {DAYS[when.at.isoweekday() % 7]} {day(when.at.date())} at {when.at:%H:%M}, {city(when.zone)}"
    told = [_clause(days, crons, when) for days, crons in _clauses(when)]
    clauses = [words for words, _, _ in told]
    text = ("; and " if any(rhythm for _, rhythm, _ in told) else ", and ").join(clauses)
    if len(clauses) > 1 and when.weeks > 1:
        text = f"{_every(when.weeks, 'week')}, {text}"
    if when.days > 1 and (len(clauses) > 1 or not text.startswith(_every(when.days, "day"))):
        text += f", only {_every(when.days, 'day')}"
    text += f" (cron {'; '.join(when.crons)})" if any(hard for _, _, hard in told) else ""
    text += f" from {day(when.first)}" if when.first else ""
    text += f" until {day(when.last)}" if when.last else ""
    return f"{text[0].upper()}{text[1:]}, {city(when.zone)}"


def day(one: date) -> str:
    """4 December 2026."""
    return f"{one.day} {calendar.month_name[one.month]} {one.year}"


def both(words: Iterable[str]) -> str:
    """a, b and c."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def _clauses(when: When) -> list[tuple[str, list[Cron]]]:
    """The expressions by their days; the two that make the first weekday of a month are one."""
    read = [cron(text) for text in when.crons]
    grouped = {key: list(found) for key, found in groupby(sorted(read, key=lambda one: one.day), lambda one: one.day)}
    for month in {one.day.split()[1] for one in read}:
        monday, later = (text.format(month) for text in FIRST_WEEKDAY)
        if monday in grouped and later in grouped and _times(grouped[monday]) == _times(grouped[later]):
            grouped[f"FW {month} *"] = grouped.pop(monday)
            del grouped[later]
    return list(grouped.items())


def _times(crons: Sequence[Cron]) -> list[str]:
    return [f"{one.minute} {one.hour}" for one in crons]


def _clause(days: str, crons: Sequence[Cron], when: When) -> tuple[str, bool, bool]:
    """Days and their times, whether those are a rhythm, and whether it is too hard to be read back from the words
    alone."""
    alone = len({cron(text).day for text in when.crons}) == 1
    told = _days(days, crons[0], when.weeks if alone else 1, when.days if alone else 1)
    fixed = [minute for one in crons if one.fixed for minute in one.times]
    wild = [one for one in crons if not one.fixed]
    hard = told is None or bool(fixed and wild) or len(wild) > 1
    parts: list[str] = []
    rhythm = False
    if fixed:
        said, rhythm = _fixed(sorted(set(fixed)))
        parts.append(said or _product(crons))
        hard = hard or not said
    for one in wild:
        said = _wild(one)
        rhythm = True
        parts.append(said or f"in {_product([one])}")
        hard = hard or not said
    told = told or _odd_days(crons[0])
    if when.weeks > 1 and not alone and told.startswith("every "):
        told = told.replace("every weekday", "on weekdays").replace("every ", "on ", 1)
    if rhythm and told == "every day" and parts[0].startswith("every") and len(parts) == 1:
        text = parts[0]
    else:
        text = f"{told}{',' if rhythm else ''} {' and '.join(parts)}"
    return text, rhythm, hard


def _days(fields: str, one: Cron, weeks: int, apart: int) -> str | None:
    """The days of one set of fields, None where there are no plain words for them."""
    marks, month, weekday = fields.split()
    months = "" if month == "*" else both(calendar.month_name[number] for number in sorted(one.months))
    if weekday != "*" and marks != "*":
        return None
    if marks == "*" and weekday == "*":
        if weeks > 1:
            return None if months else f"{_every(weeks, 'week')} on {_listed(range(7))}"
        return _every(apart, "day") + (f" in {months}" if months else "")
    if apart > 1:
        return None
    if weekday != "*" and not one.nths:
        named = "weekday" if one.weekdays == frozenset(WORKDAYS) else _listed(one.weekdays)
        within = f" in {months}" if months else ""
        if weeks == 2 and len(one.weekdays) == 1:
            return f"every other {named}{within}"
        return f"{_every(weeks, 'week')} on {named}s{within}" if weeks > 1 else f"every {named}{within}"
    if weeks > 1:
        return None
    numbers = sorted(mark for mark in one.days if isinstance(mark, int))
    if weekday == "*" and months and len(one.months) == 1 and len(numbers) == len(one.days):
        return f"every year on {both(map(str, numbers))} {months}" if len(numbers) == 1 else (
            f"every year on the {both(map(_nth, numbers))} of {months}"
        )  # fmt: skip
    return _in_month(marks, one, months)


def _in_month(marks: str, one: Cron, months: str) -> str | None:
    within = f"of {months}" if months else "of every month"
    begin = "every year on the" if months and len(one.months) == 1 else "on the"
    if one.nths:
        named = both(f"{NTHS[which]} {DAYS[weekday]}" for weekday, which in sorted(one.nths, key=_order))
        return None if one.weekdays else f"{begin} {named} {within}"
    if marks == "FW":
        return f"{begin} first weekday {within}"
    if marks.startswith("*"):
        return None
    numbers = sorted(mark for mark in one.days if isinstance(mark, int))
    named = [_nth(number) for number in numbers]
    named += [{"L": "last day", "LW": "last weekday"}[mark] for mark in sorted(one.days - set(numbers), key=str)]  # pyright: ignore[reportArgumentType]
    return f"{begin} {both(named)} {within}"


def _order(nth: tuple[int, int]) -> tuple[int, int]:
    weekday, which = nth
    return (which if which > 0 else 9, (weekday - 1) % 7)


def _odd_days(one: Cron) -> str:
    """Days that only cron can say."""
    marks, month, _ = one.day.split()
    named = _listed(one.weekdays) if one.weekdays else ""
    if one.nths:
        nths = [f"{NTHS[which]} {DAYS[weekday]}" for weekday, which in sorted(one.nths)]
        named = both([named, *nths] if named else nths)
    if marks != "*":
        numbers = both(
            [_nth(number) for number in sorted(mark for mark in one.days if isinstance(mark, int))] or ["last"]
        )
        named = f"{named or 'day'} that is the {numbers} of a month"
    within = "" if month == "*" else f" in {both(calendar.month_name[number] for number in sorted(one.months))}"
    return f"every {named or 'day'}{within}"


def _fixed(times: Sequence[int]) -> tuple[str, bool]:
    """Times of day, and whether they are told as a rhythm; "" where they are too many to be listed."""
    if (step := _step(times)) and len(times) >= _MANY:
        return f"{_rhythm(step)} from {_clock(times[0])} to {_clock(times[-1])}", True
    if len(times) > _LISTED:
        return "", False
    return f"at {both(map(_clock, times))}", False


def _step(times: Sequence[int]) -> int:
    """The distance of equally distant times, 0 for others and for distances that are not counted."""
    steps = {after - before for before, after in pairwise(times)}
    step = steps.pop() if len(steps) == 1 else 0
    return step if step and (60 % step == 0 or step % 60 == 0) else 0


def _rhythm(step: int) -> str:
    return _every(step // 60, "hour") if step % 60 == 0 else _every(step, "minute")


def _wild(one: Cron) -> str:
    """A rhythm that goes all day; "" where there are no plain words for it."""
    minute, hour = one.minute, one.hour
    if hour == "*" and minute.startswith("*"):
        return _every(int(minute[2:] or 1), "minute")
    if minute.startswith("*") or not (hour == "*" or (hour[:2] == "*/" and hour[2:].isdigit())):
        return ""
    step = int(hour[2:] or 1)
    if 24 % step or step == 24:
        return ""
    each = _every(step, "hour")
    minutes = sorted(one.minutes)
    if minutes == [0]:
        return each
    return f"{each} at minute{'s' if len(minutes) > 1 else ''} {both(map(str, minutes))}"


def _product(crons: Sequence[Cron]) -> str:
    hours, minutes = set[int](), set[int]()
    for one in crons:
        hours |= one.hours
        minutes |= one.minutes
    return f"minutes {both(map(str, sorted(minutes)))} of the hours {both(f'{hour:02}' for hour in sorted(hours))}"


def _every(number: int, unit: str) -> str:
    if number == 1:
        return f"every {unit}"
    return f"every other {unit}" if number == 2 and unit in ("day", "week") else f"every {number} {unit}s"


def _listed(weekdays: Iterable[int]) -> str:
    return both(DAYS[one] for one in sorted(weekdays, key=lambda one: (one - 1) % 7))


def _nth(number: int) -> str:
    ending = "th" if 10 < number < 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
