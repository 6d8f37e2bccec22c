"""Which facts are shown, and how."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

import streamlit as st

from components.memory.list import Look
from components.memory.words import KINDS, ORIGINS, SHELVES, subject
from components.state import MemoryState
from hub.memory.records import Counts, Filters, Shelf

LOOKS = ("cards", "table", "timeline")
AGES = {None: "Any time", 1: "Last day", 7: "Last week", 30: "Last month", 365: "Last year"}
USED = {None: "Used or not", True: "Used in answers", False: "Never used"}


def filter_bar(counts: Counts) -> tuple[Filters, Look]:
    """Draw the bar; what to show, and how."""
    with st.container(horizontal=True, vertical_alignment="center", key="memory_bar"):
        shelf = _shelf(counts)
        words = st.text_input(
            "Search memories",
            key="memory_search",
            type="search",
            live="300ms",
            placeholder="Search memories",
            label_visibility="collapsed",
        )
        finer = _finer()
        look = st.segmented_control(
            "Show as",
            LOOKS,
            default="cards",
            required=True,
            format_func=str.capitalize,
            key="memory_look",
            label_visibility="collapsed",
            width="content",
        )
    return Filters(shelf=shelf, text=(words or "").strip(), **finer), cast(Look, look or "cards")


def _shelf(counts: Counts) -> Shelf:
    numbers: Mapping[str, int] = {"live": counts.live, "past": counts.past, "deleted": counts.deleted}
    chosen = st.segmented_control(
        "Shelf",
        list(SHELVES),
        default="live",
        required=True,
        format_func=lambda name: f"{SHELVES[name]} {numbers[name]:,}",
        key="memory_shelf",
        label_visibility="collapsed",
        width="content",
    )
    return cast(Shelf, chosen or "live")


def _finer() -> dict[str, Any]:
    """The filters behind the button; the button says how many are set."""
    given = [st.session_state.get(f"memory_only_{name}") for name in ("kinds", "origins", "age", "used", "pinned")]
    on = sum(map(bool, given)) + (given[3] is False)
    with st.popover(f"Filters {on}" if on else "Filters", icon=":material/filter_list:", key="memory_filters"):
        kinds = st.pills(
            "Kind",
            list(KINDS),
            selection_mode="multi",
            format_func=lambda name: KINDS[name][0],
            key="memory_only_kinds",
        )
        origins = st.pills(
            "How it came in",
            list(ORIGINS),
            selection_mode="multi",
            format_func=ORIGINS.__getitem__,
            key="memory_only_origins",
        )
        age = st.selectbox("Kept", list(AGES), format_func=AGES.__getitem__, key="memory_only_age")
        used = st.selectbox("Use", list(USED), format_func=USED.__getitem__, key="memory_only_used")
        pinned = st.toggle("Pinned only", key="memory_only_pinned")
    return {
        "kinds": tuple(kinds or ()),
        "origins": tuple(origins or ()),
        "age_days": age,
        "used": used,
        "pinned": True if pinned else None,
    }


def subject_picker(subjects: list[str]) -> str:
    """Whose timeline is shown; "" while nobody is known."""
    if not subjects:
        return ""
    return st.selectbox("Timeline of", subjects, format_func=subject, key="memory_subject", width=320) or ""


def pager(page: MemoryState, older: datetime | str | None) -> None:
    """The buttons below a list of several pages; `older` is where the next one begins."""
    number = len(page.cuts)
    if not number and older is None:
        return
    with st.container(horizontal=True, horizontal_alignment="center", vertical_alignment="center", key="memory_turn"):
        newer = st.button("Newer", icon=":material/chevron_left:", disabled=not number)
        st.caption(f"Page {number + 1}", width="content")
        on = st.button("Older", icon=":material/chevron_right:", icon_position="right", disabled=older is None)
    if newer or on:
        page.turn(-1 if newer else 1, older)
        st.rerun()
