"""The state of the hub's parts, and what the environment sets."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st


def findings(parts: Sequence[tuple[str, bool, str, str]]) -> None:
    """One row for each part: name, whether it is good, what was found, what to do. State is told by sign and word."""
    st.subheader("State", anchor=False)
    for name, good, says, todo in parts:
        colour, icon, word = ("green", "check_circle", "Good") if good else ("red", "error", "Not working")
        with st.container(key=f"row_part_{name}", gap="xsmall"):
            left, right = st.columns([3, 2], vertical_alignment="center")
            with left.container(gap=None):
                st.markdown(f"**{name}**")
                st.caption(f"{says} {todo}".strip())
            with right.container(horizontal_alignment="right"):
                st.badge(word, icon=f":material/{icon}:", color=colour)
    st.caption("`python -m hub doctor` looks at more: packages, rights of files, ports.")


def forced(rows: Sequence[tuple[str, str, str]], *, title: str = "Set by the environment") -> None:
    """Settings that the environment sets: variable, value, meaning. They are read-only here."""
    if not rows:
        return
    st.subheader(title, anchor=False)
    st.caption("Change these where the hub is started: in its environment or in `.env`.")
    for variable, value, meaning in rows:
        with st.container(key=f"row_{variable}", gap="xsmall"):
            left, right = st.columns([3, 2], vertical_alignment="center")
            with left.container(gap=None):
                st.markdown(f"`{variable}`")
                st.caption(meaning)
            right.text_input(variable, value, disabled=True, icon=":material/lock:", label_visibility="collapsed")
