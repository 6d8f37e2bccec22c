"""Days: dates as people write them, days of the month, the n-th weekday, and lists of weekdays."""

from __future__ import annotations

import calendar
from datetime import date

from hub.schedules.when.words.parts import Dates, Day, DayMark, MonthDays, Nths, Weekdays, Within
from hub.schedules.when.words.stream import Stream, refuse

WORKDAYS = (1, 2, 3, 4, 5)
WEEKEND = (0, 6)
MONTHS = calendar.month_name
_DAY_MONTH = (("num", "ord"), ("month",))


def dated(year: int, month: int, day: int) -> date:
    """That day. Refused where the calendar lacks it."""
    if not 1 <= month <= 12:
        refuse(f"There is no month {month}.", "Write the month in words, or the date as 2026-12-24.")
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        refuse(f"{MONTHS[month]} {year} has no day {day}.", "Name a day that the month has.")
    if not 1970 <= year < 2200:
        refuse(f"The year {year} is out of reach.", "Name a year from 1970 to 2199.")
    return date(year, month, day)


def a_date(stream: Stream, *, on: bool = False) -> Day | Dates | None:
    """A date: "2026-12-24", "24.12.", "24 December 2026", "December 24th", with or without its weekday in front."""
    weekday = None
    if stream.has("weekday"):
        weekday = stream.take("weekday")
        stream.skip_all("comma")
        on = stream.skip("on") or on
    found = _figures(stream, on) or stream.try_(_month_first) or stream.try_(_day_first)
    if isinstance(found, Dates):
        return Dates(found.month, found.days, found.again, weekday)
    if found is not None and found.date and weekday is not None and found.date.isoweekday() % 7 != weekday:
        refuse(f"{found.date} is a {found.date:%A}.", "Mend the date or leave the weekday out.")
    return found


def _figures(stream: Stream, on: bool) -> Day | Dates | None:
    if stream.has("iso"):
        return Day(dated(*stream.take("iso")))
    if stream.has("dmy"):
        day, month, year = stream.take("dmy")
        return _maybe_year(day, month, year)
    if stream.has("slash"):
        text = stream.tokens[stream.place].text
        one, two, year = stream.take("slash")
        if 1 <= one <= 12 and 1 <= two <= 12 and one != two:
            refuse(
                f"{text} is {two} {MONTHS[one]} to some and {one} {MONTHS[two]} to others.",
                f"Write the month in words, as in {one} {MONTHS[two]}.",
            )
        return _maybe_year(one, two, year) if one > 12 else _maybe_year(two, one, year)
    if on and stream.has("dotted") and not stream.has("oclock", ahead=1):
        day, month = stream.take("dotted")
        return _maybe_year(day, month, None)
    return None


def _maybe_year(day: int, month: int, year: int | None) -> Day | Dates:
    if year is None:
        dated(2024, month, day)
        return Dates(month, (day,), again=False)
    return Day(dated(year + 2000 if year < 100 else year, month, day))


def _month_first(stream: Stream) -> Day | Dates | None:
    """ "December 24th, 2026", "March 3 and 17"."""
    if not stream.has("month"):
        return None
    month = stream.take("month")
    days: list[int] = []
    while stream.has("ord", "num") and not stream.has("oclock", "am", "pm", "month", "weekday", ahead=1):
        if _year_here(stream):
            break
        days.append(stream.take("ord" if stream.has("ord") else "num"))
        if not (stream.has("comma", "and") and stream.has("ord", ahead=1)):
            break
        stream.skip("comma", "and")
    return _of(stream, month, days) if days and all(day > 0 for day in days) else None


def _day_first(stream: Stream) -> Day | Dates | None:
    """ "24 December", "the 24th of December 2026"."""
    if not stream.has("num", "ord"):
        return None
    day = stream.take("ord" if stream.has("ord") else "num")
    stream.skip("of", "in")
    if day < 1 or not stream.has("month") or _many_months(stream):
        return None
    return _of(stream, stream.take("month"), [day])


def _many_months(stream: Stream) -> bool:
    return (stream.has("comma", "and", ahead=1) and stream.has("month", ahead=2)) and not stream.has(
        "num", "ord", ahead=3
    )


def _of(stream: Stream, month: int, days: list[int]) -> Day | Dates:
    place = stream.place
    stream.skip_all("comma")
    if _year_here(stream):
        year = stream.take("num")
        if len(days) > 1:
            refuse("That is several days of one year.", "Make a schedule of each.")
        return Day(dated(year, month, days[0]))
    stream.place = place
    for day in days:
        if not 1 <= day <= 31 or day > calendar.monthrange(2024, month)[1]:
            refuse(f"{MONTHS[month]} has no day {day}.", "Name a day that the month has.")
    return Dates(month, tuple(days), again=False)


def _year_here(stream: Stream) -> bool:
    digits = str(stream.tokens[stream.place].kinds.get("digits", "")) if stream.has("num") else ""
    return len(digits) == 4 and digits.startswith(("19", "20", "21")) and not stream.has("oclock", ahead=1)


def month_days(stream: Stream, *, again: bool, on: bool = False) -> MonthDays | Nths | Dates | None:
    """Days of months: "the 1st and 15th of every month", "last day", "first Monday of the month", "1st of March"."""
    days: list[DayMark] = []
    pairs: list[tuple[int, int]] = []
    pending: list[int] = []
    if stream.has("unit") and stream.tokens[stream.place].kinds["unit"] == "day" and stream.has("num", ahead=1):
        stream.place += 1
        on = True
    while stream.has("ord") or (on and stream.has("num") and _plain_day(stream)):
        pending.append(stream.take("ord" if stream.has("ord") else "num"))
        if stream.has("weekday", "weekdays"):
            weekday = stream.take("weekday" if stream.has("weekday") else "weekdays")
            pairs += [(weekday, _which(n)) for n in pending]
            pending = []
        elif stream.has("workdays"):
            stream.place += 1
            days.extend(map(_workday, pending))
            pending = []
        elif stream.has("unit") and stream.tokens[stream.place].kinds["unit"] == "day":
            stream.place += 1
            days.extend(map(_mark, pending))
            pending = []
        place = stream.place
        stream.skip_all("comma", "and")
        stream.skip("on")
        if stream.place == place or not (stream.has("ord") or (on and stream.has("num") and _plain_day(stream))):
            stream.place = place
            break
    days.extend(map(_mark, pending))
    if not days and not pairs:
        return None
    within = stream.try_(_within)
    if pairs and days:
        refuse(
            "Days and weekdays of a month stand together there.",
            "Write on every, as in every Friday and every month on the 1st.",
        )
    if pairs:
        return Nths(tuple(pairs), within, again)
    numbers = [day for day in days if isinstance(day, int)]
    if within and len(within.months) == 1 and len(numbers) == len(days) and within.year is None:
        for day in numbers:
            dated(2024, within.months[0], day)
        return Dates(within.months[0], tuple(numbers), again)
    return MonthDays(tuple(days), within, again)


def _plain_day(stream: Stream) -> bool:
    return not stream.has("oclock", "am", "pm", "month", "unit", "times", "past", "to", "before", ahead=1)


def _mark(number: int) -> DayMark:
    if number == -1:
        return "L"
    if not 1 <= number <= 31:
        refuse("No month has such a day." if number > 0 else "Days cannot be counted from the end of a month.",
               "Write a day from the 1st to the 28th, or the last day of the month.")  # fmt: skip
    return number


def _which(number: int) -> int:
    if number not in (-1, 1, 2, 3, 4, 5):
        refuse("A month has no such weekday.", "Write first, second, third, fourth, fifth or last.")
    return number


def _workday(number: int) -> DayMark:
    if number not in (1, -1):
        refuse("Of working days only the first and the last of a month can be named.",
               "Write the first or last weekday of the month, or a day such as the 15th.")  # fmt: skip
    return "FW" if number == 1 else "LW"


def _within(stream: Stream) -> Within | None:
    """The months that are meant: "of every month", "im Monat", "of January and July", "of next month"."""
    linked = stream.skip("of", "in")
    shift = 1 if stream.skip("next", "coming") else 0 if stream.skip("this") else None
    every = stream.skip("every")
    if stream.has("month") and (linked or not every):
        months = month_list(stream)
        year = None
        if _year_here(stream) if not stream.ended else False:
            year = stream.take("num")
        return Within("", months, None, year)
    if every and stream.has("num", "other"):
        return None
    if stream.has_unit() and (linked or every or shift is not None):
        unit = stream.unit()[1]
        return Within(unit, (), shift) if unit in ("month", "quarter", "year") else None
    return None


def month_list(stream: Stream) -> tuple[int, ...]:
    """ "July and August", "May to September"."""
    months = [stream.take("month")]
    while True:
        if stream.has("to", "until", "dash") and stream.has("month", ahead=1):
            stream.place += 1
            last = stream.take("month")
            months += [month % 12 + 1 for month in range(months[-1], months[-1] + (last - months[-1]) % 12)]
        elif stream.has("comma", "and") and stream.has("month", ahead=1) and not stream.has("num", "ord", ahead=2):
            stream.place += 1
            months.append(stream.take("month"))
        elif stream.has("comma") and stream.has("and", ahead=1) and stream.has("month", ahead=2):
            stream.place += 2
            months.append(stream.take("month"))
        else:
            return tuple(sorted(set(months)))


def weekdays(stream: Stream, *, again: bool) -> Weekdays | None:
    """ "Mondays and Thursdays", "Mon-Fri", "weekdays and Sunday". One that stands alone is one day to come."""
    days: list[int] = []
    repeated = again
    while True:
        if stream.skip("workdays"):
            days += WORKDAYS
            repeated = True
        elif stream.has("weekends") or (stream.has("weekend") and again):
            stream.place += 1
            days += WEEKEND
            repeated = True
        elif stream.has("weekend"):
            refuse("Whether every weekend is meant, and which of its days, is unclear.",
                   "Write every weekend, or every Saturday at 10.")  # fmt: skip
        elif stream.has("weekday", "weekdays"):
            repeated = repeated or not stream.has("weekday")
            first = last = stream.take("weekday" if stream.has("weekday") else "weekdays")
            if stream.has("to", "until", "dash") and stream.has("weekday", "weekdays", ahead=1):
                stream.place += 1
                last = stream.take("weekday" if stream.has("weekday") else "weekdays")
            days += [day % 7 for day in range(first, first + (last - first) % 7 + 1)]
        else:
            return None if not days else Weekdays(tuple(sorted(set(days))), repeated or len(set(days)) > 1, every=again)
        place = stream.place
        more = stream.separated(or_=False)
        if stream.skip("or") and stream.has("weekday", "weekdays"):
            refuse("It says one day or another.", "Write and for both, or name one of them.")
        stream.skip("on")
        stream.skip("every")
        if not more or not stream.has("weekday", "weekdays", "workdays", "weekends") or _dated_here(stream):
            stream.place = place
            return Weekdays(tuple(sorted(set(days))), repeated or len(set(days)) > 1, every=again)


def _dated_here(stream: Stream) -> bool:
    """The weekday here belongs to a date."""
    if not stream.has("weekday"):
        return False
    if stream.has("iso", "dmy", "slash", ahead=1):
        return True
    return any(stream.has(*one, ahead=1) and stream.has(*two, ahead=2) for one, two in (_DAY_MONTH, _DAY_MONTH[::-1]))
