"""The queue as a worker sees it that may be late: it ends, or gives back, only what is still its own.

The queue's package looks at a job's number alone, so a worker that wakes up after another has taken its job would end
the other's start, or have a third one begin beside it.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

import structlog
from procrastinate import exceptions
from procrastinate.connector import BaseConnector
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

log = structlog.stdlib.get_logger(__name__)

STALLED_SECONDS = 20
"""A worker without a heartbeat for so long is dead, and what it was doing starts again."""
MOST_STARTS = 3
"""A job whose worker died so often is given up: it may be what kills them."""
_PATIENCE = (0.2, 1, 3, 6)
"""Pauses in seconds between attempts to write how a job ended, while PostgreSQL is away."""

_MINE = "FROM procrastinate_jobs WHERE id = %(id)s AND worker_id = %(holder)s AND attempts = %(attempts)s"
_HELD = f"{_MINE} AND status = 'doing' FOR UPDATE"
_FINISH = f"WITH mine AS (SELECT id {_HELD}) SELECT procrastinate_finish_job_v1(id, %(status)s, %(delete)s) FROM mine"
_RETRY = f"WITH mine AS (SELECT id {_HELD}) SELECT procrastinate_retry_job_v2(id, %(at)s, NULL, NULL, NULL) FROM mine"
_TOKEN = f"SELECT nextval('jobs.token') AS token FROM (SELECT id {_HELD}) AS mine"
_AGAIN = """
WITH these AS (
    SELECT job.id FROM procrastinate_jobs AS job LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id
    WHERE job.status = 'doing' AND CASE WHEN %(given_back)s THEN job.worker_id = ANY(%(holders)s) ELSE
        worker.id IS NULL OR worker.last_heartbeat < now() - %(seconds)s * interval '1 second' END
    FOR UPDATE OF job SKIP LOCKED
), put AS (
    UPDATE procrastinate_jobs AS job SET
        status = CASE WHEN abort_requested THEN 'aborted' WHEN NOT %(given_back)s AND attempts + 1 >= %(most)s
            THEN 'failed' ELSE 'todo' END::procrastinate_job_status,
        attempts = attempts + CASE WHEN %(given_back)s THEN 0 ELSE 1 END,
        abort_requested = false, worker_id = NULL, scheduled_at = NULL
    FROM these WHERE job.id = these.id RETURNING job.*
), why AS (
    INSERT INTO jobs.failures (job, attempt, kind, message, frames)
    SELECT id, attempts, 'WorkerDied', 'Its worker died at each of ' || attempts || ' starts.', ''
    FROM put WHERE status = 'failed'
    ON CONFLICT (job) DO UPDATE SET at = now(), attempt = excluded.attempt, kind = excluded.kind,
        message = excluded.message, frames = ''
)
SELECT id, task_name AS task, status::text, pg_notify('procrastinate_queue_v1#' || queue_name,
    json_build_object('type', 'job_inserted', 'job_id', id)::text) FROM put
"""


class Fenced(JobManager):
    """Ends, gives back and starts again."""

    def __init__(self, connector: BaseConnector) -> None:
        super().__init__(connector)
        self.leaving = False  # the worker ends: what is broken off goes back to the queue

    async def token(self, job: Job) -> int | None:
        """A number for this start, larger than that of any start before; None when the job is another's by now."""
        found = await self.connector.execute_query_all_async(query=_TOKEN, **_held(job))
        return int(found[0]["token"]) if found else None

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        """Ends a job that is still ours; one that was broken off because the worker ends goes back instead."""
        if self.leaving and status == Status.ABORTED:
            await self.give_back([job.worker_id])  # with what else this worker has under way: all is broken off
            return
        values = {**_held(job), "status": status.value, "delete": delete_job}
        await self._write(job, _FINISH, values)

    async def retry_job(
        self,
        job: Job,
        retry_at: datetime | None = None,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        """Puts a failed attempt of a job that is still ours back into the queue."""
        await self._write(job, _RETRY, {**_held(job), "at": retry_at})

    async def _write(self, job: Job, query: Any, values: dict[str, Any]) -> None:
        for pause in (*_PATIENCE, None):
            try:
                if not await self.connector.execute_query_all_async(query=query, **values):
                    log.warning("job_was_late", job=job.id, task=job.task_name)
                return
            except exceptions.ConnectorException:
                if pause is None:
                    raise
                await asyncio.sleep(pause)

    async def start_stalled(self, seconds: float = STALLED_SECONDS) -> int:
        """Starts jobs again whose worker died, and gives up those that saw several die; how many it started."""
        return await self._again(given_back=False, holders=[], seconds=seconds)

    async def give_back(self, holders: list[int | None]) -> int:
        """Puts what these workers have under way back into the queue, for others to start at once; how many."""
        return await self._again(given_back=True, holders=holders, seconds=0.0)

    async def _again(self, **values: object) -> int:
        found = await self.connector.execute_query_all_async(query=_AGAIN, **values, most=MOST_STARTS)
        for row in found:
            log.warning("job_goes_back" if row["status"] == "todo" else "job_given_up", job=row["id"], task=row["task"])
        return sum(row["status"] == "todo" for row in found)


def _held(job: Job) -> dict[str, Any]:
    return {"id": job.id, "holder": job.worker_id, "attempts": job.attempts}
