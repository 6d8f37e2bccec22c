"""Two answers word by word: what only one of them says is marked, by colour and by a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from typing import Literal

import streamlit as st

from components.dialog import dialog

Mark = Literal["same", "gone", "new"]
Piece = tuple[Mark, str]
_HERE = Path(__file__).parent
_JS = """export default function ({ data, parentElement }) {
  morph(parentElement.querySelector(".sides"), data.html);
}"""
_mount = st.components.v2.component(
    "difference",
    html='<div class="root">\n<div class="sides"></div></div>',
    css=(_HERE.parent / "dom.css").read_text() + (_HERE / "difference.css").read_text(),
    js=(_HERE.parent / "dom.js").read_text() + "\n" + _JS,
)


def difference_dialog(names: tuple[str, str], pieces: Sequence[Piece], close: Callable[[], None]) -> None:
    """Both texts beside each other, the words marked that the other one does not have."""
    html = "".join(_side(name, pieces, own) for name, own in zip(names, ("gone", "new"), strict=True))
    dialog("Compare text", close, lambda: _mount(data={"html": html}), width="large")


def _side(name: str, pieces: Sequence[Piece], own: Literal["gone", "new"]) -> str:
    tag = "del" if own == "gone" else "ins"
    words = "".join(
        escape(text) if mark == "same" else f"<{tag}>{escape(text)}</{tag}>"
        for mark, text in pieces
        if mark in {"same", own}
    )
    return f'<section><h2>{escape(name)}</h2><div class="text" dir="auto" tabindex="0">{words}</div></section>'
