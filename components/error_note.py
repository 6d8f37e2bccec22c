"""An error in one box: what happened, whether anything was lost, what to do next."""

from __future__ import annotations

import streamlit as st


def error_note(message: str, hint: str = "", *, action: str = "", key: str = "error_note") -> bool:
    """Draw the note; True in the run in which its button was pressed."""
    st.error(f"{message} {hint}".strip(), icon=":material/error:")
    return bool(action) and st.button(action, key=f"{key}_action", icon=":material/refresh:")
