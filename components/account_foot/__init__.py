"""The foot of the sidebar: who is signed in, and the way out."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent
_mount = st.components.v2.component(
    "account_foot",
    html='<div class="root"><span class="sign" aria-hidden="true"></span><span class="name"></span>'
    '<a href="/logout" target="_self">Sign out</a></div>',
    css=(_HERE / "foot.css").read_text(),
    js="""export default function ({ data, parentElement }) {
  parentElement.querySelector(".sign").textContent = [...data.name][0]?.toUpperCase() ?? ""
  const name = parentElement.querySelector(".name")
  name.textContent = name.title = data.name
}""",
)


def account_foot(name: str, *, key: str = "account_foot") -> None:
    """Draw the foot for the person `name`; signing out leads to our own route."""
    with st.container(key="foot"):
        _mount(data={"name": name}, key=key)
