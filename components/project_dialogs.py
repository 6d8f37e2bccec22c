"""Dialogs about projects. Each is opened by calling it once in a run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import streamlit as st

KEEP = "Keep its chats, outside of any project"
GO = "Delete its chats too"


@st.dialog("New project")
def new_project(on_create: Callable[[str, str], str]) -> None:
    """Ask for a name and a description. `on_create` makes the project and opens it; a sentence it returns says why
    not."""
    with st.form("new_project", border=False):
        name = st.text_input("Name", max_chars=80, placeholder="What belongs together")
        about = st.text_input("Description", max_chars=500, placeholder="Optional: what it is for")
        made = st.form_submit_button("Create project", type="primary")
    if made:
        if problem := on_create(name, about):
            st.error(problem, icon=":material/error:")
        else:
            st.rerun()


@st.dialog("Delete project")
def delete_project(name: str, chats: int, on_delete: Callable[[Literal["keep", "delete"]], None]) -> None:
    """Ask what happens to its chats, where it has any; `on_delete` is called with the answer."""
    st.markdown(f"**{name}** goes, with its instructions, documents and memory. You can undo this for a day.")
    chosen = KEEP
    if chats:
        many = "its chat" if chats == 1 else f"its {chats:,} chats"
        chosen = st.radio(f"What happens to {many}", [KEEP, GO], key="project_delete_chats")
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("Cancel", key="project_delete_cancel"):
            st.rerun()
        if st.button("Delete project", type="primary", key="project_delete_do"):
            on_delete("delete" if chosen == GO else "keep")
            st.rerun()
