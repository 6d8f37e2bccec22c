"""What stands on a page that cannot be drawn."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

import streamlit as st

DRAWN = "store_down_drawn"
EVERY = 3.0
"""Seconds between two tries."""


def not_there(message: str, on_leave: Callable[[], object], leave: str = "New chat") -> None:
    """A link led to something that is not there, or is somebody else's; `leave` is the way out."""
    with st.container(key="page_trouble"):
        st.error(f"{message} It may have been deleted, or belong to somebody else.", icon=":material/error:")
        st.button(leave, on_click=on_leave)


def store_down(message: str) -> None:
    """The store does not answer; the page is tried again every few seconds."""
    with st.container(key="page_trouble"):
        st.error(
            f"{message} What you typed is kept in this browser; the page comes back by itself.",
            icon=":material/cloud_off:",
        )
    try_again()


def try_again() -> None:
    """Has the whole page drawn again every few seconds, as long as the run that called this is what is shown."""
    st.session_state[DRAWN] = monotonic()
    _again()


@st.fragment(run_every=EVERY)
def _again() -> None:
    # It is called once while the page is drawn, and then by its timer alone.
    if monotonic() - st.session_state[DRAWN] > EVERY / 2:
        st.rerun()


def page_failed() -> None:
    """A page met something that nobody thought of; what is to be done about it is in the hub's log."""
    st.error(
        "This page could not be drawn: the hub met a mistake of its own. Your conversations are kept, nothing was lost "
        "or charged, and an answer that is being written goes on. Reload the page; if it happens again, the cause is "
        "in the hub's log under `page_failed`.",
        icon=":material/error:",
    )
