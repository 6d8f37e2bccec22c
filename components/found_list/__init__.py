"""What a search over everything found: passages under their conversations, documents, memories."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import streamlit as st

from components.clock import long_ago
from hub.library.records import Found, Passage, Talk, Thing

_HERE = Path(__file__).parent
_mount = st.components.v2.component(
    "found_list",
    html='<div class="root">\n</div>',
    css=(_HERE.parent / "dom.css").read_text() + (_HERE / "found.css").read_text(),
    js="\n".join(
        path.read_text() for path in (_HERE.parent / "dom.js", _HERE.parent / "steady.js", _HERE / "found.js")
    ),
)


def found_list(found: Found, now: datetime, *, key: str = "found_list") -> str | None:
    """Draw what was found; the address of what was opened, if anything. `now` carries the viewer's time zone."""
    groups = [
        {"title": "Messages", "talks": [_talk(one, now) for one in found.talks]},
        {"title": "Documents", "things": [_thing(one, now) for one in found.documents]},
        {"title": "Memories", "things": [_thing(one, now) for one in found.memories]},
    ]
    data = {"groups": [one for one in groups if one.get("talks") or one.get("things")]}
    event = cast("dict[str, Any] | None", _mount(data=data, key=key, on_event_change=_nothing).event)
    return str(event["link"]) if event else None


def _talk(one: Talk, now: datetime) -> dict[str, Any]:
    icons = [name for name, wanted in (("keep", one.pinned), ("archive", one.archived)) if wanted]
    return {
        **asdict(one),
        "updated_at": "",
        "changed": long_ago(one.updated_at, now),
        "icons": icons,
        "passages": [_passage(passage, now) for passage in one.passages],
    }


def _passage(one: Passage, now: datetime) -> dict[str, Any]:
    who = "You" if one.role == "user" else one.model or "Answer"
    return {"who": who, "said": long_ago(one.at, now), "pieces": one.pieces, "link": one.link}


def _thing(one: Thing, now: datetime) -> dict[str, Any]:
    return {**asdict(one), "at": long_ago(one.at, now)}


def _nothing() -> None:
    """Declares the trigger, so that the result always has it."""
