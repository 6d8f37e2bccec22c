"""One setting: label and help at the left, its control at the right, and what came of the last change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from components.state import Kept


@contextmanager
def setting_row(name: str, label: str, help: str, kept: Kept | None, *, wide: bool = False) -> Iterator[None]:
    """The row of the setting `name`; what is drawn within is its control, which stands below where it is `wide`.
    `kept` is the last change of any setting."""
    with st.container(key=f"row_{name}", gap="xsmall"):
        left, right = (st.container(), st.container()) if wide else st.columns([3, 2], vertical_alignment="center")
        with left.container(gap=None):
            st.markdown(f"**{label}**" + (f"  {_mark(kept)}" if kept and kept.name == name else ""))
            st.caption(help)
        with right.container(horizontal_alignment="left" if wide else "right"):
            yield


def _mark(kept: Kept) -> str:
    if kept.problem:
        return f":red[:material/error: Not saved. {kept.problem}]"
    return ":green[:material/check: Saved]"
