"""The bar that chooses between the groups of a page; the choice stands in the address (`?group=`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st


def group_bar(
    label: str, names: Sequence[str], *, key: str, say: Callable[[str], str] = str, disabled: bool = False
) -> str:
    """Draw the bar; the chosen one of `names`, the first at the start. `say` gives the word for a name."""
    chosen = st.segmented_control(
        label,
        names,
        default=names[0],
        required=True,
        format_func=say,
        key=key,
        bind="query-params",
        label_visibility="collapsed",
        disabled=disabled,
    )
    return chosen or names[0]
