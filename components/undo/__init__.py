"""A bar that says what was just done and offers to take it back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

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
    """Something that can be taken back. `token` differs for each act, `ids` are the conversations it touched."""

    token: str
    text: str
    action: str
    ids: tuple[str, ...]


def undo_bar(done: Undoable | None, *, key: str = "undo_bar") -> bool:
    """Show `done` for some seconds; True in the run in which the person pressed Undo."""
    with st.container(key="undo"):
        data = {"token": done.token, "text": done.text} if done else {"token": "", "text": ""}
        result = _mount(data=data, key=key, on_undo_change=_nothing)
    return done is not None and result.undo == done.token


def _nothing() -> None:
    """Declares the trigger, so that the result always has it."""
