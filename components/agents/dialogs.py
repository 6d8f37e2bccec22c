"""Dialogs about agents: one to begin with, bringing in, taking away, sharing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from components.agents.head import templates
from components.agents.words import many
from components.markdown import label
from hub.agents.records import Agent, AgentSpec, Taken


def new_body(known: Mapping[str, AgentSpec], begin: Callable[[str], None]) -> None:
    """Choose what to begin with of what is `known`, by name; `begin` makes it and opens it."""
    st.caption("You can change everything afterwards.")
    if chosen := templates(known):
        begin(chosen)


def import_body(come: Sequence[Taken] | str, take: Callable[[bytes], None], open_: Callable[[str], None]) -> None:
    """A file or a text, and then what came of it (`come`): the agents, or why there are none."""
    if come and not isinstance(come, str):
        _came(come, open_)
        return
    st.caption("JSON that this hub, LibreChat or Open WebUI wrote. What does not exist here is left out and said.")
    given = st.file_uploader("File", type=["json"], key="agents_file", max_upload_size=2)
    text = st.text_area("Or its text", key="agents_text", height=120, placeholder='{"llm_hub_agent": 1, "name": …}')
    data = given.getvalue() if given else (text or "").encode("utf-8", "replace")
    if come:
        st.error(come, icon=":material/error:")
    if st.button("Import agent", type="primary", disabled=not data.strip(), key="agents_take"):
        take(data)
        st.rerun()


def _came(come: Sequence[Taken], open_: Callable[[str], None]) -> None:
    st.success(f"Imported {many(len(come), 'agent')}.", icon=":material/check_circle:")
    for one in come:
        with st.container(horizontal=True, vertical_alignment="center", key=f"row_came_{one.agent.id}"):
            with st.container(gap=None):
                st.markdown(f"**{label(one.agent.spec.name)}**")
                for sentence in one.warnings:
                    st.caption(f":orange[:material/warning:] {label(sentence)}")
            if st.button("Open", key=f"came_{one.agent.id}"):
                open_(one.agent.id)


def export_body(one: Agent, others: Sequence[Agent], write: Callable[[bool], bytes]) -> None:
    """A file of an agent, with or without those that it names."""
    along = False
    if others:
        names = ", ".join(label(each.spec.name) for each in others)
        along = st.checkbox(f"With the agents that it names: {names}", value=True, key="agent_export_along")
    st.caption("Documents, keys and chats do not go along. Tools, skills and models are named by their ids.")
    name = "".join(char if char.isalnum() or char in "-_" else "-" for char in one.spec.name).strip("-") or "agent"
    st.download_button(
        "Download JSON",
        write(along),
        f"{name}.json",
        "application/json",
        icon=":material/download:",
        type="primary",
        on_click="ignore",
        key="agent_export",
    )


def share_body(
    one: Agent, people: Mapping[str, str], offered: Sequence[str], *, admin: bool, do: Callable[[bool, list[str]], str]
) -> None:
    """Who may use an agent: `people` (names by id) it is shared with, `offered` names that can be chosen; `do` shares
    it with everybody or with names, and returns what was wrong with that."""
    st.caption(
        "They chat with it and can duplicate it. Only you change it. It uses their tools, documents and memory, never "
        "yours; documents that they may not read stay closed to them."
    )
    everybody = one.everybody
    if admin:
        everybody = st.toggle("Everybody on this hub", one.everybody, key=f"agent_everybody_{one.version}")
    names = st.multiselect(
        "People",
        [*offered, *(name for name in people.values() if name not in offered)],
        list(people.values()),
        accept_new_options=True,
        placeholder="Names as they sign in",
        key="agent_people",
    )
    if st.button("Share agent" if names or everybody else "Keep it to myself", type="primary", key="agent_share"):
        if problem := do(everybody, list(names)):
            st.error(problem, icon=":material/error:")
        else:
            st.rerun()
