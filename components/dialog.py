"""Dialogs that stay until the person is done with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import streamlit as st


def dialog(
    title: str,
    close: Callable[[], None],
    draw: Callable[[], Any],
    *,
    width: Literal["small", "medium", "large"] = "small",
) -> None:
    """Open a dialog and `draw` what is in it. The page calls this in every run until `close` was called: a run without
    it, such as one that only brings news of the sidebar, would take the dialog away.

    `close` is called when the person dismisses it; what ends it from inside calls `close` and runs the page anew.
    """
    st.dialog(title, width=width, on_dismiss=close)(draw)()
