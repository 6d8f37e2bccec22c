"""The process that does background jobs."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from datetime import datetime
from typing import Any

import psycopg
import structlog
from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision, exceptions
from procrastinate.jobs import Job, Status
from psycopg_pool import PoolTimeout

from hub.db import postgres
from hub.jobs.tasks import REGISTERED, Task
from hub.settings import settings

log = structlog.stdlib.get_logger()
_stop = threading.Event()

HEARTBEAT_SECONDS = 5
STALLED_SECONDS = 20
"""A worker without a heartbeat for so long is dead, and what it was doing starts again."""
MOST_STARTS = 3
"""A job whose worker died so often is given up: it may be what kills them."""


def stopping() -> bool:
    """Whether this worker is to end: a job that goes on for long leaves the rest to another."""
    return _stop.is_set()


class _Growing(BaseRetryStrategy):
    """Another attempt after 10 s, 40 s, 90 s and so on."""

    def __init__(self, attempts: int) -> None:
        self.attempts = attempts

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """None when the job had its attempts; `job.attempts` counts those before this one."""
        tried = job.attempts + 1
        log.warning("job failed", job=job.task_name, attempt=tried, of=self.attempts, error=type(exception).__name__)
        return RetryDecision(retry_in={"seconds": 10 * tried * tried}) if tried < self.attempts else None


def build(url: str) -> App:
    """A queue application with every registered task, and the one that starts stalled jobs again."""
    app = App(connector=PsycopgConnector(conninfo=url, min_size=1, max_size=settings().worker_jobs + 3, timeout=10))
    for registered in REGISTERED.values():
        _add(app, registered)

    @app.periodic(cron="* * * * *")
    @app.task(name="jobs.stalled", queueing_lock="jobs.stalled")
    async def stalled(timestamp: int) -> None:  # pyright: ignore[reportUnusedFunction]
        await retry_stalled(app)

    @app.periodic(cron="17 4 * * *")
    @app.task(name="jobs.tidy", queueing_lock="jobs.tidy")
    async def tidy(timestamp: int) -> None:  # pyright: ignore[reportUnusedFunction]
        await app.job_manager.delete_old_jobs(nb_hours=24 * 14, include_failed=True, include_cancelled=True)

    return app


def _add(app: App, registered: Task) -> None:
    if registered.cron is None:
        app.task(name=registered.name, retry=_Growing(registered.attempts))(registered.work)
        return

    async def by_the_clock(timestamp: int) -> None:
        result: Any = await asyncio.to_thread(registered.work)
        if asyncio.iscoroutine(result):
            await result

    task = app.task(name=registered.name, queueing_lock=registered.name)(by_the_clock)
    app.periodic(cron=registered.cron)(task)


async def retry_stalled(app: App, *, seconds: float = STALLED_SECONDS) -> int:
    """Starts jobs again whose worker died, and gives up those that saw several die; returns how many it started."""
    started = 0
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=seconds):
        if job.attempts + 1 >= MOST_STARTS:
            log.error("job given up", job=job.task_name, starts=job.attempts + 1)
            await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)
        else:
            log.warning("job starts again", job=job.task_name, id=job.id)
            await app.job_manager.retry_job(job, retry_at=datetime.now().astimezone())
            started += 1
    return started


async def run() -> None:
    """Works until SIGTERM or SIGINT, then lets running jobs finish for a while.

    PostgreSQL may be away at the start or go away later: said once, tried again until it is back.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    _stop.clear()

    def end() -> None:
        _stop.set()
        stop.set()

    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, end)
    for handler in logging.getLogger().handlers:
        handler.addFilter(_not_away)
    said = False
    while not stop.is_set():
        try:
            async with build(postgres.url()).open_async() as app:
                log.info("worker ready", tasks=len(REGISTERED))
                said = False
                await _work(app, stop)
        except (exceptions.ConnectorException, psycopg.OperationalError, PoolTimeout) as error:
            if not said:
                log.warning("PostgreSQL does not answer; the worker waits for it", error=type(error).__name__)
            said = True
            await _first(stop.wait(), asyncio.sleep(1))


def _not_away(record: logging.LogRecord) -> bool:
    """Leaves out the queue's own tracebacks about a store that is away: `run` says that in one line."""
    return not (record.exc_info and isinstance(record.exc_info[1], exceptions.ConnectorException))


async def _work(app: App, stop: asyncio.Event) -> None:
    work = asyncio.ensure_future(
        app.run_worker_async(
            concurrency=settings().worker_jobs,
            install_signal_handlers=False,
            shutdown_graceful_timeout=settings().shutdown_seconds,
            update_heartbeat_interval=HEARTBEAT_SECONDS,
            stalled_worker_timeout=STALLED_SECONDS,
            delete_jobs="successful",
        )
    )
    stopped = asyncio.ensure_future(stop.wait())
    await asyncio.wait({work, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if not work.done():
        work.cancel()
    try:
        await work
    except asyncio.CancelledError:
        if not stop.is_set():
            raise


async def _first(*waits: Any) -> None:
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
