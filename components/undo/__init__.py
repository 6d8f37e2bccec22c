"""A bar that says what was just done and offers to take it back, or to go further."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import streamlit as st

_HERE = Path(__file__).parent
_mount = st.components.v2.component(
    "undo_bar",
    html='<div class="root" role="status" aria-live="polite">\n</div>',
    css=(_HERE / "undo.css").read_text(),
    js=(_HERE / "undo.js").read_text(),
)


@dataclass(frozen=True, slots=True)
class Undoable:
    """Something that can be taken back. `token` differs for each act, `ids` are the conversations it touched, `more`
    is what else can be done with them, on a button of its own."""

    token: str
    text: str
    action: str
    ids: tuple[str, ...]
    more: str = ""


Pressed = Literal["undo", "more", ""]


def undo_bar(done: Undoable | None, *, key: str = "undo_bar") -> Pressed:
    """Show `done` for some seconds; the button that the person pressed in this run."""
    with st.container(key="undo"):
        data = {"token": "", "text": "", "more": ""}
        if done:
            data = {"token": done.token, "text": done.text, "more": done.more}
        result = _mount(data=data, key=key, on_undo_change=_nothing, on_more_change=_nothing)
    if done is None:
        return ""
    return "undo" if result.undo == done.token else "more" if result.more == done.token else ""


def _nothing() -> None:
    """Declares the trigger, so that the result always has it."""
