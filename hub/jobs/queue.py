"""Handing work to the background: one row in PostgreSQL, taken by any worker on any machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from psycopg.types.json import Jsonb

from hub.db import postgres
from hub.errors import StoreDown
from hub.jobs.tasks import REGISTERED, Queue

MOST_AT_ONCE = 5_000
"""Jobs of one statement."""


@dataclass(frozen=True, slots=True)
class Item:
    """A job to queue. `args` are JSON values.

    `once`: while a job with this word waits, another is not queued. `lock`: jobs with this word never run at the same
    time, and start in the order in which they were queued. `delay`: seconds before it may start. `priority`: a higher
    number goes first within its queue.
    """

    args: Mapping[str, Any] = field(default_factory=dict[str, Any])
    once: str | None = None
    lock: str | None = None
    delay: float = 0
    priority: int = 0


_NUMBERS = "SELECT nextval('procrastinate_jobs_id_seq') FROM generate_series(1, %s)"
_QUEUE = """
INSERT INTO procrastinate_jobs (id, queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)
SELECT id, %s, %s, priority, lock, once, args, CASE WHEN delay > 0 THEN now() + delay * interval '1 second' END
FROM unnest(%s::bigint[], %s::int[], %s::text[], %s::text[], %s::jsonb[], %s::float8[])
    AS given (id, priority, lock, once, args, delay)
ON CONFLICT (queueing_lock) WHERE status = 'todo' DO NOTHING
RETURNING id
"""


def defer_many(name: str, items: Sequence[Item], *, queue: Queue | None = None) -> list[int | None]:
    """Queues a job `name` for each item, from any thread; their numbers in the same order, None where `once` kept one
    out. All are queued or none.

    `queue`: the task's own, where its module is loaded in this process, and followups elsewhere. Raises StoreDown when
    PostgreSQL is away: the caller decides whether that matters.
    """
    known = REGISTERED.get(name)
    place = queue or (known.queue if known else "followups")
    made: list[int | None] = []
    try:
        with postgres.connection() as database:
            for start in range(0, len(items), MOST_AT_ONCE):
                some = items[start : start + MOST_AT_ONCE]
                numbers = [row[0] for row in database.execute(_NUMBERS, (len(some),)).fetchall()]
                values = (
                    [one.priority for one in some],
                    [one.lock for one in some],
                    [one.once for one in some],
                    [Jsonb(dict(one.args)) for one in some],
                    [float(one.delay) for one in some],
                )
                taken = {row[0] for row in database.execute(_QUEUE, (place, name, numbers, *values)).fetchall()}
                made += [number if number in taken else None for number in numbers]
    except StoreDown as error:
        raise StoreDown(
            "Background work cannot be queued: PostgreSQL does not answer.",
            hint="Chat goes on without it; `hub doctor` says what is wrong.",
        ) from error.__cause__ or error
    return made


def cancel(job: int) -> bool:
    """Takes a waiting job out of its queue, or asks a running one to end: whether there was one. Raises StoreDown."""
    with postgres.connection() as database:
        row = database.execute("SELECT procrastinate_cancel_job_v1(%s, true, false)", (job,)).fetchone()
    return row is not None and row[0] is not None


def somebody_works() -> bool:
    """Whether a worker is alive, on any machine. Raises StoreDown."""
    return workers() > 0


def forget() -> None:
    """Takes every job away that has not ended: what they are about is not there any more. Raises StoreDown."""
    with postgres.connection() as database:
        database.execute("DELETE FROM procrastinate_jobs WHERE status IN ('todo', 'doing')")


def workers(queue: Queue | None = None) -> int:
    """How many workers live that serve `queue`, or any queue, on all machines. Raises StoreDown."""
    with postgres.connection() as database:
        found = database.execute(
            "SELECT count(*) FROM jobs.workers WHERE beat_at > now() - interval '20 seconds'"
            " AND (%(queue)s::text IS NULL OR %(queue)s = ANY(queues))",
            {"queue": queue},
        )
        row = found.fetchone()
    return int(row[0]) if row else 0
