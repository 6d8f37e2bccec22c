"""The first form and the dialogs of the models page. A dialog is opened by calling it once in a run.

A callback does what was asked for and returns None, or what is wrong as (message, hint); then the dialog stays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from components.connection_card import plain
from components.connection_form import Offer, Wanted, change_form, connection_form
from components.error_note import error_note

Save = Callable[[Wanted], tuple[str, str] | None]


def first_form(offers: Sequence[Offer], litellm_providers: Sequence[str], on_save: Save) -> None:
    """The form for the first connection, on the page itself."""
    with st.container(border=True, key="card_new"):
        st.subheader("Connect your first provider", anchor=False)
        _save(connection_form(offers, litellm_providers), on_save)


@st.dialog("Add connection")
def add_dialog(offers: Sequence[Offer], litellm_providers: Sequence[str], on_save: Save) -> None:
    """The form for one more connection."""
    _save(connection_form(offers, litellm_providers, key="add"), on_save)


@st.dialog("Change connection")
def change_dialog(offer: Offer, name: str, base_url: str, key_hint: str, on_save: Save) -> None:
    """Name, address and key of a connection."""
    _save(change_form(offer, name, base_url, key_hint), on_save)


@st.dialog("Remove connection")
def remove_dialog(name: str, on_remove: Callable[[], None]) -> None:
    """A key cannot be brought back, so this asks first."""
    st.markdown(f"**{plain(name)}** and its key are deleted for good. Your chats stay as they are.")
    st.caption("To keep the key for later, turn the connection off instead.")
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("Keep connection", key="keep_connection"):
            st.rerun()
        if st.button("Remove connection", type="primary", key="remove_connection"):
            on_remove()
            st.rerun()


def _save(wanted: Wanted | None, on_save: Save) -> None:
    if wanted is None:
        return
    problem = on_save(wanted)
    if problem:
        error_note(*problem)
    else:
        st.rerun()
