"""The chat beside the form, in which the agent is tried as the form says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


def trial_pane(on_again: Callable[[], None], *, blank: bool) -> tuple[DeltaGenerator, DeltaGenerator]:
    """Draw the frame; where the messages go, and where the composer. `blank`: there is nothing to start over."""
    with st.container(key="agent_try", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", key="agent_try_head"):
            st.markdown("**Try it**", width="content")
            st.caption("As the form says, also unsaved. Not kept.", width="stretch")
            st.button(
                "Start over",
                icon=":material/restart_alt:",
                type="tertiary",
                key="agent_again",
                on_click=on_again,
                disabled=blank,
            )
        return st.container(height=400, border=False, key="agent_talk"), st.container(key="agent_say")


def styles() -> None:
    """What the page of an agent needs beside the theme."""
    st.html(Path(__file__).parent / "agent.css")


def side_bar() -> None:
    """On a narrow page: whether the form is shown or the trial. The browser does that by itself, so that neither
    forgets anything."""
    with st.container(key="agent_side"):
        st.segmented_control(
            "Shown", ["Form", "Try it"], default="Form", required=True, key="agent_shown", label_visibility="collapsed"
        )
