"""The worker processes: where each is, what it serves, when it was last heard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from components.empty_state import empty_state
from components.markdown import label


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """A worker. `queues` and the times are words."""

    host: str
    pid: int
    version: str
    queues: str
    heard: str
    since: str
    alive: bool
    running: int


def worker_rows(rows: Sequence[WorkerRow]) -> None:
    """One row for each worker."""
    for row in rows:
        with st.container(border=True, key=f"worker_{row.pid}_{label(row.host)}", gap=None):
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                st.markdown(f"**{label(row.host)}**  :gray[:small[process {row.pid}]]", width="content")
                if row.alive:
                    st.badge("Alive", icon=":material/check_circle:", color="green", width="content")
                else:
                    st.badge("Gone", icon=":material/cancel:", color="red", width="content")
            running = f"{row.running:,} running" if row.running else "idle"
            st.caption(
                f"{row.queues} · {running} · version {label(row.version)} · since {row.since} · heard {row.heard}"
            )
    if not rows:
        empty_state(
            "engineering",
            "No worker runs",
            "Jobs wait until one is started with `hub worker`, on this machine or on another with the same databases.",
            key="workers",
        )
