"""A bar that says what was just done and offers to take it back, or to go further."""

from __future__ import annotations

from collections.abc import Callable
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


Pressed = Literal["undo", "more"]


def undo_bar(done: Undoable | None, *, on_press: Callable[[Pressed, Undoable], object], key: str = "undo_bar") -> None:
    """Show `done` for some seconds; `on_press` hears which button was pressed before the next run of the page."""

    def told(button: Pressed) -> None:
        if done and st.session_state[key][button] == done.token:
            on_press(button, done)

    with st.container(key="undo"):
        data = {"token": "", "text": "", "more": ""}
        if done:
            data = {"token": done.token, "text": done.text, "more": done.more}
        _mount(data=data, key=key, on_undo_change=lambda: told("undo"), on_more_change=lambda: told("more"))
