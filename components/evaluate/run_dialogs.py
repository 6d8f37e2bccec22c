"""What changes a run: its limits."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from components.connection_card import plain
from components.dialog import dialog
from components.evaluate.plan_form import limit_fields
from hub.evals.records import EvalRun, Limits


def limits_dialog(run: EvalRun, change: Callable[[Limits], str], close: Callable[[], None]) -> None:
    """How many calls may be under way from now on."""

    def form() -> None:
        st.caption("The workers follow within a few seconds; calls that are under way go on.")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            limits = limit_fields(run.limits, key=f"limits_{run.id}")
        if st.button("Change limits", type="primary", key="limits_take"):
            finish(change(limits), close)

    dialog("Change limits", close, form)


def finish(problem: str, close: Callable[[], None]) -> None:
    """Close the dialog, or say what is wrong in it."""
    if problem:
        st.error(plain(problem), icon=":material/error:")
    else:
        close()
        st.rerun()
