"""How often, and for how long: "every other Friday", "twice a day", "in two hours", "from 1 to 15 March", "except"."""

from __future__ import annotations

from hub.schedules.when.words import days
from hub.schedules.when.words.parts import (
    Ahead,
    Bound,
    Count,
    Dates,
    Day,
    Except,
    Freq,
    Lasting,
    Months,
    Part,
    Said,
    Weekdays,
)
from hub.schedules.when.words.stream import Stream, refuse

_SIDE = {"next": "next", "this": "this", "coming": "coming"}


def every(stream: Stream) -> list[Said] | None:
    """ "every 15 minutes", "every other week", "every Monday", "every second Tuesday of the month", "every morning"."""
    if not stream.skip("every"):
        return None
    if stream.has("other") and len(stream.tokens) == stream.place + 1:
        refuse("Schedules go by the minute, not by seconds.", "Write every minute, or every other day at 9.")
    if stream.skip("full"):
        return [Freq(1, "hour")] if stream.has("unit") and stream.unit()[1] == "hour" else None
    if (found := stream.try_(_every_unit)) is not None:
        return [found]
    if stream.skip("morgen"):
        return [Freq(1, "day"), Part("morning")]
    if stream.has("part"):
        return [Freq(1, "day"), Part(stream.take("part"))]
    if stream.has("weekdaypart"):
        day, part, _ = stream.take("weekdaypart")
        return [Weekdays((day,), again=True), Part(part)]
    if (found := stream.try_(_other_weekday)) is not None:
        return [found]
    found = stream.try_(lambda s: days.a_date(s) if s.has("month", "dmy", "slash", "num", "ord") else None)
    if isinstance(found, Dates):
        return [Dates(found.month, found.days, again=True)]
    if found is not None:
        refuse("A date with its year comes once, not every time.", "Leave the year out, or leave every out.")
    if (found := stream.try_(lambda s: days.month_days(s, again=True))) is not None:
        return [found]
    if (found := stream.try_(lambda s: days.weekdays(s, again=True))) is not None:
        return [found]
    if stream.has("month"):
        return [Freq(1, "year"), Months(days.month_list(stream))]
    return None


def _every_unit(stream: Stream) -> Freq | None:
    number = 1
    if stream.has("half") and stream.has("unit", "a", ahead=1):
        stream.place += 1
        stream.skip("a")
        return Freq(30, "minute") if stream.has("unit") and stream.unit()[1] == "hour" else None
    if stream.has("quarter") and stream.has("unit", "of", ahead=1):
        stream.place += 1
        stream.skip("of")
        stream.skip("a")
        return Freq(15, "minute") if stream.has("unit") and stream.unit()[1] == "hour" else None
    if stream.has("dotted") and stream.has_unit(1):
        refuse("Parts of an hour or a day are not counted.", "Write whole numbers, as in every 30 minutes.")
    if stream.has("other") and stream.has_unit(1):
        number = stream.take("other")
    elif stream.has("num", "ord") and stream.has_unit(1):
        number = stream.take("num" if stream.has("num") else "ord")
    elif stream.skip("a") and not stream.has_unit():
        return None
    if not stream.has_unit():
        return None
    many, unit = stream.unit()
    if number == -1:
        return None
    if unit == "second":
        refuse("Schedules go by the minute, not by seconds.", "Write every minute, or every 5 minutes.")
    if number < 1:
        refuse(f"Every {number} {unit}s cannot be counted.", "Write a whole number from 1 on.")
    return Freq(number * many, unit)  # pyright: ignore[reportArgumentType]


def _other_weekday(stream: Stream) -> Said | None:
    """ "every other Friday"; with a month behind it the n-th one of the month."""
    if not stream.has("other", "ord", "num") or not stream.has(
        "weekday", "weekdays", "workdays", "and", "comma", ahead=1
    ):
        return None
    monthly = stream.try_(lambda s: days.month_days(s, again=True) if s.has("ord") else None)
    if isinstance(monthly, days.Nths) and monthly.within is None:
        numbers = {number for _, number in monthly.pairs}
        if len(monthly.pairs) == 1 and numbers == {2}:
            return Weekdays((monthly.pairs[0][0],), again=True, apart=2)
        if len(monthly.pairs) == 1 and numbers & {3, 4, 5}:
            number = numbers.pop()
            refuse(
                f"Whether that is every {number} weeks or the {number}. one of each month, is unclear.",
                f"Write every {number} weeks on Friday, or on the third Friday of every month.",
            )
        return monthly
    if monthly is not None:
        return monthly
    if not stream.has("other", "num"):
        return None
    number = stream.take("other" if stream.has("other") else "num")
    if stream.has("workdays"):
        refuse("Every so manieth weekday is not counted.", "Name the days, as in every Monday, Wednesday and Friday.")
    found = days.weekdays(stream, again=True)
    return Weekdays(found.days, again=True, apart=number) if found and number > 0 else None


def count(stream: Stream) -> Count | None:
    """ "twice a day", "3 times per week", "zweimal täglich"."""
    if stream.has("count"):
        number = stream.take("count")
    elif stream.has("num") and stream.has("times", ahead=1):
        number = stream.take("num")
        stream.place += 1
    else:
        return None
    if stream.has("freq"):
        each, unit = stream.take("freq")
        return Count(number, unit) if each == 1 else None
    if stream.skip("per", "a", "every", "on", "in") and (stream.skip("a"), stream.has_unit())[1]:
        return Count(number, stream.unit()[1])  # pyright: ignore[reportArgumentType]
    return None


def ahead(stream: Stream) -> Ahead | None:
    """ "in 2 hours", "in einer halben Stunde", "in an hour and a half", "3 days from now"."""
    meant = stream.skip("in")
    total = _amount(stream)
    if total is None:
        return None
    while True:
        place = stream.place
        stream.separated(or_=False)
        more = _amount(stream)
        if more is None:
            stream.place = place
            break
        total = Ahead(total.minutes + more.minutes, total.days + more.days, total.months + more.months)
    if not (stream.skip("hence") or meant):
        return None
    return total


def _amount(stream: Stream) -> Ahead | None:
    if stream.skip("oneandhalf"):
        number = 1.5
    elif stream.skip("half"):
        stream.skip("a")
        number = 0.5
    elif stream.has("quarter") and stream.has("of", ahead=1):
        stream.place += 2
        stream.skip("a")
        number = 0.25
    elif stream.has("dotted"):
        whole, part = stream.take("dotted")
        number = float(f"{whole}.{part}")
    elif stream.has("a"):
        number = stream.take("a")
        if stream.skip("half"):
            number = 0.5
        elif stream.has("quarter") and stream.has("of", ahead=1):
            stream.place += 2
            stream.skip("a")
            number = 0.25
    elif stream.has("num"):
        number = stream.take("num")
    else:
        return None
    if not stream.has_unit():
        return None
    many, unit = stream.unit()
    number *= many
    if stream.has("and") and stream.has("a", ahead=1) and stream.has("half", ahead=2) and not stream.has_unit(3):
        stream.place += 3
        number += 0.5
    if unit == "second":
        refuse("Schedules go by the minute, not by seconds.", "Write in 1 minute.")
    if unit in ("minute", "hour"):
        return Ahead(minutes=round(number * (60 if unit == "hour" else 1)))
    if number != int(number):
        refuse("Parts of a day or a week are not counted.", "Write whole numbers, as in in 36 hours.")
    whole = int(number)
    if unit in ("day", "week"):
        return Ahead(days=whole * (7 if unit == "week" else 1))
    return Ahead(months=whole * {"month": 1, "quarter": 3, "year": 12}[unit])


def lasting(stream: Stream) -> Lasting | None:
    """ "for two weeks", "zwei Wochen lang"."""
    meant = stream.skip("for")
    stream.skip("next", "coming")
    if not stream.has("num", "a"):
        return None
    number = stream.take("num" if stream.has("num") else "a")
    if not stream.has_unit():
        return None
    many, unit = stream.unit()
    if not (meant or stream.skip("long")):
        return None
    stream.skip("long")
    if unit in ("minute", "hour", "second"):
        refuse("A schedule lasts for whole days.", "Write the hours as between 9 and 17.")
    return Lasting(number * many, unit)  # pyright: ignore[reportArgumentType]


def but(stream: Stream) -> Except | None:
    """ "except Sundays", "außer im August"."""
    if not stream.skip("except"):
        return None
    stream.skip("on", "in")
    stream.skip("every")
    if stream.has("month"):
        return Except(months=days.month_list(stream))
    if stream.has("weekend"):
        stream.place += 1
        return Except(weekdays=days.WEEKEND)
    found = days.weekdays(stream, again=True)
    if found is None:
        refuse("Which days are left out, cannot be read.", "Name weekdays or months, as in every day except Sunday.")
    return Except(weekdays=found.days)


def bounds(stream: Stream) -> list[Said] | None:
    """The days at which a repetition begins and ends: "from 1 December until the end of March", "starting Monday"."""
    between = stream.skip("between")
    if between or stream.skip("from"):
        first = _edge(stream, "from")
        if first is None:
            return None
        if stream.skip("until", "to", "dash") or (between and stream.skip("and")):
            last = _edge(stream, "until")
            return [first, last] if last else None
        return None if between else [first]
    if stream.skip("until"):
        last = _edge(stream, "until")
        return [last] if last else None
    return None


def _edge(stream: Stream, which: str) -> Bound | None:
    stream.skip("on", "in", "at")
    side = "from" if which == "from" else "until"
    if stream.has("bound"):
        edge = stream.take("bound")
        if edge[:5] in ("month", "quart", "yeare", "years"):
            unit = "month" if edge.startswith("month") else "quarter" if edge.startswith("quarter") else "year"
            return Bound(side, edge=("end" if edge.endswith("end") else "start", unit, 0))
        stream.skip("of", "in")
        shift = 1 if stream.skip("next", "coming") else 0
        stream.skip("this")
        if stream.has_unit():
            return Bound(side, edge=(edge, stream.unit()[1], shift))
        if stream.has("month"):
            return Bound(side, edge=(edge, str(stream.take("month")), shift))
        return None
    if stream.has("next", "coming") and stream.has_unit(1):
        stream.place += 1
        if side == "until":
            refuse("Whether that stretch itself is still meant, is unclear.", "Write until and a date.")
        return Bound(side, edge=("start", stream.unit()[1], 1))
    found = a_day(stream)
    if found is not None:
        return Bound(side, found)
    if stream.has("month"):
        month = stream.take("month")
        if side == "until":
            refuse(f"Whether {days.MONTHS[month]} itself is still meant, is unclear.",
                   f"Write until the end of {days.MONTHS[month]}, or a date.")  # fmt: skip
        return Bound(side, edge=("start", str(month), 0))
    return None


def a_day(stream: Stream) -> Day | Dates | Weekdays | None:
    """One day: a date, "tomorrow", "next Tuesday"."""
    if stream.has("today"):
        return Day(shift=stream.take("today"))
    if stream.skip("morgen"):
        return Day(shift=1)
    if (found := stream.try_(lambda s: days.a_date(s, on=True))) is not None:
        return found
    return stream.try_(_one_weekday)


def _one_weekday(stream: Stream) -> Weekdays | None:
    side = next((_SIDE[kind] for kind in _SIDE if stream.skip(kind)), "")
    if not stream.has("weekday"):
        return None
    return Weekdays((stream.take("weekday"),), again=False, side=side)  # pyright: ignore[reportArgumentType]
