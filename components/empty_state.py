"""What stands where nothing is yet: a sign, a sentence, the next step."""

from __future__ import annotations

import streamlit as st


def empty_state(icon: str, title: str, text: str, *, action: str = "", key: str) -> bool:
    """Draw the empty state; True in the run in which its button was pressed. `icon` is a Material symbol's name."""
    with st.container(key=f"empty_{key}", horizontal_alignment="center", gap="xsmall"):
        st.markdown(f":gray[:material/{icon}:]", text_alignment="center")
        st.markdown(f"**{title}**", text_alignment="center")
        st.caption(text, text_alignment="center")
        return bool(action) and st.button(action, key=f"{key}_action")
