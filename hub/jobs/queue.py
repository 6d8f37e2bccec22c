"""Handing work to the background: one row in PostgreSQL, taken by any worker on any machine."""

from __future__ import annotations

from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from procrastinate import App, SyncPsycopgConnector, exceptions
from psycopg_pool import PoolTimeout

from hub.db import postgres
from hub.errors import StoreDown

_lock = Lock()
_apps: WeakKeyDictionary[postgres.Pool, App] = WeakKeyDictionary()


def _app() -> App:
    """The queue on this process's pool."""
    pool = postgres.pool()
    with _lock:
        if pool not in _apps:
            connector = SyncPsycopgConnector()
            connector.open(pool)
            _apps[pool] = App(connector=connector)
        return _apps[pool]


def defer(
    name: str, /, *, once: str | None = None, lock: str | None = None, delay: float = 0, **args: Any
) -> int | None:
    """Queues the job `name` with `args` (JSON values) and returns its number, from any thread.

    `once`: while a job with this word waits, another is not queued and None is returned. `lock`: jobs with this word
    never run at the same time. `delay`: seconds before it may start. Raises StoreDown when PostgreSQL is away: the
    work is then not queued, and the caller decides whether that matters.
    """
    try:
        deferrer = _app().configure_task(
            name,
            lock=lock,
            queueing_lock=once,
            schedule_in={"seconds": round(delay)} if delay else None,
        )
        return deferrer.defer(**args)
    except exceptions.AlreadyEnqueued:
        return None
    except (exceptions.ConnectorException, psycopg.OperationalError, PoolTimeout) as error:
        raise StoreDown(
            "Background work cannot be queued: PostgreSQL does not answer.",
            hint="Chat goes on without it; `hub doctor` says what is wrong.",
        ) from error


def somebody_works() -> bool:
    """Whether a worker is alive, on any machine. Raises StoreDown."""
    with postgres.connection() as database:
        found = database.execute(
            "SELECT FROM procrastinate_workers WHERE last_heartbeat > now() - interval '20 seconds' LIMIT 1"
        )
        return found.fetchone() is not None


def workers() -> int:
    """How many workers live, on all machines. Raises StoreDown."""
    with postgres.connection() as database:
        found = database.execute(
            "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '20 seconds'"
        )
        row = found.fetchone()
    return int(row[0]) if row else 0
