"""The order in which a text is read: at each place the first reader that finds something takes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from hub.errors import BadInput
from hub.schedules.when.words import clock, days, repeats
from hub.schedules.when.words.parts import (
    And,
    Day,
    Freq,
    MonthDays,
    Months,
    Nths,
    Once,
    Part,
    Past,
    Said,
    Times,
    Weekdays,
    WeekShift,
    Within,
)
from hub.schedules.when.words.stream import EITHER, Stream, refuse
from hub.schedules.when.words.tokens import Token

Found = Said | list[Said] | None
EXAMPLES = "Write it as in every weekday at 9, every other Friday at 16:00, tomorrow at noon, or 0 9 * * 1-5."


def said(tokens: Sequence[Token]) -> list[Said]:
    """The parts of a text, in its order. Raises BadInput for words that cannot be taken."""
    for token in tokens:
        if "refused" in token.kinds:
            refuse(*token.kinds["refused"])
    unknown = [token.text for token in tokens if "unknown" in token.kinds]
    if unknown:
        shown = " ".join(unknown[:5])[:60]
        raise BadInput(f'"{shown}" is not understood as part of a time.', hint=EXAMPLES, kind="unreadable")
    stream, parts = Stream(tokens), list[Said]()
    while not stream.ended:
        begin = stream.place
        if stream.has("comma"):
            stream.place += 1
            continue
        if stream.skip("and"):
            parts.append(And())
            continue
        if stream.skip("break"):
            parts.append(And(anew=True))
            continue
        if stream.has("this") and not stream.has("weekday", "part", "morgen", "unit", "quarter", "weekend", ahead=1):
            stream.place += 1  # "run this on Mondays"
            continue
        if stream.has("or"):
            refuse(*EITHER)
        found = next((one for reader in READERS if (one := stream.try_(reader)) is not None), None)
        if found is None and any("or" in token.kinds for token in tokens):
            refuse(*EITHER)
        if found is None:
            refuse(f'"{stream.rest[:60]}" is not understood here.', EXAMPLES)
        parts += found if isinstance(found, list) else [found]
        assert stream.place > begin
    return parts


def _once(stream: Stream) -> Found:
    if not stream.has("count") or stream.take("count") != 1:
        return None
    return [] if stream.has("every", "freq") else Once()


def _freq(stream: Stream) -> Found:
    return Freq(*stream.take("freq")) if stream.has("freq") else None


def _side(stream: Stream) -> Found:
    """ "next Tuesday", "this evening", "next week", "next month on the 3rd"."""
    if not stream.has("next", "this", "coming"):
        return None
    if stream.has("this") and stream.has("part", "morgen", ahead=1):
        stream.place += 1
        return [Day(shift=0), Part("morning" if stream.skip("morgen") else stream.take("part"))]
    if (found := stream.try_(repeats.a_day)) is not None:
        return found
    now = stream.has("this")
    stream.place += 1
    if not stream.has_unit():
        return None
    unit = stream.unit()[1]
    if unit == "week":
        return WeekShift(0 if now else 1)
    if unit == "month":
        stream.skip_all("comma")
        on = stream.skip("on")
        found = days.month_days(stream, again=False, on=on)
        if isinstance(found, MonthDays | Nths):
            return replace(found, within=Within("month", (), 0 if now else 1))
    return refuse(
        f"Which day of the {'' if now else 'next '}{unit} is meant, is not said.",
        "Name a day, as in next Tuesday at 9.",
    )


def _alternate(stream: Stream) -> Found:
    """ "on alternate Tuesdays"."""
    stream.skip("on", "in")
    if not stream.skip("alternate"):
        return None
    if stream.has_unit():
        return Freq(2, stream.unit()[1])  # pyright: ignore[reportArgumentType]
    found = days.weekdays(stream, again=True)
    return replace(found, apart=2) if found else None


def _full_hour(stream: Stream) -> Found:
    """ "on the hour", "zur vollen Stunde"."""
    meant = stream.skip("on", "at")
    meant = stream.skip("full") or meant
    return Past((0,)) if meant and stream.has("unit") and stream.unit()[1] == "hour" else None


def _tonight(stream: Stream) -> Found:
    return [Day(shift=0), Part("tonight")] if stream.skip("tonight") else None


def _today(stream: Stream) -> Found:
    """ "today", "morgen früh", "heute Morgen", "Montag Morgen"."""
    if stream.has("today"):
        return Day(shift=stream.take("today"))
    if not stream.has("morgen"):
        return None
    behind = stream.has("weekday", "today", ahead=-1)
    stream.place += 1
    return Part("morning") if behind else Day(shift=1)


def _part(stream: Stream) -> Found:
    stream.skip("in", "on", "at")
    return Part(stream.take("part")) if stream.has("part") else None


def _date(stream: Stream) -> Found:
    on = stream.skip("on")
    return days.a_date(stream, on=on)


def _month_days(stream: Stream) -> Found:
    on = stream.skip("on")
    every = stream.skip("every")
    return days.month_days(stream, again=every, on=on)


def _weekdays(stream: Stream) -> Found:
    stream.skip("on", "in", "at")
    if stream.has("weekdaypart"):
        day, part, again = stream.take("weekdaypart")
        return [days.Weekdays((day,), again), Part(part)]
    every = stream.skip("every")
    return days.weekdays(stream, again=every)


def _months(stream: Stream) -> Found:
    stream.skip("in", "of", "from", "on", "between")
    if not stream.has("month"):
        return None
    return Months(days.month_list(stream))


def _edge_of(stream: Stream) -> Found:
    """ "at the end of the month", "zum Monatsende", "am Ersten jedes Quartals" without its day."""
    stream.skip("at", "on", "every")
    if not stream.has("bound"):
        return None
    edge = stream.take("bound")
    again = True
    for unit in ("month", "quarter", "year"):
        if edge.startswith(unit):
            return MonthDays(("L" if edge.endswith("end") else 1,), Within(unit), again)
    stream.skip("of", "in")
    every = stream.skip("every")
    if stream.has_unit() and (unit := stream.unit()[1]) in ("month", "quarter", "year"):
        return MonthDays(("L" if edge == "end" else 1,), Within(unit), again)
    if stream.has("month"):
        return MonthDays(("L" if edge == "end" else 1,), Within("", days.month_list(stream)), every)
    return None


def _on_every(stream: Stream) -> Found:
    stream.skip("on", "at", "in")
    return repeats.every(stream)


def _month_span(stream: Stream) -> Found:
    """ "from May to September"."""
    links = ("to", "until", "dash", "and") if stream.has("between") else ("to", "until", "dash")
    if not stream.skip("from", "between", "in") or not stream.has("month") or not stream.has(*links, ahead=1):
        return None
    if not stream.has("month", ahead=2) or stream.has("num", "ord", ahead=3):
        return None
    first = stream.take("month")
    stream.place += 1
    last = stream.take("month")
    return Months(tuple(sorted({month % 12 + 1 for month in range(first - 1, first + (last - first) % 12)})))


def _weekday_span(stream: Stream) -> Found:
    """ "from Monday to Thursday"."""
    if not stream.skip("from", "between"):
        return None
    if not stream.has("weekday") or not stream.has("to", "until", "dash", "and", ahead=1):
        return None
    if not stream.has("weekday", ahead=2) or stream.has("num", "ord", "month", "dmy", "iso", ahead=3):
        return None
    first = stream.take("weekday")
    stream.place += 1
    last = stream.take("weekday")
    span = range(first, first + (last - first) % 7 + 1)
    return Weekdays(tuple(sorted(day % 7 for day in span)), again=True)


def _bare(stream: Stream) -> Found:
    """The 9 of "mondays 9"."""
    dayish = stream.has("weekday", "weekdays", "workdays", "weekends", "part", "freq", ahead=-1) or (
        stream.has("unit", ahead=-1) and stream.tokens[stream.place - 1].kinds["unit"] == "day"
    )
    if not dayish or not stream.has("num") or stream.has("month", "times", "unit", "num", "ord", ahead=1):
        return None
    found = clock.clock(stream, sure=True)
    return Times((found,)) if found else None


READERS: tuple[Callable[[Stream], Found], ...] = (
    repeats.count,
    _once,
    repeats.every,
    _freq,
    repeats.ahead,
    repeats.lasting,
    repeats.but,
    clock.window,
    _month_span,
    _weekday_span,
    repeats.bounds,
    _side,
    _tonight,
    _alternate,
    _full_hour,
    _date,
    _month_days,
    clock.times,
    clock.past,
    _today,
    _part,
    _edge_of,
    _weekdays,
    _on_every,
    _months,
    _bare,
)
