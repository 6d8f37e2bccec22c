"""Rendered text on a page of its own: what `hub.render` made, in the look that answers have."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_SHARED = Path(__file__).parent.parent
_JS = """export default function ({ data, parentElement }) {
  morph(parentElement.querySelector(".body"), data.html);
}"""
_mount = st.components.v2.component(
    "prose_view",
    html='<div class="root">\n<div class="body" dir="auto"></div></div>',
    css="".join((_SHARED / name).read_text() for name in ("dom.css", "prose.css")),
    js=(_SHARED / "dom.js").read_text() + "\n" + _JS,
)


def prose_view(html: str, *, key: str) -> None:
    """Draw `html`, which must have come from `hub.render`."""
    _mount(data={"html": html}, key=key)
