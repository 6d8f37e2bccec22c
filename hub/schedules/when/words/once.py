"""One moment: a day and a time, or so long from now."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from hub.schedules.when.records import When
from hub.schedules.when.words import hours
from hub.schedules.when.words.days import dated
from hub.schedules.when.words.parts import (
    Ahead,
    Dates,
    Day,
    DayPart,
    MonthDays,
    Nths,
    Once,
    Part,
    Said,
    Times,
    Weekdays,
    WeekShift,
)
from hub.schedules.when.words.stream import refuse
from hub.schedules.when.zones import zone_of


def moment(parts: Sequence[Said], zone: str, now: datetime) -> When:
    """The one time that parts without anything repeated name, as said at `now`. Raises BadInput."""
    local = now.astimezone(zone_of(zone))
    dayparts: Sequence[DayPart] = [part for part in parts if isinstance(part, DayPart)]
    clocks = [clock for part in parts if isinstance(part, Times) for clock in part.clocks]
    ahead = next((part for part in parts if isinstance(part, Ahead)), None)
    part = next((one.name for one in parts if isinstance(one, Part)), "")
    shift = next((one for one in parts if isinstance(one, WeekShift)), None)
    _only(parts, dayparts, clocks)
    if ahead is not None:
        return _ahead(ahead, zone, now, dayparts, parts, part)
    times = hours.minutes(clocks, part) if clocks else (hours.part_needs_time(part),) if part else ()
    if len(dayparts) > 1:
        dayparts = _joined(dayparts, local.date())
    if not dayparts:
        if shift is not None:
            refuse("Which day of the week is meant, is not said.", "Name it, as in next week on Tuesday at 9.")
        if not any(isinstance(one, Once) for one in parts):
            refuse("A time is said, and no day.", "Write every day at 9, today at 9, or tomorrow at 9.")
        refuse("On which day is not said.", "Write once tomorrow at 9, or a date.")
    day = day_of(dayparts[0], local, times[0] if times else None, shift.shift if shift else None)
    midnight = any(clock.midnight for clock in clocks)
    if midnight and part != "tonight":
        if dayparts[0] == Day(shift=0):
            day += timedelta(days=1)
        else:
            refuse(
                f"Midnight at the start or at the end of {day:%A} {day.day} {day:%B} is unclear.",
                "Write 00:00 or 23:59 and the date.",
            )
    if not times:
        if day == local.date():
            refuse("At which time today is not said.", "Write today at 17:00.")
        times = (hours.USUAL,)
    at = datetime.combine(day, datetime.min.time()) + timedelta(minutes=times[0])
    return When("once", zone, at)


def day_of(said: DayPart, local: datetime, minute: int | None = None, week: int | None = None) -> date:
    """The one day that is meant, as seen at a local time; `minute` is of the day, if it is known."""
    today = local.date()
    if isinstance(said, Day):
        return said.date if said.date else today + timedelta(days=said.shift or 0)
    if isinstance(said, Dates):
        return _coming(said, today, local, minute)
    if isinstance(said, Weekdays):
        return _weekday(said, local, minute, week)
    within = said.within
    if within is None or (within.shift is None and len(within.months) != 1):
        refuse("Whether that is once or every month is unclear.",
               "Write every month on the 15th, or name the month, as in on 15 March.")  # fmt: skip
    if within.shift is not None:
        if within.unit != "month":
            refuse("Which day is meant cannot be read.", "Write the date.")
        total = today.year * 12 + today.month - 1 + within.shift
        return _in_month(said, total // 12, total % 12 + 1)
    month, year = within.months[0], within.year or today.year
    found = _in_month(said, year, month)
    return _in_month(said, year + 1, month) if within.year is None and found < today else found


def _only(parts: Sequence[Said], dayparts: Sequence[DayPart], clocks: Sequence[object]) -> None:
    if len(clocks) > 1:
        refuse("Several times are said for one day.", "Make a schedule of each, or write every day at 8 and 20.")
    if sum(isinstance(one, Part) for one in parts) > 1:
        refuse("Several parts of the day are said.", "Name one time, as in tomorrow at 9.")


def _joined(dayparts: Sequence[DayPart], today: date) -> Sequence[DayPart]:
    """A weekday beside its date says nothing new; anything else does."""
    weekdays = [one for one in dayparts if isinstance(one, Weekdays)]
    others = [one for one in dayparts if not isinstance(one, Weekdays)]
    if len(weekdays) == 1 and len(others) == 1 and isinstance(others[0], Day):
        day = others[0].date or today + timedelta(days=others[0].shift or 0)
        if (day.isoweekday() % 7,) == weekdays[0].days:
            return others
        refuse(f"{day} is a {day:%A}.", "Mend the date or leave the weekday out.")
    return refuse("Several days are said, and not that they recur.",
           "Make a schedule of each, or write every, as in every Monday and every year on 24 December.")  # fmt: skip


def _ahead(
    ahead: Ahead, zone: str, now: datetime, dayparts: Sequence[DayPart], parts: Sequence[Said], part: str
) -> When:
    place = zone_of(zone)
    clocks = [clock for one in parts if isinstance(one, Times) for clock in one.clocks]
    if dayparts and dayparts != [Day(shift=0)]:
        refuse("A day and a stretch of time from now are both said.", "Leave one of them out.")
    if ahead.minutes:
        if clocks or part:
            refuse("A time and a stretch of time from now are both said.", "Leave one of them out.")
        at = (now.astimezone(UTC) + timedelta(minutes=ahead.minutes, days=ahead.days)).astimezone(place)
        return When("once", zone, at.replace(tzinfo=None, second=0, microsecond=0, fold=0))
    local = now.astimezone(place).replace(tzinfo=None, second=0, microsecond=0, fold=0)
    total = local.year * 12 + local.month - 1 + ahead.months
    year, month = total // 12, total % 12 + 1
    if ahead.months and local.day > calendar.monthrange(year, month)[1]:
        refuse(f"{calendar.month_name[month]} {year} has no day {local.day}.", "Write the date.")
    at = local.replace(year=year, month=month) + timedelta(days=ahead.days)
    if clocks or part:
        minute = hours.minutes(clocks, part)[0] if clocks else hours.part_needs_time(part)
        at = datetime.combine(at.date(), datetime.min.time()) + timedelta(minutes=minute)
    return When("once", zone, at)


def _coming(said: Dates, today: date, local: datetime, minute: int | None) -> date:
    """The next such date; one of today if its time is still to come."""
    first, *others = said.days
    if others:
        refuse("Several dates are said, and not that they recur.", "Make a schedule of each, or write every year on.")
    passed = minute is not None and minute <= local.hour * 60 + local.minute
    for year in range(today.year, today.year + 9):
        if first > calendar.monthrange(year, said.month)[1]:
            continue
        day = date(year, said.month, first)
        if day > today or (day == today and not passed):
            if said.weekday is not None and day.isoweekday() % 7 != said.weekday:
                refuse(f"{day} is a {day:%A}.", "Mend the date, add its year, or leave the weekday out.")
            return day
    return dated(today.year, said.month, first)


def _weekday(said: Weekdays, local: datetime, minute: int | None, week: int | None) -> date:
    today = local.date()
    wanted = (said.days[0] - 1) % 7
    monday = today - timedelta(days=today.weekday())
    if week is not None:
        return monday + timedelta(weeks=week, days=wanted)
    away = (wanted - today.weekday()) % 7
    name = f"{today + timedelta(days=away):%A}"
    if away == 0:
        if said.side in ("next", "coming"):
            return today + timedelta(weeks=1)
        if said.side == "this":
            return today
        later = today + timedelta(weeks=1)
        if minute is not None and minute <= local.hour * 60 + local.minute:
            return later
        refuse(f"Today is {name}: whether today is meant or {later.day} {later:%B} is unclear.",
               f"Write today, next {name}, or every {name}.")  # fmt: skip
    day = today + timedelta(days=away)
    this_week = day < monday + timedelta(weeks=1)
    if said.side == "next" and this_week:
        later = day + timedelta(weeks=1)
        refuse(f'"Next {name}" is {day.day} {day:%B} to some and {later.day} {later:%B} to others.',
               f"Write this {name}, {name} next week, or the date.")  # fmt: skip
    if said.side == "this" and not this_week:
        refuse(f"{name} of this week is in the past.", f"Write next {name}, or the date.")
    return day


def _in_month(said: MonthDays | Nths, year: int, month: int) -> date:
    first, last = calendar.monthrange(year, month)
    if isinstance(said, Nths):
        (weekday, which), *others = said.pairs
        if others:
            refuse("Several days are said for one month.", "Make a schedule of each.")
        fits = [day for day in range(1, last + 1) if (first + day - 1) % 7 == (weekday - 1) % 7]
        if which > len(fits):
            refuse(f"{calendar.month_name[month]} {year} has no such weekday.", "Write the date.")
        return date(year, month, fits[which - 1 if which > 0 else -1])
    mark, *others = said.days
    if others:
        refuse("Several days are said for one month.", "Make a schedule of each.")
    if isinstance(mark, int):
        return dated(year, month, mark)
    if mark == "L":
        return date(year, month, last)
    workdays = [day for day in range(1, last + 1) if (first + day - 1) % 7 < 5]
    return date(year, month, workdays[0 if mark == "FW" else -1])
