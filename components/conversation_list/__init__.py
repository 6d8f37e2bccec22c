"""The sidebar's conversations: pinned and recent by date group, each row with its menu."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, Literal, cast

import streamlit as st

_HERE = Path(__file__).parent
_mount = st.components.v2.component(
    "conversation_list",
    html='<nav class="root" aria-label="Conversations">\n</nav>',
    css=(_HERE / "list.css").read_text(),
    js=(_HERE.parent / "steady.js").read_text() + "\n" + (_HERE / "list.js").read_text(),
)

Action = Literal["open", "rename", "pin", "unpin", "move", "archive", "delete", "all"]


@dataclass(frozen=True, slots=True)
class Row:
    """One conversation as the list shows it; `running` means that an answer is being written. `project` is the id of
    the one that it is in, if it is in one."""

    id: str
    title: str
    updated_at: datetime
    pinned: bool = False
    running: bool = False
    project: str | None = None


@dataclass(frozen=True, slots=True)
class ListEvent:
    """What the person did. `title` is the new title of a rename, else the title of the row; `project` is where a chat
    is moved to, None out of any."""

    do: Action
    id: str
    title: str = ""
    project: str | None = None


def conversation_list(
    rows: Sequence[Row],
    *,
    now: datetime,
    on_event: Callable[[ListEvent], object],
    projects: Mapping[str, str] | None = None,
    current: str | None = None,
    empty: str = "Your conversations will stand here.",
    see_all: str = "",
    searching: bool = False,
    revision: int = 0,
    key: str = "conversation_list",
) -> None:
    """Draw `rows` (newest first); `on_event` hears what was done with one of them before the next run of the page.

    `now` carries the viewer's time zone, in which the date groups are cut. `projects` are id to name, in the order in
    which they are offered. While `searching` the rows keep their
    order under one heading. `revision` is raised by the caller when the rows must be drawn anew although they are
    equal to what was sent last, as after a delete that was undone.
    """

    def told() -> None:
        event = cast("dict[str, Any] | None", st.session_state[key].event)
        if event:
            project = str(event["project"]) if event.get("project") else None
            on_event(ListEvent(event["do"], str(event.get("id", "")), str(event.get("title", "")), project))

    groups = [("Results", list(rows))] if searching and rows else by_date(rows, now)
    named = projects or {}
    data = {
        "groups": [{"title": title, "rows": [_wire(row, named) for row in members]} for title, members in groups],
        "projects": list(named.items()),
        "current": current,
        "empty": empty,
        "all": see_all,
        "revision": revision,
    }
    _mount(data=data, key=key, on_event_change=told)


def by_date(rows: Sequence[Row], now: datetime) -> list[tuple[str, list[Row]]]:
    """Rows under their headings, pinned first, empty groups left out."""
    groups: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: not row.pinned):
        heading = "Pinned" if row.pinned else _heading(row.updated_at, now)
        groups.setdefault(heading, []).append(row)
    return list(groups.items())


def _heading(moment: datetime, now: datetime) -> str:
    zone = cast(tzinfo, now.tzinfo)
    day, today = moment.astimezone(zone).date(), now.date()
    if day >= today:
        return "Today"
    if day == today - timedelta(days=1):
        return "Yesterday"
    if day > today - timedelta(days=7):
        return "Previous 7 days"
    if day > today - timedelta(days=30):
        return "Previous 30 days"
    return f"{day:%B}" if day.year == today.year else f"{day:%B %Y}"


def _wire(row: Row, projects: Mapping[str, str]) -> dict[str, object]:
    said = {"id": row.id, "title": row.title or "New chat", "pinned": row.pinned, "running": row.running}
    return {**said, "project": row.project, "project_name": projects.get(row.project or "", "")}
