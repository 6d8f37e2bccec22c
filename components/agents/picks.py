"""What an agent has: tools, skills, documents, memory, other agents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

import streamlit as st

from components.agents.keeping import Keep
from components.agents.offers import Offers, group_id, naming, options
from components.agents.words import MEMORY
from components.markdown import label
from hub.agents.records import MOST, AgentSpec
from hub.turns import Tool

WAYS = {"chat": "As in the chat", "chosen": "Chosen", "none": "None"}
HOUSE = "The hub's own"
MOST_SHOWN = 60
"""Tools in the list at once; a search shows the others."""


def tools(spec: AgentSpec, keep: Keep, offers: Offers) -> AgentSpec:
    """Draw the tools."""
    match _way("tools", "Tools", spec.tools, keep):
        case "chat":
            st.caption("Whatever is on in the chat where it answers.")
            return replace(spec, tools=None)
        case "none":
            return replace(spec, tools=())
        case _:
            return replace(spec, tools=_chosen(tuple(spec.tools or ()), keep, offers.tools))


def _way(name: str, text: str, given: Sequence[str] | None, keep: Keep) -> str:
    now = "chat" if given is None else "chosen" if given else "none"
    chosen = st.segmented_control(
        text,
        list(WAYS),
        default=now,
        required=True,
        format_func=WAYS.__getitem__,
        key=keep(f"{name}_way"),
        label_visibility="collapsed",
    )
    return chosen or now


def _chosen(before: tuple[str, ...], keep: Keep, offered: Sequence[Tool]) -> tuple[str, ...]:
    """Sets of tools, and single ones; what was chosen and is gone stays until it is taken out."""
    words = st.text_input(
        "Search tools",
        key=keep("tool_words"),
        type="search",
        live="200ms",
        placeholder="Search tools",
        label_visibility="collapsed",
    )
    wanted = (words or "").casefold().split()
    fitting = [one for one in offered if all(word in _text(one) for word in wanted)]
    chosen = dict.fromkeys(before)
    with st.container(height=320, border=True, key="agent_tools", gap="xsmall"):
        for group in dict.fromkeys(one.group for one in fitting):
            members = [one for one in fitting if one.group == group]
            st.markdown(f"**{label(group or HOUSE)}**")
            whole = group_id(group)
            if group and _box(f"All of {label(group)}, later ones too", whole, whole in chosen, keep, chosen):
                continue
            for tool in members[:MOST_SHOWN]:
                about = tool.spec.description.strip().partition("\n")[0][:120]
                text = f":material/{tool.icon}: {label(tool.title)} :gray[:small[{label(about)}]]"
                _box(text, tool.stable_id, tool.stable_id in chosen, keep, chosen)
            if len(members) > MOST_SHOWN:
                st.caption(f"{len(members) - MOST_SHOWN} more: search for them.")
        if not fitting:
            st.caption("No tool fits these words.")
    known = {one.stable_id for one in offered} | {group_id(one.group) for one in offered}
    if gone := [one for one in chosen if one not in known]:
        left = st.multiselect("Not there now", gone, gone, key=keep("tools_gone"), format_func=naming({}))
        chosen = {one: None for one in chosen if one in known or one in left}
    count = len(chosen)
    st.caption(f"{count} chosen. What needs your leave in a chat needs it here too." if count else "None chosen yet.")
    return tuple(chosen)


def _box(text: str, id_: str, on: bool, keep: Keep, chosen: dict[str, None]) -> bool:
    """A box for a tool or a set; notes in `chosen` how it stands."""
    wanted = st.checkbox(text, on, key=keep(f"tool_{id_}"))
    if wanted:
        chosen[id_] = None
    else:
        chosen.pop(id_, None)
    return wanted


def _text(tool: Tool) -> str:
    return f"{tool.title} {tool.name} {tool.group} {tool.spec.description}".casefold()


def skills(spec: AgentSpec, keep: Keep, offers: Offers) -> AgentSpec:
    """Draw the skills."""
    given: tuple[str, ...] | None = None
    match _way("skills", "Skills", spec.skills, keep):
        case "chat":
            st.caption("Whatever is on in the chat where it answers.")
        case "none":
            given = ()
        case _:
            given = _several("skills", "It may load", spec.skills or (), keep, _same(offers.skills))
    always = _several("always", "Always in its prompt", spec.always, keep, _same(offers.skills))
    return replace(spec, skills=given, always=always)


def _same(names: Iterable[str]) -> dict[str, str]:
    return {one: one for one in names}


def documents(spec: AgentSpec, keep: Keep, offers: Offers) -> AgentSpec:
    """Draw the documents that it reads, and what it has of memory."""
    chosen = _several("collections", "Documents that it reads", spec.collections, keep, offers.collections)
    memory = st.segmented_control(
        "Memory of whoever chats",
        list(MEMORY),
        default=spec.memory,
        required=True,
        format_func=MEMORY.__getitem__,
        key=keep("memory"),
    )
    asks = st.toggle(
        "May ask with a form",
        spec.asks,
        key=keep("asks"),
        help="It stops and asks you questions; your answers let it go on.",
    )
    return replace(spec, collections=chosen, memory=memory or spec.memory, asks=asks)


def others(spec: AgentSpec, keep: Keep, offers: Offers) -> AgentSpec:
    """Draw the other agents: those that it asks, and those that go on in its place."""
    if not offers.agents and not spec.helpers and not spec.successors:
        st.caption("You have no other agent yet.")
        return spec
    helpers = _several("helpers", "Asks for help", spec.helpers, keep, offers.agents)
    st.caption("It gets a task, works on it alone and answers to this agent; what it costs counts here.")
    successors = _several("successors", "Hands the chat over to", spec.successors, keep, offers.agents)
    st.caption("Whoever takes over reads the chat and answers in it from then on.")
    return replace(spec, helpers=helpers, successors=successors)


Field = Literal["skills", "always", "collections", "helpers", "successors"]


def _several(name: Field, text: str, given: Sequence[str], keep: Keep, known: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(
        st.multiselect(
            text,
            options(known, given),
            list(given),
            key=keep(name),
            format_func=naming(known),
            max_selections=MOST[name],
            placeholder="None",
        )
    )
