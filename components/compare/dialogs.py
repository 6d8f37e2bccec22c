"""Dialogs of the page that compares models. Each is drawn in every run until its `close` was called."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from components.dialog import dialog
from components.parameters import fields, untaken
from hub.models.types import ModelInfo, Params

Close = Callable[[], None]


def adjust_dialog(
    model: ModelInfo | None,
    name: str,
    params: Params,
    on_use: Callable[[Params, bool], None],
    close: Close,
    *,
    answered: bool = True,
) -> None:
    """Fields for what `model` takes. `on_use` gets the values, and whether the newest question shall be answered again
    with them; that is offered where one was `answered`."""

    def draw() -> None:
        st.caption(f"How {name} answers in this column. An empty field is the provider's default.")
        with st.form("adjust_column", border=False, enter_to_submit=False):
            chosen = fields(model, params, f"adjust_{hash((name, params)):x}")
            if left := untaken(model, params):
                st.caption(f"Set, but this model does not take it: {', '.join(left)}.")
            with st.container(horizontal=True, horizontal_alignment="right"):
                later = st.form_submit_button(
                    "Use from now on" if answered else "Use", type="secondary" if answered else "primary"
                )
                now = answered and st.form_submit_button("Answer again with these", type="primary")
        if later or now:
            close()
            on_use(chosen, now)
            st.rerun()

    dialog("Adjust parameters", close, draw)


def rename_dialog(title: str, on_rename: Callable[[str], None], close: Close) -> None:
    """Ask how a comparison, and so its chat, shall be called."""

    def draw() -> None:
        with st.form("rename_comparison", border=False):
            name = st.text_input("Title", title, max_chars=200).strip()
            saved = st.form_submit_button("Rename", type="primary")
        if saved and name:
            close()
            on_rename(name)
            st.rerun()
        elif saved:
            st.caption(":red[:material/error: A title has at least one character.]")

    dialog("Rename comparison", close, draw)


def team_dialog(models: list[str], on_save: Callable[[str], None], close: Close) -> None:
    """Ask for the name under which these models are kept."""

    def draw() -> None:
        st.caption(f"{', '.join(models)}, with their parameters.")
        with st.form("team", border=False):
            name = st.text_input("Name", max_chars=80, placeholder="Such as: fast and cheap").strip()
            saved = st.form_submit_button("Save team", type="primary")
        if saved and name:
            close()
            on_save(name)
            st.rerun()
        elif saved:
            st.caption(":red[:material/error: A team needs a name.]")

    dialog("Save as team", close, draw)
