"""The top of the page of agents: search, which ones, and ways to more of them."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from components.agents.avatar import picture
from components.agents.words import TEMPLATES, WHICH, Wish
from hub.agents.records import AgentSpec


def agents_head(*, any_: bool) -> tuple[str, str, Wish | None]:
    """Title and actions, and with `any_` agents search and filter; the words, which ones, and what was asked for."""
    asked: Wish | None = None
    with st.container(horizontal=True, vertical_alignment="center", key="agents_head"):
        st.title("Agents", anchor=False, width="stretch")
        if st.button("Import", icon=":material/upload:", key="agents_import"):
            asked = ("import", ())
        if st.button("New agent", icon=":material/add:", type="primary", key="agents_new"):
            asked = ("new", ())
    words, which = _filters() if any_ else ("", WHICH[0])
    return words, which, asked


def _filters() -> tuple[str, str]:
    with st.container(horizontal=True, vertical_alignment="center", key="facts_agents_filter"):
        words = st.text_input(
            "Search agents",
            key="agents_words",
            type="search",
            live="200ms",
            placeholder="Search agents",
            label_visibility="collapsed",
            width=280,
        )
        which = st.selectbox("Which", WHICH, key="agents_which", label_visibility="collapsed", width=160)
    return (words or "").strip(), which or WHICH[0]


def templates(known: Mapping[str, AgentSpec]) -> str:
    """What there is to begin with; the name of the one that was chosen."""
    chosen = ""
    with st.grid(2, min_column_width=200, gap="small"):
        for name, template in known.items():
            title, about = TEMPLATES[name]
            with st.container(border=True, key=f"template_{name}", gap="xsmall", height="stretch"):
                st.markdown(f"![]({picture(template, 28)}) &nbsp;**{title}**")
                st.caption(about)
                st.space("stretch")
                word = "Begin" if name == "blank" else f"Use {title}"
                if st.button(word, key=f"template_use_{name}", width="stretch"):
                    chosen = name
    return chosen
