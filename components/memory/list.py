"""Facts as cards, as a table or along time: to open, and boxes to act on several at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, cast

import streamlit as st

from components.memory.words import Wish, many, row
from hub.memory.records import Fact

_HERE = Path(__file__).parent
_SHARED = _HERE.parent
_mount = st.components.v2.component(
    "memory_list",
    html='<div class="root">\n</div>',
    css=(_SHARED / "dom.css").read_text() + (_HERE / "list.css").read_text(),
    js="\n".join(
        path.read_text()
        for path in (_SHARED / "dom.js", _SHARED / "steady.js", _SHARED / "choosing.js", _HERE / "list.js")
    ),
)

Look = Literal["cards", "table", "timeline"]


def fact_list(
    facts: Sequence[Fact], now: datetime, *, look: Look = "cards", revision: int = 0, key: str = "memory_list"
) -> Wish | None:
    """Draw the facts; what was asked for, if anything. A raised `revision` draws them anew and empties the boxes."""
    rows = [asdict(row(fact, now)) for fact in facts]
    data = {"rows": rows, "look": look, "count": many(len(rows)), "revision": revision}
    event = cast("dict[str, Any] | None", _mount(data=data, key=key, on_event_change=_nothing).event)
    return (str(event["do"]), tuple(map(str, event["ids"]))) if event else None


def _nothing() -> None:
    """Declares the trigger, so that the result always has it."""
