"""A panel at the right that shows a source of an answer: the page of a document with the passage marked, or its text.

It stands beside the chat and can be made wider; on a narrow screen it is a sheet above it.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import streamlit as st

_HERE = Path(__file__).parent
_SHARED = _HERE.parent
_FRAME = ("dom", "prose", "side_panel")
_mount = st.components.v2.component(
    "source_panel",
    html='<div class="root">\n</div>',
    css="".join(path.read_text() for path in (*(_SHARED / f"{name}.css" for name in _FRAME), _HERE / "panel.css")),
    js="\n".join(path.read_text() for path in (_SHARED / "dom.js", _SHARED / "side_panel.js", _HERE / "panel.js")),
)

Mark = tuple[float, float, float, float]
"""A rectangle on a page, as shares of its width and height: left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page as a picture, with the rectangles that the passage covers. `alt` says what it shows."""

    data: bytes
    mime: str
    marks: tuple[Mark, ...]
    alt: str

    def wire(self) -> dict[str, Any]:
        """For the browser."""
        address = f"data:{self.mime};base64,{b64encode(self.data).decode()}"
        return {"address": address, "marks": [list(mark) for mark in self.marks], "alt": self.alt}


@dataclass(frozen=True, slots=True)
class ShownSource:
    """A source as the panel shows it. `html` is rendered text with the passage in `<mark>`; `note` says what the reader
    should know about it; `document` is the whole one, if it can be opened. `key` differs for each source of each
    answer; `at` is its place among the sources of the answer, `steps` are the places that can be leafed through."""

    key: str
    title: str
    place: str = ""
    number: int = 0
    score: float | None = None
    html: str = ""
    picture: PagePicture | None = None
    note: str = ""
    document: str = ""
    at: int = 0
    steps: tuple[int, ...] = ()

    def wire(self) -> dict[str, Any]:
        """For the browser."""
        return {
            "key": self.key,
            "title": self.title,
            "place": self.place,
            "number": self.number,
            "score": None if self.score is None else f"{self.score:.2f}",
            "html": self.html,
            "picture": self.picture.wire() if self.picture else None,
            "note": self.note,
            "document": self.document,
            "at": self.at,
            "steps": list(self.steps),
        }


def source_panel(
    shown: ShownSource | None, *, on_event: Callable[[dict[str, Any]], object], key: str = "source_panel"
) -> None:
    """Show `shown`, or nothing. `on_event` hears {"kind": "close"} and {"kind": "step", "to": place among the sources}
    and {"kind": "open-document", "document"} before the next run of the page."""

    def told() -> None:
        event = cast("dict[str, Any] | None", st.session_state[key].event)
        if event:
            on_event(event)

    with st.container(key="panel_slot"):
        _mount(data={"shown": shown.wire() if shown else None}, key=key, on_event_change=told)
