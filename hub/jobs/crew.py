"""The jobs of one worker process: each queue with room of its own, and an end that leaves nothing lying."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

import structlog
from procrastinate import App
from procrastinate.job_context import AbortReason
from procrastinate.worker import Worker

from hub.jobs.app import Application
from hub.jobs.fence import STALLED_SECONDS
from hub.jobs.tasks import Queue
from hub.jobs.watch import Watch
from hub.settings import settings

log = structlog.stdlib.get_logger(__name__)

HEARTBEAT_SECONDS = 5
LISTENS_SECONDS = 1.0
UNWIND_SECONDS = 1.0
"""What a job that is broken off gets to close what it holds."""


def concurrency(queue: Queue) -> int:
    """How many jobs of a queue one worker does at the same time."""
    return settings().worker_agents if queue == "agents" else settings().worker_jobs


class _Bell(asyncio.Event):
    """Rung by a new job. The package silences it after each look, also when it rang during that look, which came too
    early to see the job: so after a ring one silencing is passed over, and there is another look."""

    _again = False

    def set(self) -> None:
        self._again = True
        super().set()

    def clear(self) -> None:
        if self._again:
            self._again = False
        else:
            super().clear()


class _Member(Worker):
    """What serves one queue."""

    def __init__(self, app: App, queue: Queue) -> None:
        # Jobs that an older version queued without naming a queue lie in one called default.
        super().__init__(
            app,
            queues=[queue, "default"] if queue == "followups" else [queue],
            name=queue,
            concurrency=concurrency(queue),
            install_signal_handlers=False,
            update_heartbeat_interval=HEARTBEAT_SECONDS,
            stalled_worker_timeout=STALLED_SECONDS,
            delete_jobs="successful",
            worker_middleware=app.worker_defaults.get("worker_middleware"),
        )
        self.entered = asyncio.Event()
        self._new_job_event = _Bell()

    @property
    def under_way(self) -> list[int]:
        return [context.job.id for context in self._running_jobs.values() if context.job.id is not None]

    def break_off(self, only: Iterable[int] | None = None) -> None:
        """Cancels async jobs and tells plain ones; all, or only some."""
        for task, context in list(self._running_jobs.items()):
            if only is None or (context.job.id or 0) in only:
                self._abort_job(task, context, AbortReason.SHUTDOWN)

    async def _run_loop(self) -> None:
        self.entered.set()
        # What is queued while the listening begins would be found by the next poll only.
        asyncio.get_running_loop().call_later(LISTENS_SECONDS, self._new_job_event.set)
        await super()._run_loop()


class Crew:
    """One worker process at its queues, while PostgreSQL answers."""

    def __init__(self, app: Application, queues: Sequence[Queue]) -> None:
        self._app = app
        self._queues = queues
        first = _Member(app, queues[0])
        self.left = False
        """Whether plain jobs were still under way in their threads at the end."""
        self._members = [first, *(_Member(app.without_clock(), queue) for queue in queues[1:])]

    async def work(self, stop: asyncio.Event) -> None:
        """Works until `stop`, then lets jobs finish for HUB_SHUTDOWN_SECONDS and gives back the rest. Raises
        ConnectorException when PostgreSQL goes away."""
        tasks = {asyncio.create_task(member.run()) for member in self._members}
        beside: list[asyncio.Task[Any]] = []
        try:
            watch = await self._enter(tasks)
            beside = [asyncio.create_task(watch.keep()), asyncio.create_task(stop.wait())]
            await asyncio.wait({*tasks, *beside}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            late = await self._end(tasks)
            self.left = bool(late)
            for one in beside:
                one.cancel()
        if not stop.is_set():
            for one in (*beside, *tasks - late):
                if one.done() and not one.cancelled():
                    one.result()
        if count := await watch.leave():
            log.info("jobs_given_back", count=count)

    async def _enter(self, tasks: set[asyncio.Task[None]]) -> Watch:
        entered = asyncio.gather(*(member.entered.wait() for member in self._members))
        await asyncio.wait({entered, *tasks}, return_when=asyncio.FIRST_COMPLETED)
        entered.cancel()
        watch = Watch(
            self._app.manager,
            self._app.counts,
            self._queues,
            [member.worker_id for member in self._members if member.worker_id is not None],
            lambda: [job for member in self._members for job in member.under_way],
            self._lose,
        )
        await watch.enter()
        log.info("worker_ready", queues=list(self._queues))
        return watch

    async def _end(self, tasks: set[asyncio.Task[None]]) -> set[asyncio.Task[None]]:
        """Begins nothing more, waits for what runs, and breaks off what takes too long; the rest, which cannot be."""
        for member in self._members:
            member.stop()
        _, late = await asyncio.wait(tasks, timeout=settings().shutdown_seconds)
        if not late:
            return late
        self._app.manager.leaving = True
        for member in self._members:
            member.break_off()
        return (await asyncio.wait(late, timeout=UNWIND_SECONDS))[1]

    def _lose(self, jobs: set[int]) -> None:
        """Tells jobs that are another's by now that they are over."""
        new = jobs - self._app.starts.lost
        self._app.starts.lost |= new
        for member in self._members:
            member.break_off(new)
