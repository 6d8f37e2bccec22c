"""Drawing the page again when something in the background has ended."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st


def watch(going: Callable[[], bool]) -> None:
    """Look every two seconds whether it still goes on, and draw the page again once it does not. What has ended already
    is not looked at again."""
    if going():
        _look(going)


@st.fragment(run_every="2s")
def _look(going: Callable[[], bool]) -> None:
    if not going():
        st.rerun()
