"""What stands around each start of a job: its token, the words of its log lines, how it ended."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from procrastinate import BaseRetryStrategy, RetryDecision, exceptions
from procrastinate.job_context import JobContext
from procrastinate.jobs import Job
from procrastinate.worker import Worker

from hub import tracing
from hub.failure import failure
from hub.jobs.counts import Counts
from hub.jobs.fence import Fenced
from hub.jobs.running import NOW, Late, Running
from hub.jobs.tasks import REGISTERED
from hub.log import redact

log = structlog.stdlib.get_logger(__name__)

_KEEP = """
INSERT INTO jobs.failures (job, attempt, kind, message, frames)
SELECT id, %(attempt)s, %(kind)s, %(message)s, %(frames)s FROM procrastinate_jobs WHERE id = %(job)s
ON CONFLICT (job) DO UPDATE SET at = now(), attempt = excluded.attempt, kind = excluded.kind,
    message = excluded.message, frames = excluded.frames
"""


class Growing(BaseRetryStrategy):
    """Another attempt after 10 s, 40 s, 90 s and so on."""

    def __init__(self, attempts: int) -> None:
        self.attempts = attempts

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """None when the job had its attempts, or was broken off; `job.attempts` counts those before this one."""
        tried = job.attempts + 1
        if isinstance(exception, (asyncio.CancelledError, exceptions.JobAborted)) or tried >= self.attempts:
            return None
        return RetryDecision(retry_in={"seconds": 10 * tried * tried})


class Starts:
    """The starts of one worker process. `lost` holds the jobs that are another's by now."""

    def __init__(self, manager: Fenced, counts: Counts) -> None:
        self._manager = manager
        self._counts = counts
        self.lost: set[int] = set()

    async def around(self, call_next: Callable[[], Awaitable[Any]], context: JobContext, worker: Worker) -> Any:
        """Runs a job in its own context. What it returns is kept nowhere. Raises JobAborted when it is not ours."""
        job, began = context.job, time.monotonic()
        assert job.id is not None and job.worker_id is not None
        token = await self._manager.token(job)
        if token is None:
            raise exceptions.JobAborted
        self.lost.discard(job.id)
        number = job.id
        now = Running(
            number,
            job.task_name,
            job.attempts + 1,
            token,
            job.worker_id,
            lambda: context.should_abort() or number in self.lost,
        )
        NOW.set(now)  # each job is an asyncio task, which has a context of its own
        structlog.contextvars.bind_contextvars(job=number, task=job.task_name)
        try:
            with tracing.span("job", job=number, task=job.task_name, queue=job.queue, attempt=now.attempt):
                await call_next()
        except (Late, asyncio.CancelledError, exceptions.JobAborted) as error:
            self._counts.add(job.queue, job.task_name, "cancelled", time.monotonic() - began)
            if isinstance(error, Late):
                log.warning("job_was_late", attempt=now.attempt)
                raise exceptions.JobAborted from error
            raise
        except Exception as error:
            await self._failed(job, error, time.monotonic() - began)
            raise
        self._counts.add(job.queue, job.task_name, "done", time.monotonic() - began)

    async def _failed(self, job: Job, error: Exception, seconds: float) -> None:
        known = REGISTERED.get(job.task_name)
        most = known.attempts if known else 1
        attempt = job.attempts + 1
        why = failure(error)
        self._counts.add(job.queue, job.task_name, "failed" if attempt >= most else "retried", seconds)
        message = redact(why.message)
        log.warning("job_failed", attempt=attempt, of=most, error=why.kind, message=message, frames=why.frames)
        values = {"job": job.id, "attempt": attempt, "kind": why.kind, "message": message, "frames": why.frames}
        try:
            await self._manager.connector.execute_query_async(query=_KEEP, **values)
        except exceptions.ConnectorException:
            log.warning("job_failure_not_kept")
