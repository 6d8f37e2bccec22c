"""What parts come to: once, or again and again; and what is refused because it could mean two things."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from hub.schedules.when.cron import listed
from hub.schedules.when.records import When, spelled
from hub.schedules.when.times import after
from hub.schedules.when.words import hours, once, spans
from hub.schedules.when.words.clauses import Clause, clauses
from hub.schedules.when.words.dayfields import day_fields
from hub.schedules.when.words.parts import (
    Ahead,
    Bound,
    Count,
    Dates,
    Day,
    Except,
    Freq,
    Lasting,
    MonthDays,
    Nths,
    Once,
    Past,
    Said,
    Weekdays,
    WeekShift,
    Window,
)
from hub.schedules.when.words.stream import refuse
from hub.schedules.when.zones import zone_of

_A = TypeVar("_A")


def settled(parts: Sequence[Said], zone: str, now: datetime) -> When:
    """The time that parts of a text come to, as said at `now` in `zone`. Raises BadInput."""
    if not _repeats(parts):
        if any(isinstance(one, Bound | Lasting | Except | Window) for one in parts):
            refuse("How often it runs is not said.", "Write every day, every 15 minutes, or every Monday.")
        return once.moment(parts, zone, now)
    strange = next((one for one in parts if isinstance(one, Once | Ahead | Day | WeekShift)), None)
    if strange is not None:
        refuse("It says both one time and something that recurs.", "Write one of them, or from tomorrow for its start.")
    counts, kept = _of(parts, Count), [one for one in parts if not isinstance(one, Count)]
    kept += [Freq(1, one.unit) for one in counts]
    found = clauses(kept)
    for count in counts:
        _counted(count, found)
    if len({clause.timed or bool(clause.rhythms) for clause in found}) > 1:
        refuse("At which time on some of the days is not said.", "Write every Monday at 10 and every Friday at 10.")
    left = _joined(_of(parts, Except))
    apart = {_apart(clause) for clause in found}
    if len(apart) > 1:
        refuse("Weeks or days are counted in one part and not in another.", "Make a schedule of each.")
    number, unit = apart.pop()
    crons = [text for clause in found for text in _crons(clause, left, unit == "day" and number > 1)]
    when = When("repeat", zone, None, spelled(crons), number if unit == "week" else 1, number if unit == "day" else 1)
    return _bounded(when, parts, now)


def _repeats(parts: Sequence[Said]) -> bool:
    for one in parts:
        if isinstance(one, Freq | Count | Past):
            return True
        if isinstance(one, Weekdays | Dates) and one.again:
            return True
        if isinstance(one, MonthDays | Nths):
            within = one.within
            if one.again or (within and within.unit and within.shift is None) or (within and len(within.months) > 1):
                return True
            if within is None and isinstance(one, MonthDays) and len(one.days) > 1:
                return True
    return False


def _apart(clause: Clause) -> tuple[int, str]:
    """Every so manieth week or day; (1, "") for every one. Fourteen days with a weekday are two weeks."""
    weekdays = [one for one in clause.days if isinstance(one, Weekdays)]
    found = {(one.number, one.unit) for one in clause.freqs if one.unit in ("day", "week")}
    found |= {(one.apart, "week") for one in weekdays}
    found = {(n // 7, "week") if unit == "day" and n % 7 == 0 and weekdays else (n, unit) for n, unit in found}
    found -= {(1, "day"), (1, "week")}
    mixed = len(weekdays) < len(clause.days) or any(one.apart == 1 and one.every for one in weekdays)
    if len(found) > 1 or (found and mixed):
        refuse("Two ways of counting weeks or days are said.", "Make a schedule of each.")
    return found.pop() if found else (1, "")


def _crons(clause: Clause, left: Except, counted: bool) -> list[str]:
    freqs = clause.freqs or ([Freq(1, "hour")] if clause.minutes else [])
    days = day_fields(clause.days, freqs, clause.months, left, counted=counted)
    part = next(iter(set(clause.parts)), "")
    if len(set(clause.parts)) > 1:
        refuse("Several parts of the day are said.", "Write the times from 0 to 23, as in at 8 and 20.")
    fine = clause.rhythms
    if len(fine) > 1:
        refuse("Two rhythms are said at once.", "Make a schedule of each.")
    if fine or clause.minutes:
        return _rhythm(clause, fine[0] if fine else Freq(1, "hour"), part, days)
    if clause.windows:
        refuse("How often between these times is not said.", "Write every hour between 9 and 17.")
    if clause.clocks:
        times = hours.minutes(clause.clocks, part)
        if any(clock.midnight for clock in clause.clocks) and part == "tonight":
            refuse("Tonight is but once.", "Write every day at 00:00.")
    else:
        times = (hours.part_needs_time(part),) if part else (hours.USUAL,)
    return [text for day in days for text in listed(times, day)]


def _rhythm(clause: Clause, freq: Freq, part: str, days: Sequence[str]) -> list[str]:
    """Every so many minutes or hours, all day or between two times."""
    step = freq.number * (60 if freq.unit == "hour" else 1)
    if part:
        refuse("From when to when is not said.", "Write between 8 and 12, for example.")
    if clause.clocks:
        refuse("A rhythm and a time are both said.", "Write every 2 hours between 9 and 17, or at 9, 11 and 13.")
    if freq.unit == "minute" and (60 % freq.number if freq.number < 60 else freq.number % 60):
        refuse(
            f"Every {freq.number} minutes does not come out even in an hour, so its times would wander.",
            f"Write every {_near(freq.number, 60)} minutes.",
        )
    if clause.minutes and step < 60:
        refuse("Minutes of the hour and a rhythm in minutes are both said.", "Write one of them.")
    past = sorted(set(clause.minutes)) or [0]
    if clause.windows:
        times: set[int] = set()
        for window in clause.windows:
            first, last = hours.span(window, "")
            if clause.minutes:
                times |= {one + minute for minute in past for one in hours.steps(first - first % 60, last, step)
                          if _inside(one + minute, first, last)}  # fmt: skip
            else:
                times |= set(hours.steps(first, last, step))
        return [text for day in days for text in listed({one % 1440 for one in times}, day)]
    if step > 60 and (step >= 1440 or 1440 % step):
        refuse(
            f"Every {step // 60} hours does not come out even in a day, so its times would wander.",
            f"Write every {_near(step // 60, 24)} hours, or say between which times.",
        )
    minute = ",".join(map(str, past)) if step >= 60 else "*" if step == 1 else f"*/{step}"
    hour = "*" if step <= 60 else f"*/{step // 60}"
    return [f"{minute} {hour} {day}" for day in days]


def _inside(minute: int, first: int, last: int) -> bool:
    return first <= minute <= last if first < last else minute >= first or minute % 1440 <= last


def _near(number: int, whole: int) -> str:
    """The two nearest numbers that divide the whole."""
    fit = [one for one in range(1, whole + 1) if whole % one == 0]
    return " or ".join(map(str, sorted(sorted(fit, key=lambda one: abs(one - number))[:2])))


def _counted(count: Count, found: Sequence[Clause]) -> None:
    """ "Twice a day" must come with two times, "three times a week" with three days."""
    if count.number == 1:
        return
    times = sum(len(clause.clocks) for clause in found)
    weekdays = {day for clause in found for one in clause.days if isinstance(one, Weekdays) for day in one.days}
    days = sum(len(one.days) for clause in found for one in clause.days if isinstance(one, MonthDays))
    days += sum(len(one.pairs) for clause in found for one in clause.days if isinstance(one, Nths))
    known = {"day": times, "week": len(weekdays), "month": days}.get(count.unit, -1)
    if known <= 0:
        refuse(f"At which {'times' if count.unit in ('day', 'hour') else 'days'} is not said.",
               "Write twice a day at 8 and 20, or twice a week on Monday and Thursday.")  # fmt: skip
    if known != count.number:
        refuse(f"It says {count.number} times a {count.unit} and names {known}.", "Name as many as it says.")


def _bounded(when: When, parts: Sequence[Said], now: datetime) -> When:
    first, last = spans.ends(parts, when.zone, now)
    when = replace(when, first=first, last=last)
    if when.weeks > 1 or when.days > 1:
        every = replace(when, weeks=1, days=1, last=None)
        found = after(every, now)
        if found is not None:
            day = found.astimezone(zone_of(when.zone)).date()
            when = replace(when, first=max(first, day) if first and when.days == 1 else first or day)
    return spans.lasted(when, parts, now)


def _joined(found: Sequence[Except]) -> Except:
    return Except(tuple(day for one in found for day in one.weekdays), tuple(m for one in found for m in one.months))


def _of(parts: Sequence[Said], kind: type[_A]) -> list[_A]:
    return [one for one in parts if isinstance(one, kind)]
