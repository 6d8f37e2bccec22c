"""The row above a schedule: what it is, what can be done with it, how it stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from components.markdown import label
from components.schedules.words import moment
from hub.schedules.records import Schedule

MORE = {
    "duplicate": ":material/content_copy: Duplicate",
    "export": ":material/download: Export as YAML",
    "delete": ":material/delete: Delete",
}


def schedule_head(one: Schedule) -> str:
    """Name and actions; what was asked for."""
    asked = ""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="schedule_head"):
        if st.button("", icon=":material/arrow_back:", type="tertiary", key="schedule_back", help="All schedules"):
            asked = "back"
        st.title(label(one.spec.name), anchor=False, width="stretch")
        if one.state == "paused":
            if st.button("Resume", icon=":material/resume:", key="schedule_resume"):
                asked = "resume"
        elif st.button("Pause", icon=":material/pause:", key="schedule_pause"):
            asked = "pause"
        if st.button("Run now", icon=":material/play_arrow:", type="primary", key="schedule_run"):
            asked = "run"
        word = st.menu_button(
            ":material/more_horiz:",
            list(MORE),
            key="schedule_more",
            help="More",
            type="tertiary",
            format_func=MORE.__getitem__,
        )
        return word or asked


def standing(one: Schedule, starts: str, times: Sequence[datetime], now: datetime) -> None:
    """When it runs, and why it does not."""
    st.markdown(label(starts))
    if one.state == "paused":
        why = label(one.why) or "It waits until you resume it."
        (st.error if one.failures else st.warning)(f"Paused. {why}", icon=":material/pause_circle:")
    elif times:
        st.caption(f"Next: {label(' · '.join(moment(at, now) for at in times))}")
    if one.failures and one.state == "on":
        st.caption(f":red[:material/error: Failed {one.failures} in a row]")
