"""Passages of documents in order, or as a question finds them with what speaks for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

import streamlit as st

_HERE = Path(__file__).parent
_mount = st.components.v2.component(
    "passage_list",
    html='<div class="root">\n</div>',
    css=(_HERE.parent / "dom.css").read_text() + (_HERE / "list.css").read_text(),
    js="\n".join(path.read_text() for path in (_HERE.parent / "dom.js", _HERE.parent / "steady.js", _HERE / "list.js")),
)


@dataclass(frozen=True, slots=True)
class Bar:
    """One reason for a passage: its name, its value in words, and how long its bar is (0 to 1); `title` explains it."""

    name: str
    value: str
    share: float
    title: str = ""


@dataclass(frozen=True, slots=True)
class PassageRow:
    """A passage as it is drawn. `number` stands in front, `title` and `place` say where it is, `facts` what it is."""

    id: str
    number: str
    text: str
    title: str = ""
    place: str = ""
    facts: str = ""
    quiet: bool = False
    bars: tuple[Bar, ...] = ()


def passage_list(rows: Sequence[PassageRow], *, label: str, key: str) -> str | None:
    """Draw the passages; the id of the one that was opened, if any."""
    data = {"rows": [asdict(row) for row in rows], "label": label}
    event = cast("dict[str, Any] | None", _mount(data=data, key=key, on_event_change=_nothing).event)
    return str(event["id"]) if event else None


def _nothing() -> None:
    """Declares the trigger, so that the result always has it."""
