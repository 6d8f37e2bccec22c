"""How many attempts of jobs ended how: counted in the process, written by the watch every few seconds."""

from __future__ import annotations

from collections import defaultdict

from procrastinate.connector import BaseConnector

Key = tuple[str, str, str]
"""Queue, task, outcome: done, failed (for good), retried, cancelled."""

_ADD = """
INSERT INTO jobs.counts (minute, queue, task, outcome, count, seconds)
SELECT date_trunc('minute', now()), * FROM unnest(
    %(queues)s::text[], %(tasks)s::text[], %(outcomes)s::text[], %(counts)s::bigint[], %(seconds)s::float8[])
ON CONFLICT (minute, queue, task, outcome) DO UPDATE SET
    count = jobs.counts.count + excluded.count, seconds = jobs.counts.seconds + excluded.seconds
"""
FOLD = """
WITH old AS (
    DELETE FROM jobs.counts WHERE minute < now() - interval '1 day' AND isfinite(minute) RETURNING *
)
INSERT INTO jobs.counts (minute, queue, task, outcome, count, seconds)
SELECT '-infinity', queue, task, outcome, sum(count), sum(seconds) FROM old GROUP BY queue, task, outcome
ON CONFLICT (minute, queue, task, outcome) DO UPDATE SET
    count = jobs.counts.count + excluded.count, seconds = jobs.counts.seconds + excluded.seconds
"""
"""Sums up what is older than a day."""


class Counts:
    """What ended since it was last written. For the event loop of a worker."""

    def __init__(self) -> None:
        self._counts: defaultdict[Key, int] = defaultdict(int)
        self._seconds: defaultdict[Key, float] = defaultdict(float)

    def add(self, queue: str, task: str, outcome: str, seconds: float) -> None:
        """One attempt that ended after `seconds`."""
        self._counts[queue, task, outcome] += 1
        self._seconds[queue, task, outcome] += seconds

    async def write(self, connector: BaseConnector) -> None:
        """Adds all to what is stored; kept for the next time when the store is away."""
        if not self._counts:
            return
        counts, seconds = dict(self._counts), dict(self._seconds)
        keys = sorted(counts)  # always in one order: two workers that write the same rows never wait for each other
        await connector.execute_query_async(
            query=_ADD,
            queues=[key[0] for key in keys],
            tasks=[key[1] for key in keys],
            outcomes=[key[2] for key in keys],
            counts=[counts[key] for key in keys],
            seconds=[seconds[key] for key in keys],
        )
        for key in keys:
            self._counts[key] -= counts[key]
            self._seconds[key] -= seconds[key]
            if not self._counts[key]:
                del self._counts[key], self._seconds[key]
