"""Jobs in rows: those that run, with Cancel, and those that failed, with why, Retry and Delete."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from components.empty_state import empty_state
from components.markdown import label


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job. `when` and `where` are words; `arguments` are ids. `kind`, `message` and `frames` tell of a failure."""

    id: int
    task: str
    arguments: str
    attempt: int
    when: str
    where: str = ""
    cancelling: bool = False
    kind: str = ""
    message: str = ""
    frames: str = ""


Act = Callable[[list[int]], str]
"""Does something to jobs; what went wrong with that, "" for nothing."""


def running_rows(rows: Sequence[JobRow], cancel: Act) -> None:
    """What runs now, the longest first."""
    for row in rows:
        with st.container(border=True, key=f"job_{row.id}", gap=None):
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                _name(row)
                if row.cancelling:
                    st.badge("Cancelling", icon=":material/hourglass_top:", color="gray", width="content")
                elif st.button("Cancel", key=f"cancel_{row.id}", type="tertiary", help=f"Cancel job {row.id}"):
                    _tell(cancel([row.id]), f"Job {row.id} is asked to end.")
            _about(row)
    if not rows:
        st.caption("Nothing runs at the moment.")


def failed_rows(rows: Sequence[JobRow], retry: Act, delete: Act) -> None:
    """What failed for good, the newest first."""
    if not rows:
        empty_state("task_alt", "Nothing failed", "A job that fails for good stands here, with where.", key="failed")
        return
    ids = [row.id for row in rows]
    with st.container(horizontal=True):
        if st.button(f"Retry all {len(rows)}", icon=":material/refresh:", key="retry_all"):
            _tell(retry(ids), f"{len(rows)} jobs start again.")
        with st.popover("Delete all", icon=":material/delete:"):
            st.markdown(f"Delete what is kept of {len(rows)} failed jobs? What they were to do is not done.")
            if st.button(f"Delete {len(rows)} jobs", key="delete_all", type="primary"):
                _tell(delete(ids), f"{len(rows)} jobs are deleted.")
    for row in rows:
        with st.container(border=True, key=f"job_{row.id}", gap="xsmall"):
            _failed(row, retry, delete)


def _failed(row: JobRow, retry: Act, delete: Act) -> None:
    with st.container(gap=None):
        _name(row)
        _about(row)
    why = f"{row.message} " if row.message else ""
    st.markdown(f":red[:material/error:] {label(why)}:gray[{label(row.kind or 'No worker of this version knows it')}]")
    if row.frames:
        with st.expander("Where it failed", icon=":material/code:", key=f"frames_{row.id}"):
            st.code(row.frames, language=None, wrap_lines=True)
    with st.container(horizontal=True, gap="small"):
        if st.button("Retry", icon=":material/refresh:", key=f"retry_{row.id}", type="tertiary"):
            _tell(retry([row.id]), f"Job {row.id} starts again.")
        with st.popover("Delete", icon=":material/delete:", type="tertiary", key=f"ask_delete_{row.id}"):
            st.markdown(f"Delete what is kept of job {row.id}? What it was to do is not done.")
            if st.button(f"Delete job {row.id}", key=f"delete_{row.id}", type="primary"):
                _tell(delete([row.id]), f"Job {row.id} is deleted.")


def _name(row: JobRow) -> None:
    st.markdown(f"**{label(row.task)}**  :gray[:small[job {row.id}]]", width="content")


def _about(row: JobRow) -> None:
    said = [row.when, row.where, f"attempt {row.attempt}" if row.attempt > 1 else "", row.arguments]
    st.caption(" · ".join(label(one) for one in said if one))


def _tell(problem: str, said: str) -> None:
    if problem:
        st.error(problem, icon=":material/error:")
        return
    st.toast(said, icon=":material/check_circle:")
    st.rerun()
