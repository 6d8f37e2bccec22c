"""What a person should know about the times to come: days on which clocks change, and days that not all months have."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim

from hub.schedules.when.cron import Cron, cron
from hub.schedules.when.records import When
from hub.schedules.when.sentence import both, day
from hub.schedules.when.times import between, slot
from hub.schedules.when.zones import zone_of

AHEAD = timedelta(days=360)


def notes(when: When, moment: datetime) -> list[str]:
    """Sentences about the times after `moment`, aware, within a year; only what matters for this schedule."""
    zone = zone_of(when.zone)
    if when.at is not None:
        changes = _changes(zone, slot(when.at, when.zone) - timedelta(days=2), timedelta(days=4))
        return [text for change in changes for text in _once(when.at, *change)]
    said = [text for change in _changes(zone, moment, AHEAD) for text in _told(when, *change)]
    return said + _lacking(when)


def _changes(zone: ZoneInfo, begin: datetime, reach: timedelta) -> list[tuple[datetime, datetime]]:
    """Local times before and after each change of clocks, without their zone: (02:00, 03:00) when they go forward."""
    found: list[tuple[datetime, datetime]] = []
    step = timedelta(days=1)
    at = begin.astimezone(UTC)
    end = at + reach
    while at < end:
        if at.astimezone(zone).utcoffset() != (at + step).astimezone(zone).utcoffset():
            low, high = 0, 24 * 60 * 60
            while high - low > 1:
                middle = (low + high) // 2
                same = (at + timedelta(seconds=middle)).astimezone(zone).utcoffset() == at.astimezone(zone).utcoffset()
                low, high = (middle, high) if same else (low, middle)
            last = (at + timedelta(seconds=low)).astimezone(zone).replace(tzinfo=None, microsecond=0)
            first = (at + timedelta(seconds=high)).astimezone(zone).replace(tzinfo=None, microsecond=0)
            before = (last + timedelta(seconds=1)).replace(second=0)
            found.append((before, first.replace(second=0)))
        at += step
    return found


def _once(at: datetime, before: datetime, now: datetime) -> list[str]:
    if before <= at < now:
        return [f"{_forward(before)}: there is no {at:%H:%M}, it runs at {now:%H:%M}."]
    if now <= at < before:
        return [f"{_back(before)}: it runs at the first {at:%H:%M}."]
    return []


def _told(when: When, before: datetime, now: datetime) -> list[str]:
    """What a change does to times of a schedule, if it runs on that day."""
    low, high = min(before, now), max(before, now)
    first = slot(low, when.zone) - timedelta(minutes=1)
    last = slot(high, when.zone) + timedelta(minutes=1)
    if not between(_every_minute_of(when), first, last, 1):
        return []
    fixed, wild = set[str](), set[str]()
    for text in when.crons:
        one = cron(text)
        hit = [found for found in _nominal(one, low, high) if not (one.minute.startswith("*") and one.hour == "*")]
        if one.fixed:
            fixed |= {f"{found:%H:%M}" for found in hit}
        elif one.hour != "*":
            wild |= {f"{found:%H:%M}" for found in hit}
    said: list[str] = []
    if before < now:
        if fixed:
            said.append(f"{_forward(before)}: it runs at {now:%H:%M} instead of {_few(fixed)}.")
        if wild:
            said.append(f"{_forward(before)}: it does not run at {_few(wild)}.")
    else:
        if fixed:
            said.append(f"{_back(before)}: it runs once, at the first {_few(fixed)}.")
        if wild:
            said.append(f"{_back(before)}: it runs twice at {_few(wild)}.")
    return said


def _every_minute_of(when: When) -> When:
    """The same days, at every minute: whether a change falls on one of them."""
    days = tuple({f"* * {cron(text).day}" for text in when.crons})
    return When("repeat", when.zone, None, days, when.weeks, when.days, when.first, when.last)


def _nominal(one: Cron, low: datetime, high: datetime) -> list[datetime]:
    """The local times from `low` up to `high` that an expression says."""
    found: list[datetime] = []
    for at in CronSim(one.text, low - timedelta(seconds=1)):
        if at >= high:
            break
        found.append(at)
    return found


def _forward(before: datetime) -> str:
    return f"On {before:%A} {day(before.date())} clocks go forward at {before:%H:%M}"


def _back(before: datetime) -> str:
    return f"On {before:%A} {day(before.date())} clocks go back at {before:%H:%M}"


def _few(times: set[str]) -> str:
    told = sorted(times)
    return both(told) if len(told) <= 4 else f"{told[0]} to {told[-1]}"


def _lacking(when: When) -> list[str]:
    """Days that some months do not have."""
    dated = [one for one in map(cron, when.crons) if one.day.split()[0].replace(",", "").replace("-", "").isdigit()]
    said: list[str] = []
    for one in dated:
        highest = max(mark for mark in one.days if isinstance(mark, int))
        if one.months == frozenset({2}) and highest == 29:
            said.append("29 February comes in leap years only.")
        elif highest > 28 and any(highest > _longest(month) for month in one.months):
            said.append(f"Months without a {highest}{'st' if highest == 31 else 'th'} are left out.")
    return sorted(set(said))


def _longest(month: int) -> int:
    return 28 if month == 2 else 30 if month in (4, 6, 9, 11) else 31
