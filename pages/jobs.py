"""Jobs, for administrators: what the background does, and what went wrong in it."""

from __future__ import annotations

import streamlit as st

from components import state, troubles
from components.clock import long_ago, viewer_now
from components.error_note import error_note
from components.jobs.job_rows import JobRow, failed_rows, running_rows
from components.jobs.queue_cards import QueueCard, queue_cards
from components.jobs.worker_rows import WorkerRow, worker_rows
from components.state import script
from hub.errors import HubError, StoreDown, tried
from hub.jobs import look
from hub.jobs.tasks import QUEUES

ABOUT = {
    "followups": ("Follow-ups", "What an exchange leaves to do: memory and search."),
    "agents": ("Agents", "Agents that work while nobody waits."),
    "eval": ("Evaluations", "Runs of evaluations."),
    "ingestion": ("Documents", "Reading and indexing documents."),
}
MOST = 50
EVERY = "3s"
who = state.who()


def lasting(seconds: float) -> str:
    """A time in a few words."""
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"


def queue_card(one: look.QueueLook, served: int) -> QueueCard:
    """A queue as its card shows it."""
    oldest = f"The first has waited for {lasting(one.oldest)}." if one.waiting else ""
    mean = f", {lasting(one.seconds / one.done)} each" if one.done else ""
    rate = f"Last hour: {one.done:,} done{mean}" + (f", {one.failed:,} failed." if one.failed else ".")
    title, about = ABOUT.get(one.name, (one.name, "Queued by an older version."))
    return QueueCard(one.name, title, about, one.waiting, one.running, one.broken, one.later, served, oldest, rate)


def worker_row(one: look.WorkerLook) -> WorkerRow:
    """A worker as its row shows it."""
    queues, now = "all queues" if set(QUEUES) <= set(one.queues) else ", ".join(one.queues), viewer_now()
    heard, since = long_ago(one.beat_at, now), long_ago(one.started_at, now)
    return WorkerRow(one.host, one.pid, one.version, queues, heard, since, one.alive, one.running)


def job_row(one: look.JobLook) -> JobRow:
    """A job as its row shows it."""
    now = viewer_now()
    when = long_ago(one.at, now) if one.at else ""
    where = f"at {one.worker}" if one.worker else ""
    texts = (one.kind, one.message, one.frames)
    return JobRow(one.id, one.task, one.arguments, one.attempt, when, where, one.cancelling, *texts)


def retry(jobs: list[int]) -> str:
    """Start failed jobs again."""
    return tried(lambda: look.retry(who, jobs))


def delete(jobs: list[int]) -> str:
    """Remove failed jobs."""
    return tried(lambda: look.delete(who, jobs))


def cancel(jobs: list[int]) -> str:
    """Ask running jobs to end."""
    return tried(lambda: [look.stop(who, job) for job in jobs])


@st.fragment(run_every=EVERY)
def board() -> None:
    """Everything, drawn again every few seconds."""
    try:
        served, failed = look.workers_of_queues(), look.failed_jobs(MOST)
        queue_cards([queue_card(one, served.get(one.name, 0)) for one in look.queues()])
        st.subheader("Workers", anchor=False)
        worker_rows([worker_row(one) for one in look.worker_processes()])
        st.subheader("Running", anchor=False)
        running_rows([job_row(one) for one in look.running_jobs(MOST)], cancel)
        st.subheader("Failed", anchor=False)
        failed_rows([job_row(one) for one in failed], retry, delete)
    except StoreDown as error:
        st.error(
            f"{error.message} Jobs wait, and chat goes on without them; this page comes back by itself.",
            icon=":material/cloud_off:",
        )


with st.container(key="page_jobs"):
    if st.button("Settings", icon=":material/arrow_back:", type="tertiary", key="back"):
        st.switch_page(script("settings"), query_params={"group": "About"})
    st.title("Jobs", anchor=False)
    try:
        look.check(who)
        board()
    except StoreDown as error:
        troubles.store_down(error.message)
    except HubError as error:
        error_note(error.message, error.hint, key="jobs_error")
