"""A month in days: what was due in each, what became of it, and what is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import streamlit as st

from components.schedules.words import STATUS, many
from hub.schedules.preview import Due
from hub.schedules.records import Occurrence, Schedule, Status

_HERE = Path(__file__).parent
_SHARED = _HERE.parents[1]
_mount = st.components.v2.component(
    "schedule_calendar",
    html='<div class="root">\n</div>',
    css=(_SHARED / "dom.css").read_text() + (_HERE / "calendar.css").read_text(),
    js="\n".join(path.read_text() for path in (_SHARED / "dom.js", _SHARED / "steady.js", _HERE / "calendar.js")),
)
_WORST: tuple[Status, ...] = ("running", "queued", "failed", "missed", "cancelled", "skipped", "done")


@dataclass(frozen=True, slots=True)
class Entry:
    """A schedule on one day. `tone` is a status, "due" for what is to come; `title` tells all of it in words."""

    id: str
    time: str
    text: str
    icon: str
    tone: str
    title: str


def calendar(
    was: Sequence[Occurrence], will: Sequence[tuple[Schedule, Due]], start: datetime, end: datetime, now: datetime,
    *, month: str,
) -> str | None:  # fmt: skip
    """Draw the days from `start` up to `end`; the schedule that was chosen. `month` is the name of the one meant."""
    days: dict[date, list[Entry]] = {}
    for day, entry in (*_past(was, now), *_future(will, now)):
        days.setdefault(day, []).append(entry)
    shown = [start.date() + timedelta(days=one) for one in range((end.date() - start.date()).days)]
    middle = (start + timedelta(days=10)).month
    cells = [
        {
            "number": day.day,
            "label": f"{day:%A} {day.day} {day:%B}",
            "today": day == now.date(),
            "outside": day.month != middle,
            "entries": [asdict(one) for one in sorted(days.get(day, ()), key=lambda one: one.time)],
        }
        for day in shown
    ]
    event = cast("dict[str, Any] | None", _mount(data={"month": month, "days": cells}, key="calendar",
                                                 on_event_change=_nothing).event)  # fmt: skip
    return str(event["id"]) if event else None


def _past(was: Sequence[Occurrence], now: datetime) -> list[tuple[date, Entry]]:
    grouped: dict[tuple[date, str], list[Occurrence]] = {}
    for one in reversed(was):
        grouped.setdefault((one.due_at.astimezone(now.tzinfo).date(), one.schedule), []).append(one)
    return [(day, _told(found, now)) for (day, _), found in grouped.items()]


def _told(found: Sequence[Occurrence], now: datetime) -> Entry:
    """The runs of a schedule on one day; it looks like the one that one should look at first."""
    counts = {status: sum(one.status == status for one in found) for status in _WORST}
    worst = next(status for status in _WORST if counts[status])
    time = f"{found[0].due_at.astimezone(now.tzinfo):%H:%M}"
    said = ", ".join(
        STATUS[status][0] if len(found) == 1 else f"{count} {STATUS[status][0]}"
        for status, count in counts.items()
        if count
    )
    name = found[-1].name
    text = name if len(found) == 1 else f"{name} ({len(found)})"
    return Entry(found[0].schedule, time, text, STATUS[worst][1], worst, f"{time} {name}: {said}")


def _future(will: Sequence[tuple[Schedule, Due]], now: datetime) -> list[tuple[date, Entry]]:
    made: list[tuple[date, Entry]] = []
    for one, due in will:
        local, name = due.at.astimezone(now.tzinfo), one.spec.name
        times = f"more than {due.count} times" if due.more else many(due.count, "time")
        text = name if due.count == 1 else f"{name} ({due.count}{'+' if due.more else ''})"
        title = f"{local:%H:%M} {name}: due" + ("" if due.count == 1 else f", {times}")
        made.append((local.date(), Entry(one.id, f"{local:%H:%M}", text, "schedule", "due", title)))
    return made


def _nothing() -> None:
    """Declares the trigger, so that the result always has it."""
