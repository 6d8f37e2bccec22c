"""The row above an agent: who it is, what can be done with it, and whether it is saved."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from components.agents.avatar import picture
from components.agents.words import Wish, many
from components.markdown import label
from hub.agents.records import Agent, AgentSpec

MORE = {
    "duplicate": ":material/content_copy: Duplicate",
    "export": ":material/download: Export",
    "delete": ":material/delete: Delete",
}


def agent_head(one: Agent, shown: AgentSpec) -> Wish | None:
    """Name and actions; `shown` is the agent as its form says. What was asked for."""
    asked: Wish | None = None
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="agent_head"):
        if st.button("", icon=":material/arrow_back:", type="tertiary", key="agent_back", help="All agents"):
            asked = ("back", ())
        st.title(f"![]({picture(shown)}) {label(shown.name)}", anchor=False, width="stretch")
        if st.button("Chat", icon=":material/forum:", key="agent_chat", help="Begin a chat, with what is saved"):
            asked = ("chat", (one.id,))
        if one.mine and st.button("Share", icon=":material/group_add:", key="agent_share_open"):
            asked = ("share", (one.id,))
        if not one.mine and st.button("Duplicate", icon=":material/content_copy:", type="primary", key="agent_copy"):
            asked = ("duplicate", (one.id,))
        known = ["duplicate", "export", "delete"] if one.mine else ["export"]
        word = st.menu_button(
            "More",
            known,
            key="agent_more",
            icon=":material/more_horiz:",
            type="tertiary",
            format_func=MORE.__getitem__,
        )
        return (word, (one.id,)) if word else asked


def facts(one: Agent, said: str) -> str:
    """Which version it is, how often it was used, and whose it is."""
    used = f"used {many(one.uses, 'time')}" if one.uses else "not used yet"
    return f"Version {one.version} · {used} · {label(said)}"


def saving_bar(on_save: Callable[[], None], on_discard: Callable[[], None], *, can: bool) -> None:
    """That there are changes, with the ways to keep or drop them; the buttons are callbacks, since a field that is left
    at the same moment draws the page anew and would swallow a click. `can`: they can be saved as they are."""
    st.markdown(":orange[:material/edit_note: Not saved]", width="content")
    st.text_input(
        "What changed",
        key="agent_why",
        max_chars=120,
        placeholder="What changed (optional)",
        label_visibility="collapsed",
        width=200,
    )
    st.button("Discard", key="agent_discard", on_click=on_discard)
    st.button("Save agent", type="primary", key="agent_save", on_click=on_save, disabled=not can)


def look(one: Agent, lines: list[tuple[str, str]]) -> None:
    """An agent of somebody else, to be read; `lines` are icons with what it has."""
    if one.spec.description:
        st.markdown(label(one.spec.description))
    st.caption("  \n".join(f":material/{icon}: {label(text)}" for icon, text in lines))
    st.subheader("Instructions", anchor=False)
    st.code(one.spec.instructions or "None.", language=None, wrap_lines=True)
    if one.spec.starters:
        st.subheader("Starters", anchor=False)
        for text in one.spec.starters:
            st.markdown(f"- {label(text)}")
