"""What stands on a page that cannot be drawn."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st


def not_there(message: str, on_leave: Callable[[], None]) -> None:
    """A link led to something that is not there, or is somebody else's."""
    st.error(f"{message} It may have been deleted, or belong to somebody else.", icon=":material/error:")
    st.button("New chat", on_click=on_leave)


def store_down(message: str, back: Callable[[], bool]) -> None:
    """The store does not answer; the page is drawn again as soon as `back` says that it does."""
    st.error(
        f"{message} What you typed is kept in this browser; the page comes back by itself.",
        icon=":material/cloud_off:",
    )
    _watch(back)


@st.fragment(run_every="3s")
def _watch(back: Callable[[], bool]) -> None:
    if back():
        st.rerun()
