"""Keys for programs: the list, making one, and showing it the one time that it can be seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from components.account_forms import plain

Wish = tuple[Literal["create", "revoke", "hide"], str]
"""What was asked for: a key by a name, an end to the key with an id, or not to see the new one any more."""


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key as it is listed; `hint` are its last characters."""

    id: str
    name: str
    hint: str
    made: str
    used: str


def api_keys(rows: Sequence[KeyRow], new: str) -> Wish | None:
    """Draw the keys; `new` is the text of one that was just made. What was asked for."""
    asked: Wish | None = None
    st.caption("For programs that use this hub as an MCP server at `/mcp`. A key reads your documents and your memory.")
    if new:
        st.markdown("Your new key. It is shown only now:")
        st.code(new, language=None)
        if st.button("Hide key", key="hide_key"):
            asked = ("hide", "")
    for row in rows:
        with st.container(horizontal=True, vertical_alignment="center", key=f"row_key_{row.id}"):
            with st.container(gap=None):
                st.markdown(f"**{plain(row.name)}**  :gray[ending in `{row.hint}`]")
                st.caption(f"made {row.made}  ·  {row.used}")
            if st.button("Revoke key", key=f"revoke_{row.id}", type="tertiary"):
                asked = ("revoke", row.id)
    with st.form("new_key", border=False, clear_on_submit=True):
        name = st.text_input("Name of a new key", key="key_name", placeholder="My editor", autocomplete="off")
        if st.form_submit_button("Create key"):
            asked = ("create", name)
    return asked
