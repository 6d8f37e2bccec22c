"""The projects as calm cards; each is a link."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import streamlit as st

from components.clock import long_ago
from hub.projects.records import Project

_HERE = Path(__file__).parent
_mount = st.components.v2.component(
    "project_cards",
    html='<div class="root">\n</div>',
    css=(_HERE.parent / "dom.css").read_text() + (_HERE / "cards.css").read_text(),
    js="\n".join(
        path.read_text() for path in (_HERE.parent / "dom.js", _HERE.parent / "steady.js", _HERE / "cards.js")
    ),
)
SHORTEN = 220


def project_cards(projects: Sequence[Project], now: datetime, *, key: str = "project_cards") -> str | None:
    """Draw a card for each; the id of the one that was opened, if any. `now` carries the viewer's time zone."""
    data = {"cards": [_card(one, now) for one in projects]}
    event = cast("dict[str, Any] | None", _mount(data=data, key=key, on_event_change=_nothing).event)
    return str(event["id"]) if event else None


def _card(one: Project, now: datetime) -> dict[str, str]:
    text = " ".join((one.description or one.instructions).split())[:SHORTEN]
    return {"id": one.id, "name": one.name, "text": text, "changed": f"Changed {long_ago(one.updated_at, now)}"}


def _nothing() -> None:
    """Declares the trigger, so that the result always has it."""
