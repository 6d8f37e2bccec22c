"""Things in rows: what each is called, how it stands, and a menu of what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, cast

import streamlit as st

_HERE = Path(__file__).parent
_mount = st.components.v2.component(
    "item_list",
    html='<div class="root">\n</div>',
    css=(_HERE.parent / "dom.css").read_text() + (_HERE / "list.css").read_text(),
    js=(_HERE.parent / "dom.js").read_text() + "\n" + (_HERE / "list.js").read_text(),
)


@dataclass(frozen=True, slots=True)
class Deed:
    """An entry of a row's menu: the word that comes back, its label and its Material symbol."""

    do: str
    label: str
    icon: str
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One row, everything in words. `said` tells how it stands, in the colour of its `tone`; `share` (0 to 1) draws how
    far it is; `facts` stand at the right."""

    id: str
    icon: str
    title: str
    said: str = ""
    facts: str = ""
    tone: Literal["", "busy", "warn", "error"] = ""
    share: float | None = None
    deeds: tuple[Deed, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemEvent:
    """What was done with the row `id`: "open", or the word of an entry of its menu."""

    do: str
    id: str


def item_list(items: Sequence[Item], *, label: str, address: str, key: str) -> ItemEvent | None:
    """Draw the rows under the name `label`; what was done, if anything. `address` with an id leads to a row."""
    data = {"rows": [asdict(item) for item in items], "label": label, "address": address}
    event = cast("dict[str, Any] | None", _mount(data=data, key=key, on_event_change=_nothing).event)
    return ItemEvent(str(event["do"]), str(event["id"])) if event else None


def _nothing() -> None:
    """Declares the trigger, so that the result always has it."""
