"""What words about a time mean, before anything is saved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from hub.db.who import Who
from hub.errors import BadInput, HubError
from hub.models import catalogue
from hub.schedules.when import When, by_model, notes, parse, sentence, upcoming

MOST_NOTES = 4
MOST_TIMES = 200
MOST_A_DAY = 24
TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Preview:
    """A time as it was understood: `said` reads it back, `times` are the next moments in UTC, `notes` what one should
    know of them. Without `when` nothing was understood, and `problem` says why ("": nothing was written);
    `unreadable`: the rules do not know its words, and a model may. `by` is the model that proposed it."""

    when: When | None = None
    said: str = ""
    times: tuple[datetime, ...] = ()
    notes: tuple[str, ...] = ()
    problem: str = ""
    unreadable: bool = False
    by: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """What a person's words about a time mean, said at `moment` in the zone that it bears."""

    who: Who
    moment: datetime

    def look(self, text: str) -> Preview:
        """By the rules."""
        return preview(text, self._zone, self.moment)

    def ask(self, text: str) -> Preview:
        """By the person's default model."""
        return asked(self.who, text, self._zone, self.moment, catalogue.default_model(self.who))

    @property
    def _zone(self) -> str:
        return str(self.moment.tzinfo or "UTC")


def preview(text: str, zone: str, moment: datetime, *, count: int = 5) -> Preview:
    """Plain words or cron as said at `moment` by somebody in `zone`, with the next `count` times."""
    if not text.strip():
        return Preview()
    try:
        when = parse(text, zone, moment)
    except BadInput as error:
        return Preview(problem=error.sentence, unreadable=error.kind == "unreadable")
    return of(when, moment, count=count)


def asked(who: Who, text: str, zone: str, moment: datetime, model: str | None) -> Preview:
    """What `model` (None: there is none) makes of words that the rules cannot read."""
    if not model:
        return Preview(problem="There is no model to ask. Choose a default model on the page of models.")
    try:
        made = by_model.propose(who, text, zone, moment, model)
    except HubError as error:
        return Preview(problem=error.sentence)
    return replace(of(made.when, moment), by=made.model)


def of(when: When, moment: datetime, *, count: int = 5) -> Preview:
    """The same for a time that is stored."""
    return Preview(when, sentence(when), tuple(upcoming(when, moment, count)), tuple(notes(when, moment)[:MOST_NOTES]))


@dataclass(frozen=True, slots=True)
class Due:
    """The times of a schedule on one day where the viewer is: the first, how many, and whether there are `more` than
    were counted."""

    at: datetime
    count: int
    more: bool = False


def ahead(when: When, start: datetime, end: datetime) -> list[Due]:
    """The days on which a schedule is due from `start` and before `end`, in the zone of `start`. One that is due very
    often is looked at day by day, so that a month of minutes costs no more than a month of days."""
    found = upcoming(when, start - TICK, MOST_TIMES)
    if len(found) < MOST_TIMES or found[-1] >= end:
        days: dict[date, list[datetime]] = {}
        for one in found:
            if one < end:
                days.setdefault(one.astimezone(start.tzinfo).date(), []).append(one)
        return [Due(times[0], len(times)) for times in days.values()]
    return list(_each_day(when, start, end))


def _each_day(when: When, start: datetime, end: datetime) -> Iterator[Due]:
    while start < end:
        after = datetime.combine(start.date() + timedelta(days=1), time(), start.tzinfo)
        times = [one for one in upcoming(when, start - TICK, MOST_A_DAY + 1) if one < min(after, end)]
        if times:
            yield Due(times[0], min(len(times), MOST_A_DAY), len(times) > MOST_A_DAY)
        start = after
