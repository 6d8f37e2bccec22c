"""The job that runs here, and how two starts of it are told apart.

A job runs again when its worker died, and a worker that was only silent (a machine that slept, a paused process) may
wake up when another has long taken its job. So what a job does is harmless when done twice: `running().job` is the
same at each start, a key by which an effect is known; `running().token` is larger at each later start, so that a store
can refuse whoever comes with a smaller one than it has seen; and `still_mine` asks the queue before a write.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hub.errors import HubError

if TYPE_CHECKING:
    from hub.db.postgres import Database


class Late(HubError):
    """Another worker has taken this job, or it is over: what is left of it here must do nothing more."""

    kind = "late"


@dataclass(frozen=True, slots=True)
class Running:
    """A start of a job. `attempt` counts from 1; `holder` is the queue's number of who runs it."""

    job: int
    task: str
    attempt: int
    token: int
    holder: int
    ended: Callable[[], bool] = field(default=lambda: False, repr=False, compare=False)


NOW: ContextVar[Running | None] = ContextVar("running", default=None)


def running() -> Running | None:
    """The job that this code is part of; None outside of one, as in the command line."""
    return NOW.get()


def cancelled() -> bool:
    """Whether the running job is to end: somebody cancelled it, or it is not this worker's any more. Costs nothing."""
    now = NOW.get()
    return now is not None and now.ended()


_HELD = "SELECT FROM procrastinate_jobs WHERE id = %s AND status = 'doing' AND worker_id = %s AND attempts = %s"


def still_mine(database: Database | None = None) -> None:
    """Asks the queue whether the running job is still this worker's, and not cancelled; outside of a job it is.

    With the connection of a transaction the answer holds until the transaction ends: nobody else can begin the job
    before. Raises Late when it is not ours, StoreDown when the queue does not answer.
    """
    now = NOW.get()
    if now is None:
        return
    from hub.db import postgres

    values = (now.job, now.holder, now.attempt - 1)
    if database is None:
        with postgres.connection() as fresh:
            held = fresh.execute(f"{_HELD} AND NOT abort_requested", values).fetchone()
    else:
        held = database.execute(f"{_HELD} FOR SHARE", values).fetchone()
    if held is None:
        raise Late(f"Job {now.job} ({now.task}) is not this worker's any more.")
