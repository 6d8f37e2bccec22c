"""The moments at which something runs. cronsim does the sums: a local time that a day lacks runs when clocks have gone
forward, one that a day has twice runs at the first; with a star in front of minute or hour it goes by real time.

Slots depend on the schedule alone, not on who asks when: `after` of a moment is the same whatever was asked before.
"""

from __future__ import annotations

from collections.abc import Generator
from datetime import UTC, date, datetime, time, timedelta
from heapq import merge
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from cronsim import CronSim

from hub.schedules.when.cron import cron
from hub.schedules.when.records import When
from hub.schedules.when.zones import zone_of

REACH = timedelta(days=366 * 50)
_SHIFT = timedelta(hours=26)
"""More than clocks are ever set back."""


def slot(at: datetime, zone: str) -> datetime:
    """The moment, in UTC, at which clocks in `zone` show `at`: the first if they show it twice, and if they never do,
    when they have gone forward."""
    place = zone_of(zone)
    found = at.replace(tzinfo=place, fold=0)
    while not exists(found):
        at += timedelta(minutes=1)
        found = at.replace(tzinfo=place)
    return found.astimezone(UTC)


def exists(local: datetime) -> bool:
    """Clocks in its zone show this time."""
    return local.astimezone(UTC).astimezone(local.tzinfo).replace(tzinfo=None) == local.replace(tzinfo=None)


def after(when: When, moment: datetime) -> datetime | None:
    """The first slot strictly after `moment`, both aware; the answer in UTC, None when there is none for fifty
    years."""
    return next(slots(when, moment), None)


def upcoming(when: When, moment: datetime, n: int) -> list[datetime]:
    """The next `n` slots strictly after `moment`, fewer where it ends."""
    return list(islice(slots(when, moment), n))


def between(when: When, start: datetime, end: datetime, most: int) -> list[datetime]:
    """The slots after `start` up to and with `end`, oldest first; of more than `most` the newest ones."""
    reach = timedelta(hours=1)
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    while True:
        begin = max(start, end - reach)
        found = list(takewhile(lambda one: one <= end, slots(when, begin)))
        if len(found) >= most or begin == start:
            return found[-most:] if most > 0 else []
        reach *= 4


def slots(when: When, moment: datetime) -> Generator[datetime]:
    """All slots strictly after `moment`, each once, in order, for fifty years."""
    if when.at is not None:
        if (one := slot(when.at, when.zone)) > moment:
            yield one
        return
    zone = zone_of(when.zone)
    newest, end = moment.astimezone(UTC), moment.astimezone(UTC) + REACH
    for one in merge(*(_ticks(text, when, zone, newest) for text in when.crons)):
        if one > end:
            return
        if one > newest:
            newest = one
            yield one


def _ticks(text: str, when: When, zone: ZoneInfo, moment: datetime) -> Generator[datetime]:
    """The slots of one expression, from `moment` or a little before, some perhaps twice."""
    local, end = _from(moment, zone), moment + REACH
    fixed = cron(text).fixed
    if when.first and when.first > local.date():
        local = _eve(when.first, zone)
    while True:
        for found in CronSim(text, local.replace(tzinfo=None) if fixed else local):
            day = found.date()
            due = _due(when, day)
            if (when.last and due > when.last) or day.year > end.year:
                return
            if due > day:
                local = _eve(due, zone)
                break
            yield slot(found, when.zone) if fixed else found.astimezone(UTC)
        else:
            return


def _from(moment: datetime, zone: ZoneInfo) -> datetime:
    """Where to begin, in local time: further back when clocks change around `moment`, as a wall time does not tell
    which of two moments it is."""
    around = {(moment + shift).astimezone(zone).utcoffset() for shift in (-_SHIFT, timedelta(0), _SHIFT)}
    return (moment if len(around) == 1 else moment - _SHIFT).astimezone(zone)


def _eve(day: date, zone: ZoneInfo) -> datetime:
    """The last moment before `day`."""
    return datetime.combine(day - timedelta(days=1), time(23, 59, 59), zone)


def _due(when: When, day: date) -> date:
    """The first day from `day` on that is one of every so manieth week or day."""
    if when.first is None:
        return day
    if when.days > 1:
        return day + timedelta(days=(when.first - day).days % when.days)
    monday = when.first - timedelta(days=when.first.weekday())
    away = (day - monday).days // 7 % when.weeks
    return day if away == 0 else day - timedelta(days=day.weekday()) + timedelta(weeks=when.weeks - away)
