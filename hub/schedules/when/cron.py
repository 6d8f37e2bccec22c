"""Five-field cron expressions, read as cronsim reads them, in one spelling for all that mean the same."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from cronsim import CronSim, CronSimError

from hub.errors import BadInput

FIELDS = (
    "Five fields: minute 0-59, hour 0-23, day of the month 1-31 or L, month 1-12 or JAN-DEC, weekday 0-7 or MON-SUN "
    "(0 and 7 are Sunday), as in 0 9 * * 1-5."
)
NICKNAMES = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
LAST, LAST_WEEKDAY = "L", "LW"
_LONGEST = 200
_STEADY = range(5, 21)
"""Hours in which no zone's clocks change, so that wildcards and lists mean the same."""
_MINUTES, _HOURS, _DAYS, _MONTHS, _WEEKDAYS = range(60), range(24), range(1, 32), range(1, 13), range(7)
_NAMES = {"minute": "minute", "hour": "hour", "day-of-month": "day of the month", "month": "month"}
_WRAPPED = re.compile(r"\b([A-Z]{3}|\d+)-([A-Z]{3}|\d+)\b")
Nth = tuple[int, int]
"""A weekday (0 is Sunday) and which one of the month, 1 to 5, or -1 for the last."""


@dataclass(frozen=True, slots=True)
class Cron:
    """An expression in one spelling, and what its fields hold. `days` may hold "L" and "LW"; `weekdays` are numbers
    from 0, Sunday, and `nths` the n-th ones of the month. `both` says that day and weekday must fit, not one."""

    text: str
    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int | str]
    months: frozenset[int]
    weekdays: frozenset[int]
    nths: frozenset[Nth]
    both: bool

    @property
    def minute(self) -> str:
        return self.text.split()[0]

    @property
    def hour(self) -> str:
        return self.text.split()[1]

    @property
    def day(self) -> str:
        """The last three fields."""
        return " ".join(self.text.split()[2:])

    @property
    def fixed(self) -> bool:
        """It goes by what clocks show; with a star in front, where clocks may change, by the time that passes."""
        return not self.hour.startswith("*") and (not self.minute.startswith("*") or self.hours <= set(_STEADY))

    @property
    def times(self) -> list[int]:
        """Its times of day in minutes."""
        return sorted(hour * 60 + minute for hour in self.hours for minute in self.minutes)


def is_cron(text: str) -> bool:
    """It is meant as a cron expression, well or badly written."""
    words = text.split()
    if text.startswith("@"):
        return True
    signs = set("0123456789*/,-#?")
    return (
        len(words) >= 4
        and all(set(word) <= signs or re.fullmatch(r"[0-9A-Za-z,#L*/?-]{1,40}", word) for word in words)
        and set(words[0]) <= signs
        and (set(words[1]) <= signs)
        and any(word == "*" or "*" in word or "?" in word for word in words)
    ) or (len(words) in (5, 6) and all(set(word) <= signs for word in words))


@lru_cache(maxsize=4096)
def cron(text: str) -> Cron:
    """Reads an expression. Raises BadInput that says which field is wrong."""
    shown = text.strip()[:60]
    if len(text) > _LONGEST:
        raise BadInput(f"A cron expression has at most {_LONGEST} characters.", hint=FIELDS)
    words = NICKNAMES.get(text.strip().lower(), text).upper().split()
    if text.strip().startswith("@") and len(words) < 5:
        raise BadInput(f'"{shown}" is not known.', hint=f"Known are {', '.join(NICKNAMES)}.")
    if len(words) == 6:
        raise BadInput(f'"{shown}" has six fields; schedules go by the minute, not by seconds.', hint=FIELDS)
    if len(words) != 5:
        raise BadInput(f'"{shown}" has {len(words)} fields instead of five.', hint=FIELDS)
    words[4] = _unwrapped(words[4])
    try:
        read = CronSim(" ".join(words), datetime(2024, 1, 1))
    except CronSimError as error:
        name = str(error).removeprefix("Bad ")
        if name == "day-of-month" and all(one.isdigit() and 1 <= int(one) <= 31 for one in words[2].split(",")):
            raise BadInput(f'"{shown}" never comes: no such month has such a day.', hint=FIELDS) from error
        field = _NAMES.get(name, "weekday")
        raise BadInput(f'"{shown}" is no cron expression: its {field} cannot be read.', hint=FIELDS) from error
    return _spelled(words, read)


def listed(times: Iterable[int], day: str) -> list[str]:
    """Expressions for fixed times of day, in minutes, on the days that the last three fields say."""
    minutes: dict[int, set[int]] = {}
    for one in times:
        minutes.setdefault(one // 60, set()).add(one % 60)
    hours: dict[frozenset[int], list[int]] = {}
    for hour, past in sorted(minutes.items()):
        hours.setdefault(frozenset(past), []).append(hour)
    return [cron(f"{_list(past)} {_list(these)} {day}").text for past, these in hours.items()]


def regrouped(crons: Iterable[Cron]) -> tuple[str, ...]:
    """One spelling for all lists of expressions that say the same: "on the 13th or a Friday" becomes two, fixed times
    on the same days are put together."""
    fixed: dict[str, set[int]] = {}
    texts: set[str] = set()
    for one in crons:
        for day in _apart(one):
            if one.fixed:
                fixed.setdefault(day, set()).update(one.times)
            else:
                texts.add(cron(f"{one.minute} {one.hour} {day}").text)
    texts.update(text for day, times in fixed.items() for text in listed(times, day))
    read = {text: cron(text) for text in texts}
    return tuple(sorted(read, key=lambda text: (read[text].day, min(read[text].hours), min(read[text].minutes), text)))


def _apart(one: Cron) -> list[str]:
    """The last three fields, one set for each way in which a day can fit."""
    day, month, weekday = one.day.split()
    ways = [] if one.both else [f"{day} {month} *"]
    if not one.both or day == "*":
        ways += [f"* {month} {_on(one.weekdays, frozenset())}"] if one.weekdays and weekday != "*" else []
        ways += [f"* {month} {_on(frozenset(), frozenset({nth}))}" for nth in sorted(one.nths)]
    return [way for way in ways if _comes(way)] or [one.day]


def _comes(day: str) -> bool:
    try:
        cron(f"0 0 {day}")
    except BadInput:
        return False
    return True


def _unwrapped(field: str) -> str:
    """FRI-SUN and SAT-MON, which people write, as lists: cron's weeks end on Saturday."""

    def listed(match: re.Match[str]) -> str:
        names = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
        ends = [names.index(one) if one in names else int(one) if one.isdigit() else 99 for one in match.groups()]
        first, last = ends
        if first <= last or first > 7:
            return match[0]
        return _list({day % 7 for day in range(first, last + 8)})

    return field if "/" in field or "#" in field else _WRAPPED.sub(listed, field)


def _spelled(words: list[str], read: CronSim) -> Cron:
    minutes, hours, months = frozenset(read.minutes), frozenset(read.hours), frozenset(read.months)
    specials = {CronSim.LAST: LAST, CronSim.LAST_WEEKDAY: LAST_WEEKDAY}
    days: frozenset[int | str] = frozenset(specials.get(day, day) for day in read.days)
    weekdays = frozenset(item % 7 for item in read.weekdays if isinstance(item, int))
    pairs = {item for item in read.weekdays if isinstance(item, tuple)}
    nths: frozenset[Nth] = frozenset((day % 7, -1 if which == CronSim.LAST else which) for day, which in pairs)
    every_day, every_weekday = days >= set(_DAYS), weekdays >= set(_WEEKDAYS)
    if every_day:
        days = frozenset(_DAYS)
    if every_weekday:
        nths = frozenset[Nth]()
    if not read.day_and and (every_day or every_weekday):
        days, weekdays, nths, every_day, every_weekday = (
            frozenset(_DAYS),
            frozenset(_WEEKDAYS),
            frozenset[Nth](),
            True,
            True,
        )
    day = "*" if every_day else words[2] if words[2].startswith("*") and not every_weekday else _marked(days)
    weekday = "*" if every_weekday else words[4] if words[4].startswith("*") and not every_day else _on(weekdays, nths)
    steady = hours <= set(_STEADY)
    minute = _stepped(words[0], minutes, _MINUTES, free=words[1].startswith("*") or steady)
    hour = _stepped(words[1], hours, _HOURS, free=False)
    month = "*" if len(months) == 12 else _list(months)
    text = f"{minute} {hour} {day} {month} {weekday}"
    return Cron(text, minutes, hours, days, months, weekdays, nths, read.day_and or every_day or every_weekday)


def _stepped(word: str, values: frozenset[int], whole: range, *, free: bool) -> str:
    """A list, or a star with its step; where the difference matters it stays what it was."""
    for step in range(1, len(whole) // 2 + 1):
        if (
            values == frozenset(whole[::step])
            and (word.startswith("*") or free)
            and (step == 1 or len(whole) % step == 0)
        ):
            return "*" if step == 1 else f"*/{step}"
    return word if word.startswith("*") and not free else _list(values)


def _marked(days: frozenset[int | str]) -> str:
    numbers = [day for day in days if isinstance(day, int)]
    return ",".join([*([_list(numbers)] if numbers else []), *sorted(day for day in days if isinstance(day, str))])


def _on(weekdays: frozenset[int], nths: frozenset[Nth]) -> str:
    which = [f"{day}L" if nth < 0 else f"{day}#{nth}" for day, nth in sorted(nths)]
    return ",".join([*([_list(weekdays)] if weekdays else []), *which])


def _list(values: Iterable[int]) -> str:
    """1,2,3,5 as 1-3,5."""
    runs: list[list[int]] = []
    for value in sorted(set(values)):
        if runs and runs[-1][-1] == value - 1:
            runs[-1].append(value)
        else:
            runs.append([value])
    return ",".join(f"{run[0]}-{run[-1]}" if len(run) > 2 else ",".join(map(str, run)) for run in runs)
