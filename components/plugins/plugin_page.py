"""A page that a plugin adds: what goes wrong in it is said in its place, and everything around it stands."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from components.error_note import error_note
from hub.db.who import Who


def draw_page(draw: Callable[[Who], None] | Path, who: Who, failed: Callable[[Exception], None], plugin: str) -> None:
    """Draws the page, or runs its script; `failed` is told what it raised. What Streamlit itself raises to end or begin
    a run is no `Exception` and goes through."""
    with st.container(key="page_plugin"):
        try:
            if isinstance(draw, Path):
                runpy.run_path(str(draw), run_name="__main__")
            else:
                draw(who)
        except Exception as error:
            failed(error)
            error_note(
                f"The plugin {plugin} failed on this page ({type(error).__name__}).",
                "The rest of the hub is not touched. Administrators find the error under Settings, About.",
                action="Draw it again",
                key=f"plugin_{plugin}",
            )
