"""The top of the models page: its name, the way to another connection, and which half is shown."""

from __future__ import annotations

from typing import Literal, cast

import streamlit as st

View = Literal["Connections", "Catalogue"]


def models_head(*, addable: bool) -> tuple[View, bool]:
    """Draw the head; the view that is shown, and whether "Add connection" was pressed (offered when `addable`)."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="head"):
        st.title("Models", anchor=False, width="content")
        pressed = addable and st.button("Add connection", icon=":material/add:", type="primary", key="add_connection")
    view = st.segmented_control(
        "View",
        ["Connections", "Catalogue"],
        default="Connections",
        required=True,
        key="view",
        bind="query-params",
        label_visibility="collapsed",
    )
    return cast(View, view), pressed
