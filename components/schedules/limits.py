"""How a schedule goes about trouble: missed times, overlaps, failures, time and money."""

from __future__ import annotations

import streamlit as st

from components.agents.keeping import Keep
from components.transcript.money import money
from hub.schedules.records import Missed, Overlap, Policy

MISSED: dict[Missed, str] = {
    "skip": "Leave them out",
    "latest": "Make up for the latest",
    "all": "Make up for all",
}
OVERLAP: dict[Overlap, str] = {
    "skip": "Skip the new run",
    "queue": "Wait for the one that runs",
    "replace": "Stop the one that runs",
}


def summary(given: Policy) -> str:
    """The most that matters, in a few words."""
    caps = [f"{money(given.run_cap)} a run"] if given.run_cap else []
    caps += [f"{money(given.month_cap)} a month"] if given.month_cap else []
    return ", ".join([*caps, f"{given.timeout} min"])


def fields(given: Policy, keep: Keep) -> Policy:
    """Draw them."""
    missed, overlaps = list(MISSED), list(OVERLAP)
    with st.grid(2, min_column_width=200, gap="small"):
        on_missed = st.selectbox(
            "Times at which the hub was down",
            missed,
            missed.index(given.missed),
            format_func=MISSED.__getitem__,
            key=keep("missed"),
        )
        max_age = st.number_input("None older than (minutes)", 1, 60 * 24 * 366, given.max_age, key=keep("max_age"))
        on_overlap = st.selectbox(
            "Due while it still runs",
            overlaps,
            overlaps.index(given.overlap),
            format_func=OVERLAP.__getitem__,
            key=keep("overlap"),
        )
        timeout = st.number_input("Ends after (minutes)", 1, 60 * 12, given.timeout, key=keep("timeout"))
        retries = st.number_input("Tries again when it fails", 0, 10, given.retries, key=keep("retries"))
        backoff = st.number_input("First after (seconds)", 1, 86_400, given.backoff, key=keep("backoff"))
        run_cap = _cap("US dollars a run, at most", given.run_cap, keep("run_cap"))
        month_cap = _cap("US dollars a month, at most", given.month_cap, keep("month_cap"))
        pause = st.number_input(
            "Pauses after failures in a row", 0, 1_000, given.pause_after, key=keep("pause_after"), help="0 is never."
        )
    return Policy(
        on_missed or given.missed, int(max_age), on_overlap or given.overlap, int(timeout), int(retries), int(backoff),
        run_cap, month_cap, int(pause),
    )  # fmt: skip


def _cap(text: str, value: float | None, key: str) -> float | None:
    """An amount that can be taken out again: a field can be empty only when its own default is."""
    st.session_state.setdefault(key, value)
    found = st.number_input(text, 0.0, 100_000.0, None, 0.1, key=key, placeholder="no cap", format="%.2f")
    return found or None
