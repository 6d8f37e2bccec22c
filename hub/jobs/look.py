"""What the background does now, for administrators and for metrics: queues, workers, jobs. Numbers and ids only."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from hub.db.postgres import connection, sql
from hub.db.who import Who
from hub.errors import HubError, StoreDown
from hub.jobs.tasks import QUEUES

ALIVE_SECONDS = 20
"""A worker that was not heard for so long counts as gone."""
MOST_ARGUMENTS = 300


@dataclass(frozen=True, slots=True)
class QueueLook:
    """A queue. `waiting` may start now, `later` at their time; `oldest` is the seconds for which the first that may
    start has waited. `done`, `failed` and `seconds` (all of their running) are of the last hour."""

    name: str
    waiting: int
    later: int
    running: int
    broken: int
    oldest: float
    done: int
    failed: int
    seconds: float


@dataclass(frozen=True, slots=True)
class WorkerLook:
    """A worker process. `running` are the jobs it has under way."""

    host: str
    pid: int
    version: str
    queues: tuple[str, ...]
    started_at: datetime
    beat_at: datetime
    alive: bool
    running: int


@dataclass(frozen=True, slots=True)
class JobLook:
    """A job. `at` is when it began to run, or failed; `arguments` is JSON and holds ids. `worker` is "host, process
    number" of who runs it. `kind`, `message` and `frames` tell of its failure."""

    id: int
    task: str
    queue: str
    arguments: str
    attempt: int
    at: datetime | None
    worker: str = ""
    cancelling: bool = False
    kind: str = ""
    message: str = ""
    frames: str = ""


_QUEUES = """
SELECT queue_name AS name,
    count(*) FILTER (WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())) AS waiting,
    count(*) FILTER (WHERE status = 'todo' AND scheduled_at > now()) AS later,
    count(*) FILTER (WHERE status = 'doing') AS running,
    count(*) FILTER (WHERE status = 'failed') AS broken,
    min(id) FILTER (WHERE status = 'todo' AND scheduled_at IS NULL) AS first,
    min(scheduled_at) FILTER (WHERE status = 'todo' AND scheduled_at <= now()) AS due
FROM procrastinate_jobs WHERE status IN ('todo', 'doing', 'failed') GROUP BY queue_name
"""
_OLDEST = f"""
SELECT q.name, waiting, later, running, broken, coalesce(greatest(0, extract(epoch FROM now() - least(due,
    (SELECT max(at) FROM procrastinate_events WHERE job_id = q.first AND type IN ('deferred', 'deferred_for_retry')))
)), 0)::float8 FROM ({_QUEUES}) AS q
"""
_HOUR = """
SELECT queue, coalesce(sum(count) FILTER (WHERE outcome = 'done'), 0)::int,
    coalesce(sum(count) FILTER (WHERE outcome = 'failed'), 0)::int,
    coalesce(sum(seconds) FILTER (WHERE outcome = 'done'), 0)::float8
FROM jobs.counts WHERE minute > now() - interval '1 hour' GROUP BY queue
"""
_WORKERS = f"""
SELECT host, pid, version, queues, started_at, beat_at, beat_at > now() - interval '{ALIVE_SECONDS} seconds',
    (SELECT count(*) FROM procrastinate_jobs AS j WHERE j.status = 'doing' AND j.worker_id = ANY(w.members))::int
FROM jobs.workers AS w ORDER BY host, started_at
"""
_RUNNING = """
SELECT j.id, task_name, queue_name, args::text, attempts + 1,
    (SELECT max(at) FROM procrastinate_events AS e WHERE e.job_id = j.id AND e.type = 'started'),
    coalesce((SELECT host || ', ' || pid FROM jobs.workers AS w WHERE j.worker_id = ANY(w.members) LIMIT 1), ''),
    abort_requested, '', '', ''
FROM procrastinate_jobs AS j WHERE status = 'doing' ORDER BY j.id LIMIT %s
"""
_FAILED = """
SELECT j.id, task_name, queue_name, args::text, attempts, coalesce(f.at,
    (SELECT max(at) FROM procrastinate_events AS e WHERE e.job_id = j.id)), '', false,
    coalesce(f.kind, ''), coalesce(f.message, ''), coalesce(f.frames, '')
FROM procrastinate_jobs AS j LEFT JOIN jobs.failures AS f ON f.job = j.id
WHERE status = 'failed' ORDER BY j.id DESC LIMIT %s
"""


def queues() -> list[QueueLook]:
    """Every queue, also one with nothing in it, in the order of QUEUES. Raises StoreDown."""
    now: dict[str, Any] = {row[0]: row[1:] for row in _rows(_OLDEST)}
    hour: dict[str, Any] = {row[0]: row[1:] for row in _rows(_HOUR)}
    names = [*QUEUES, *sorted((now.keys() | hour.keys()) - set(QUEUES))]
    return [QueueLook(name, *now.get(name, (0, 0, 0, 0, 0.0)), *hour.get(name, (0, 0, 0.0))) for name in names]


def worker_processes() -> list[WorkerLook]:
    """Every worker that was heard in the last ten minutes. Raises StoreDown."""
    return [WorkerLook(row[0], row[1], row[2], tuple(row[3]), *row[4:]) for row in _rows(_WORKERS)]


def _rows(statement: str, *values: object) -> list[Any]:
    try:
        with connection() as database:
            return database.execute(sql(statement), values).fetchall()
    except psycopg.errors.UndefinedTable as error:
        raise StoreDown("The job store is being set up.", hint="It is there in a moment.") from error


def worker_count(host: str | None = None) -> int:
    """How many workers live, on all machines or on one. Raises StoreDown."""
    heard = f"SELECT count(*) FROM jobs.workers WHERE beat_at > now() - interval '{ALIVE_SECONDS} seconds'"
    return int(_rows(f"{heard} AND (%s::text IS NULL OR host = %s)", host, host)[0][0])


def workers_of_queues() -> dict[str, int]:
    """How many workers live by the queue that they serve. Raises StoreDown."""
    living = [worker for worker in worker_processes() if worker.alive]
    return {queue: sum(queue in worker.queues for worker in living) for queue in QUEUES}


@dataclass(frozen=True, slots=True)
class Total:
    """How many attempts of a task ended so since the beginning, and how many seconds they took together."""

    queue: str
    task: str
    outcome: str
    count: int
    seconds: float


def totals() -> list[Total]:
    """By queue, task and outcome: done, failed (for good), retried, cancelled. Raises StoreDown."""
    rows = _rows(
        "SELECT queue, task, outcome, sum(count)::bigint, sum(seconds)::float8 FROM jobs.counts"
        " GROUP BY queue, task, outcome ORDER BY queue, task, outcome"
    )
    return [Total(*row) for row in rows]


def running_jobs(most: int = 100) -> list[JobLook]:
    """What runs, the longest first. Raises StoreDown."""
    return _jobs(_RUNNING, most)


def failed_jobs(most: int = 100) -> list[JobLook]:
    """What failed for good, the newest first. Raises StoreDown."""
    return _jobs(_FAILED, most)


def _jobs(statement: str, most: int) -> list[JobLook]:
    return [JobLook(row[0], row[1], row[2], _short(row[3]), *row[4:]) for row in _rows(statement, most)]


def _short(arguments: str) -> str:
    said = ", ".join(f"{name} {value}" for name, value in json.loads(arguments).items())
    return said if len(said) <= MOST_ARGUMENTS else said[:MOST_ARGUMENTS] + " ..."


_RETRY = """
WITH again AS (
    UPDATE procrastinate_jobs SET status = 'todo', attempts = 0, queueing_lock = NULL, scheduled_at = NULL,
        abort_requested = false
    WHERE status = 'failed' AND id = ANY(%s) RETURNING id, queue_name
)
SELECT id, pg_notify('procrastinate_queue_v1#' || queue_name,
    json_build_object('type', 'job_inserted', 'job_id', id)::text) FROM again
"""


def retry(who: Who, jobs: list[int]) -> int:
    """Starts failed jobs again, with all their attempts; how many. For administrators. Raises StoreDown."""
    check(who)
    return len(_rows(_RETRY, jobs))


def delete(who: Who, jobs: list[int]) -> int:
    """Removes failed jobs; how many. For administrators. Raises StoreDown."""
    check(who)
    return len(_rows("DELETE FROM procrastinate_jobs WHERE status = 'failed' AND id = ANY(%s) RETURNING id", jobs))


def stop(who: Who, job: int) -> bool:
    """Cancels a job that waits or runs; whether there was one. For administrators. Raises StoreDown."""
    from hub.jobs.queue import cancel

    check(who)
    return cancel(job)


def check(who: Who) -> None:
    """Raises HubError for anybody but an administrator."""
    if who.role != "admin":
        raise HubError("Only administrators see the background work.", hint="Ask one of them.", kind="not_allowed")
