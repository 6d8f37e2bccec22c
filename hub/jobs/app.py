"""The queue application: every registered task, and checks that a job is its worker's."""

from __future__ import annotations

import asyncio
from typing import Any

from procrastinate import App, PsycopgConnector

from hub.jobs.counts import FOLD, Counts
from hub.jobs.fence import Fenced
from hub.jobs.start import Growing, Starts
from hub.jobs.tasks import REGISTERED, Task

CONNECTIONS = 8


class Application(App):
    """The package's own, with what this process knows of the starts of its jobs."""

    def __init__(self, url: str) -> None:
        connector = PsycopgConnector(conninfo=url, min_size=1, max_size=CONNECTIONS, timeout=10)
        self.manager, self.counts = Fenced(connector), Counts()
        self.starts = Starts(self.manager, self.counts)
        super().__init__(  # pyright: ignore[reportUnknownMemberType]
            connector=connector,
            worker_defaults={"worker_middleware": [self.starts.around]},
        )
        self.job_manager = self.manager

    def without_clock(self) -> App:
        """The same tasks for another queue of the process; what runs by the clock needs to be queued once only."""
        other = App(connector=self.connector, worker_defaults=self.worker_defaults)
        other.tasks = self.tasks  # pyright: ignore[reportUnknownMemberType]
        other.job_manager = self.manager
        return other


def build(url: str) -> Application:
    """The application on the PostgreSQL server at `url`, with the task that tidies the queue."""
    app = Application(url)
    for registered in REGISTERED.values():
        _add(app, registered)

    @app.periodic(cron="17 4 * * *")
    @app.task(name="jobs.tidy", queue="followups", queueing_lock="jobs.tidy")
    async def tidy(timestamp: int) -> None:  # pyright: ignore[reportUnusedFunction]
        await app.manager.delete_old_jobs(nb_hours=24 * 14, include_failed=True, include_cancelled=True)
        await app.connector.execute_query_async(query=FOLD)

    return app


def _add(app: App, registered: Task) -> None:
    if registered.cron is None:
        retry = Growing(registered.attempts)
        app.task(name=registered.name, queue=registered.queue, retry=retry)(registered.work)
        return

    async def by_the_clock(timestamp: int) -> None:
        result: Any = await asyncio.to_thread(registered.work)
        if asyncio.iscoroutine(result):
            await result

    task = app.task(name=registered.name, queue=registered.queue, queueing_lock=registered.name)(by_the_clock)
    app.periodic(cron=registered.cron)(task)
