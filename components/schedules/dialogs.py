"""Dialogs about schedules: a new one by words, taking away and bringing in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import streamlit as st

from components.schedules.offers import DEFAULT, Offers, answered_by
from components.schedules.when_field import Look, when_field
from components.schedules.words import many, name_of
from hub.schedules.records import LONGEST_NAME, Spec


def new_body(
    offers: Offers,
    look: Look,
    ask: Look,
    now: datetime,
    create: Callable[[Spec], str],
    *,
    stamp: int,
    zone_known: bool,
) -> None:
    """Say what should be done, and when; `create` keeps it and returns what was wrong."""
    keep = f"new_schedule_{stamp}"
    prompt = st.text_area(
        "What should be done?",
        key=f"{keep}_prompt",
        height=120,
        placeholder="Read {{url https://example.org/news}} and tell me what is new in three sentences.",
    )
    when, wrong = when_field("", None, look, ask, now, key=f"{keep}_when")
    if not zone_known:
        st.caption(":orange[:material/schedule:] The browser does not tell its time zone: times are in UTC.")
    with st.grid(2, min_column_width=200, gap="small"):
        named = offers.answering(DEFAULT)
        word = st.selectbox("Answered by", list(named), format_func=named.__getitem__, key=f"{keep}_by")
        name = st.text_input("Name", key=f"{keep}_name", max_chars=LONGEST_NAME, placeholder=name_of(prompt or ""))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("Limits, triggers and whom to tell can be set afterwards.", width="stretch")
        done = st.button("Create schedule", type="primary", key="schedule_create", disabled=bool(wrong))
    if done:
        spec = Spec((name or "").strip() or name_of(prompt or ""), prompt or "", when=when)
        if not spec.prompt.strip():
            st.error("Say what should be done.", icon=":material/error:")
        elif problem := create(answered_by(spec, word or DEFAULT)):
            st.error(problem, icon=":material/error:")
        else:
            st.rerun()


def export_body(text: str, count: int) -> None:
    """Schedules as a file."""
    st.caption(f"{many(count, 'schedule')}, with no secrets and no results.")
    with st.container(height=280, border=False):
        st.code(text, language="yaml")
    st.download_button(
        "Download YAML",
        text,
        "schedules.yaml",
        "application/yaml",
        icon=":material/download:",
        type="primary",
        on_click="ignore",
        key="schedules_export",
    )


def import_body(take: Callable[[str], str]) -> None:
    """A file or a text; `take` brings it in and returns what was wrong."""
    st.caption("YAML that this hub or another one wrote. What is brought in is paused until you resume it.")
    given = st.file_uploader("File", type=["yaml", "yml"], key="schedules_file", max_upload_size=2)
    written = st.text_area("Or its text", key="schedules_text", height=120, placeholder="llm_hub_schedules: 1")
    text = given.getvalue().decode("utf-8", "replace") if given else (written or "")
    if st.button("Import schedules", type="primary", disabled=not text.strip(), key="schedules_take"):
        if problem := take(text):
            st.error(problem, icon=":material/error:")
        else:
            st.rerun()
