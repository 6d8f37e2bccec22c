"""Who an agent is: avatar, name, description, starters, instructions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from components.agents.avatar import HUES, colour_name, swatch
from components.agents.keeping import Keep
from hub.agents.records import LONGEST_AVATAR, LONGEST_DESCRIPTION, LONGEST_INSTRUCTIONS, LONGEST_NAME, AgentSpec


def identity(spec: AgentSpec, keep: Keep) -> AgentSpec:
    """Draw the fields; the agent as they say."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="agent_identity"):
        name = st.text_input("Name", spec.name, key=keep("name"), max_chars=LONGEST_NAME)
        sign = st.text_input(
            "Sign", spec.avatar, key=keep("avatar"), max_chars=LONGEST_AVATAR, placeholder="Letters", width=96
        )
    about = st.text_input(
        "Description",
        spec.description,
        key=keep("description"),
        max_chars=LONGEST_DESCRIPTION,
        placeholder="What it is for, in a sentence; other agents choose by it",
    )
    hue = st.segmented_control(
        "Colour",
        list(dict.fromkeys((*HUES, spec.hue))),
        default=spec.hue,
        required=True,
        key=keep("hue"),
        format_func=lambda one: f"![{colour_name(one)}]({swatch(one)})",
    )
    made = replace(spec, name=name, description=about, avatar=sign, hue=spec.hue if hue is None else hue)
    return replace(made, starters=_starters(spec, keep))


def _starters(spec: AgentSpec, keep: Keep) -> tuple[str, ...]:
    before = "\n".join(" ".join(one.split()) for one in spec.starters)
    text = st.text_area(
        "Starters",
        before,
        key=keep("starters"),
        height=120,
        placeholder="One a line. In an empty chat a click sends it; one that ends with a colon is left to be finished.",
    )
    return spec.starters if text == before else tuple(line.strip() for line in text.splitlines() if line.strip())


def instructions(spec: AgentSpec, keep: Keep, count: Callable[[str], int]) -> AgentSpec:
    """Draw the instructions with their length; `count` counts tokens."""
    text = st.text_area(
        "Instructions",
        spec.instructions,
        key=keep("instructions"),
        height=320,
        max_chars=LONGEST_INSTRUCTIONS,
        placeholder="What it does, how, for whom; what it never does. They stand first in every prompt.",
    )
    tokens = count(text) if text else 0
    st.caption(f"{len(text):,} characters, about {tokens:,} tokens in every prompt")
    return replace(spec, instructions=text)
