"""The process that does background jobs."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import structlog
from procrastinate import exceptions
from psycopg_pool import PoolTimeout

from hub.db import figures, postgres
from hub.errors import BadInput, StoreDown
from hub.jobs.app import build
from hub.jobs.crew import Crew, concurrency
from hub.jobs.tasks import QUEUES, Queue

__all__ = ["build", "chosen", "run", "stopping"]

log = structlog.stdlib.get_logger(__name__)
_stop = threading.Event()

SPARE_THREADS = 4
FIGURES_SECONDS = 5


def stopping() -> bool:
    """Whether this worker is to end: a job that goes on for long leaves the rest to another."""
    return _stop.is_set()


def chosen(queues: str) -> tuple[Queue, ...]:
    """The queues that "agents,eval" names, "" all of them. Raises BadInput."""
    named = {name for name in queues.replace(" ", "").split(",") if name}
    if wrong := named - set(QUEUES):
        raise BadInput(f"There is no queue {', '.join(sorted(wrong))}.", hint=f"There are {', '.join(QUEUES)}.")
    return tuple(queue for queue in QUEUES if not named or queue in named)


async def run(queues: Sequence[Queue] = QUEUES, last: Callable[[], object] = lambda: None) -> None:
    """Works until SIGTERM or SIGINT, then lets running jobs finish for a while and gives back what is left; `last` is
    called at the end, on a thread.

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
        handler.addFilter(_said_by_us)
    threads = sum(map(concurrency, queues)) + SPARE_THREADS
    loop.set_default_executor(ThreadPoolExecutor(threads, thread_name_prefix="job"))
    said, crew = False, None
    counting = asyncio.create_task(_keep_figures())
    while not stop.is_set():
        try:
            app = build(postgres.url())
            crew = Crew(app, queues)
            async with app.open_async():
                said = False
                await crew.work(stop)
        except (exceptions.ConnectorException, psycopg.OperationalError, PoolTimeout) as error:
            if not said:
                log.warning("PostgreSQL does not answer; the worker waits for it", error=type(error).__name__)
            said = True
            await _first(stop.wait(), asyncio.sleep(1))
    counting.cancel()
    await asyncio.to_thread(_write_figures)
    await asyncio.to_thread(last)
    if crew is not None and crew.left:
        _leave_threads()


async def _keep_figures() -> None:
    """Adds what jobs have counted in this process to what is told of all."""
    while True:
        await asyncio.sleep(FIGURES_SECONDS)
        await asyncio.to_thread(_write_figures)


def _write_figures() -> None:
    try:
        figures.write()
    except StoreDown:
        log.debug("figures_wait")


def _leave_threads() -> None:
    """Ends the process though plain jobs are under way: they were given back, and Python would wait for them."""
    log.info("worker_left")
    logging.shutdown()
    os._exit(0)


def _said_by_us(record: logging.LogRecord) -> bool:
    """Leaves out the queue's own words about failed jobs, which quote what they were given, and about a store that is
    away: `hub.jobs.start` and `run` say both in one line."""
    if str(getattr(record, "action", "")).startswith("job_"):
        return False
    return not (record.exc_info and isinstance(record.exc_info[1], exceptions.ConnectorException))


async def _first(*waits: Any) -> None:
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
