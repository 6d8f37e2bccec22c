"""The library's conversations: rows to open, and boxes to act on several at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, cast

import streamlit as st

_HERE = Path(__file__).parent
_SHARED = _HERE.parent
_mount = st.components.v2.component(
    "library_list",
    html='<div class="root">\n</div>',
    css=(_SHARED / "dom.css").read_text() + (_HERE / "library.css").read_text(),
    js="\n".join(
        path.read_text()
        for path in (_SHARED / "dom.js", _SHARED / "steady.js", _SHARED / "choosing.js", _HERE / "library.js")
    ),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One conversation as a row, everything in words. `cost` is left out where costs are not shown."""

    id: str
    title: str
    changed: str
    model: str = ""
    tokens: str = ""
    cost: str = ""
    pinned: bool = False
    archived: bool = False
    running: bool = False


@dataclass(frozen=True, slots=True)
class LibraryEvent:
    """What was done with the conversations `ids`."""

    do: Literal["open", "archive", "unarchive", "delete"]
    ids: tuple[str, ...]


def library_list(
    entries: Sequence[Entry], *, costs: bool = True, revision: int = 0, key: str = "library_list"
) -> LibraryEvent | None:
    """Draw the rows; return what was done, if anything. A raised `revision` draws them anew and empties the boxes."""
    data = {"rows": [asdict(entry) for entry in entries], "costs": costs, "revision": revision}
    event = cast("dict[str, Any] | None", _mount(data=data, key=key, on_event_change=_nothing).event)
    return LibraryEvent(event["do"], tuple(map(str, event["ids"]))) if event else None


def _nothing() -> None:
    """Declares the trigger, so that the result always has it."""
