"""When a schedule runs: once, or again and again. The form that is stored, and its checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal, TypeVar, cast

from hub.errors import BadInput
from hub.schedules.when.cron import cron, regrouped
from hub.schedules.when.zones import zone_of

MOST_CRONS = 24
MOST_APART = {"weeks": 104, "days": 366}
YEARS = range(1970, 2200)
_T = TypeVar("_T")
_KEYS = {
    "once": {"kind", "zone", "at"},
    "repeat": {"kind", "zone", "crons", "weeks", "days", "first", "last"},
}


@dataclass(frozen=True, slots=True)
class When:
    """Times in `zone`, an IANA name.

    `kind` "once": `at` is the local time, without a zone of its own, in whole minutes. "repeat": whenever one of
    `crons` fits (five fields, in the one spelling of `cron`), on days from `first` to `last`, both included. With
    `weeks` above 1 only in every so manieth week, from Monday to Sunday, counted from the week of `first`; with `days`
    above 1 only on every so manieth day from `first`.
    """

    kind: Literal["once", "repeat"]
    zone: str
    at: datetime | None = None
    crons: tuple[str, ...] = ()
    weeks: int = 1
    days: int = 1
    first: date | None = None
    last: date | None = None


def plain(when: When) -> dict[str, Any]:
    """The JSON form, which `read` takes; what is as usual is left out."""
    if when.at is not None:
        return {"kind": "once", "zone": when.zone, "at": when.at.isoformat(timespec="minutes")}
    row: dict[str, Any] = {"kind": "repeat", "zone": when.zone, "crons": list(when.crons)}
    row |= {name: number for name, number in (("weeks", when.weeks), ("days", when.days)) if number > 1}
    row |= {name: day.isoformat() for name, day in (("first", when.first), ("last", when.last)) if day}
    return row


def read(row: Mapping[str, Any], now: datetime | None = None) -> When:
    """The time that the JSON form says. With `now`, aware, one that lies wholly in the past is refused. Raises
    BadInput that says what is wrong."""
    kind = row.get("kind")
    if kind not in _KEYS:
        raise BadInput('"kind" must be "once" or "repeat".')
    if strange := sorted(str(key) for key in row if key not in _KEYS[kind]):
        raise BadInput(f'"{strange[0]}" does not belong to a time of the kind "{kind}".')
    zone = row.get("zone")
    if not isinstance(zone, str):
        raise BadInput('"zone" must be the name of a time zone.', hint="As in Europe/Berlin or UTC.")
    zone_of(zone)
    when = When("once", zone, _moment(row.get("at"))) if kind == "once" else _repeat(zone, row)
    return checked(when, now)


def checked(when: When, now: datetime | None = None) -> When:
    """`when` itself if it ever comes, after `now` if that is given. Raises BadInput."""
    from hub.schedules.when.times import after, slot

    if when.at is not None:
        if now is not None and slot(when.at, when.zone) <= now:
            raise BadInput(
                f"{when.at:%A} {when.at.day} {when.at:%B %Y} at {when.at:%H:%M}, {when.zone}, is in the past.",
                hint="Name a time that is still to come.",
            )
        return when
    if when.last and when.first and when.last < when.first:
        raise BadInput("The last day is before the first.", hint="Give the earlier day first.")
    if when.last and now is not None and when.last < now.astimezone(zone_of(when.zone)).date():
        raise BadInput(f"The last day, {when.last}, is in the past.", hint="Name a day that is still to come.")
    begin = _begin(when) if now is None else max(now, _begin(when))
    for one in when.crons:
        if after(When("repeat", when.zone, crons=(one,)), begin) is None:
            raise BadInput(f'"{one}" never comes.', hint="No year has such a day.")
    if after(when, begin) is None:
        raise BadInput("That never comes between its first and its last day.", hint="Give it more days, or none.")
    return when


def _begin(when: When) -> datetime:
    """A moment before the first slot, or before some of them where it has no first day."""
    if when.first is None and when.last is None:
        return datetime(2026, 1, 1, tzinfo=UTC)
    day = when.first or (when.last or date.max) - timedelta(days=366 * 8)
    return datetime.combine(day - timedelta(days=2), datetime.min.time(), UTC)


def _repeat(zone: str, row: Mapping[str, Any]) -> When:
    given = row.get("crons")
    if not isinstance(given, list | tuple) or not given:
        raise BadInput('"crons" must be a list of cron expressions.', hint='As in ["0 9 * * 1-5"].')
    listed = cast("list[object]", list(given))  # pyright: ignore[reportUnknownArgumentType]
    texts = [one for one in listed if isinstance(one, str)]
    if len(texts) != len(listed) or len(texts) > 100:
        raise BadInput('"crons" must be texts, a hundred at most.')
    first, last = _day(row, "first"), _day(row, "last")
    weeks, days = _apart(row, "weeks"), _apart(row, "days")
    if (weeks > 1 or days > 1) and first is None:
        raise BadInput('"weeks" and "days" are counted from the first day, which is missing.', hint="Add a first day.")
    if weeks > 1 and days > 1:
        raise BadInput('Either "weeks" or "days" can be counted, not both.')
    return When("repeat", zone, None, spelled(texts), weeks, days, first, last)


def spelled(texts: list[str]) -> tuple[str, ...]:
    """Expressions as they are stored: one way of saying what they say together. Raises BadInput."""
    found = regrouped([cron(text) for text in texts])
    if len(found) > MOST_CRONS:
        raise BadInput(f"A schedule has at most {MOST_CRONS} cron expressions.", hint="Make two schedules of it.")
    return found


def _moment(value: object) -> datetime:
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        at = None
    if at is None or not isinstance(value, str) or "T" not in value.replace(" ", "T"):
        raise BadInput(f'"at" is no date and time: {value!r}.'[:200], hint="As in 2026-12-01T09:00, in local time.")
    if at.tzinfo is not None:
        raise BadInput('"at" is a local time and has no offset.', hint='The zone stands in "zone".')
    if at.second or at.microsecond:
        raise BadInput("Schedules go by the minute, not by seconds.", hint="As in 2026-12-01T09:00.")
    return _within(at, at.date())


def _day(row: Mapping[str, Any], name: str) -> date | None:
    value = row.get(name)
    if value is None:
        return None
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        day = None
    if day is None:
        raise BadInput(f'"{name}" is no day that there is: {value!r}.'[:200], hint="As in 2026-12-04.")
    return _within(day, day)


def _within(value: _T, day: date) -> _T:
    if day.year not in YEARS:
        raise BadInput(f"The year {day.year} is out of reach.", hint=f"Years from {YEARS[0]} to {YEARS[-1]}.")
    return value


def _apart(row: Mapping[str, Any], name: str) -> int:
    value = row.get(name, 1)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_APART[name]:
        raise BadInput(f'"{name}" must be a whole number from 1 to {MOST_APART[name]}.')
    return value
