"""What stands above the servers: what they are, and ways to more of them."""

from __future__ import annotations

import streamlit as st

from components.empty_state import empty_state

_LISTS = {"import": ":material/upload: Import servers", "export": ":material/download: Export servers"}
_ABOUT = "Programs and services that bring tools of their own, over the Model Context Protocol."


def server_bar(*, none: bool) -> str:
    """Draw the bar; "add", "import" or "export" when that was asked for, else "". `none`: there are no servers yet."""
    with st.container(horizontal=True, vertical_alignment="center", key="mcp_bar"):
        st.caption(_ABOUT, width="stretch")
        chosen = st.menu_button(
            ":material/more_horiz:", list(_LISTS), key="mcp_lists", type="tertiary", format_func=_LISTS.__getitem__
        )
        added = st.button("Add server", icon=":material/add:", type="primary", key="mcp_add")
    text = "Add one by its address, or import the list of another program."
    if none and empty_state("extension", "No servers yet", text, action="Import servers", key="mcp_none"):
        return "import"
    return chosen or ("add" if added else "")
