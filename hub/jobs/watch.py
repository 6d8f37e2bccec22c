"""What a worker process does beside its jobs: says that it lives, and starts again what dead ones left."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from procrastinate import exceptions
from procrastinate.connector import BaseConnector

import hub
from hub.jobs.counts import Counts
from hub.jobs.fence import Fenced

BEAT_SECONDS = 3.0
"""Between two looks. A job of a killed worker starts again after at most STALLED_SECONDS and this."""

_ENTER = """
INSERT INTO jobs.workers (host, pid, version, queues, members)
VALUES (%(host)s, %(pid)s, %(version)s, %(queues)s, %(members)s) RETURNING id
"""
_BEAT = """
WITH beat AS (UPDATE jobs.workers SET beat_at = now() WHERE id = %(own)s),
old AS (DELETE FROM jobs.workers WHERE beat_at < now() - interval '10 minutes' AND id <> %(own)s)
UPDATE procrastinate_workers SET last_heartbeat = now() WHERE id = ANY(%(members)s) RETURNING id
"""
_LEAVE = """
WITH left_ AS (DELETE FROM jobs.workers WHERE id = %(own)s)
DELETE FROM procrastinate_workers WHERE id = ANY(%(members)s)
"""
_OURS = """
SELECT id FROM procrastinate_jobs WHERE id = ANY(%(jobs)s) AND status = 'doing' AND worker_id = ANY(%(members)s)
"""


class Forgotten(exceptions.ConnectorException):
    """This process was silent for so long that it was struck off: what it did is another's by now."""


class Watch:
    """`queues` are what the process serves, `members` its rows in the queue's own table of workers. `under_way` tells
    the jobs that run here, and `lose` is given those of them that are another's by now."""

    def __init__(
        self,
        manager: Fenced,
        counts: Counts,
        queues: Sequence[str],
        members: Sequence[int],
        under_way: Callable[[], Iterable[int]],
        lose: Callable[[set[int]], None],
    ) -> None:
        self._manager = manager
        self._counts = counts
        self._queues = list(queues)
        self.members = list(members)
        self._under_way = under_way
        self._lose = lose
        self._own = 0

    @property
    def _store(self) -> BaseConnector:
        return self._manager.connector

    async def enter(self) -> None:
        """Makes the process known."""
        row: dict[str, Any] = await self._store.execute_query_one_async(
            query=_ENTER,
            host=socket.gethostname(),
            pid=os.getpid(),
            version=hub.__version__,
            queues=self._queues,
            members=self.members,
        )
        self._own = row["id"]

    async def keep(self) -> None:
        """Beats until cancelled. Raises Forgotten, and ConnectorException when PostgreSQL is away."""
        while True:
            await self.beat()
            await asyncio.sleep(BEAT_SECONDS)

    async def beat(self) -> None:
        """One look. Our own heartbeat comes first: who wakes from a long sleep is not to take his own work for dead."""
        known = await self._store.execute_query_all_async(query=_BEAT, own=self._own, members=self.members)
        if jobs := list(self._under_way()):
            ours = await self._store.execute_query_all_async(query=_OURS, jobs=jobs, members=self.members)
            self._lose(set(jobs) - {row["id"] for row in ours})
        if len(known) < len(self.members):
            raise Forgotten("This worker was silent for too long.")
        await self._manager.start_stalled()
        await self._counts.write(self._store)

    async def leave(self) -> int:
        """Gives back what is under way and strikes the process off; how many jobs went back."""
        count = await self._manager.give_back([*self.members])
        await self._counts.write(self._store)
        await self._store.execute_query_async(query=_LEAVE, own=self._own, members=self.members)
        return count
