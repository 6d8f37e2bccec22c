"""The top of the skills page: search, which ones, and what can be done."""

from __future__ import annotations

import streamlit as st

from components.skills.words import Wish

WHICH = ("All", "On", "Always on", "Off", "Mine", "With findings")
MORE = {
    "upload": ":material/upload_file: Import a file",
    "git": ":material/commit: Import from git",
    "folder": ":material/folder_open: Import a folder",
    "draft": ":material/forum: Make one from a chat",
    "download": ":material/download: Download all",
}


def skills_head(*, admin: bool, any_: bool) -> tuple[str, str, Wish | None]:
    """Title and actions, and with `any_` skills search and filter; the words, which ones, and what was asked for."""
    asked = ""
    with st.container(horizontal=True, vertical_alignment="center", key="skills_head"):
        st.title("Skills", anchor=False, width="stretch")
        if st.button("Import skills", icon=":material/upload:", key="skills_import"):
            asked = "upload"
        if st.button("New skill", icon=":material/add:", type="primary", key="skills_new"):
            asked = "new"
        known = ["git", *(["folder"] if admin else []), "draft", *(["download"] if any_ else [])]
        word = st.menu_button(
            "More",
            known,
            key="skills_more",
            icon=":material/more_horiz:",
            type="tertiary",
            format_func=MORE.__getitem__,
        )
    words, which = _filters() if any_ else ("", WHICH[0])
    done = word or asked
    return words, which, (done, ()) if done else None


def _filters() -> tuple[str, str]:
    with st.container(horizontal=True, vertical_alignment="center", key="facts_skills_filter"):
        words = st.text_input(
            "Search skills",
            key="skills_words",
            type="search",
            live="200ms",
            placeholder="Search skills",
            label_visibility="collapsed",
            width=280,
        )
        which = st.selectbox("Which", WHICH, key="skills_which", label_visibility="collapsed", width=160)
    return (words or "").strip(), which or WHICH[0]
