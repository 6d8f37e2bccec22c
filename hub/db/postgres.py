"""The one PostgreSQL connection pool of this process."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from threading import Lock
from typing import Any

import psycopg
from psycopg import Connection
from psycopg_pool import ConnectionPool, PoolTimeout

from hub.errors import StoreDown
from hub.settings import settings

Pool = ConnectionPool[Connection[tuple[Any, ...]]]


def url() -> str:
    """The server's connection string; raises StoreDown when none is set or running."""
    found = settings().postgres_url
    if not found:
        raise StoreDown("No PostgreSQL is running.", hint="Start the hub with `make run`, or set HUB_POSTGRES_URL.")
    return found


_lock = Lock()
_pools: dict[str, Pool] = {}


def pool() -> Pool:
    """The pool for `settings().postgres_url`: it connects on first use and reconnects by itself."""
    with _lock:
        address = url()
        if address not in _pools:
            _pools[address] = ConnectionPool(
                address,
                min_size=0,
                max_size=10,
                timeout=settings().store_timeout,
                max_idle=120,
                reconnect_timeout=settings().store_timeout,
                check=ConnectionPool.check_connection,
                kwargs={"connect_timeout": max(2, round(settings().store_timeout)), "application_name": "llm-hub"},
                open=True,
                name="hub",
            )
        return _pools[address]


def close() -> None:
    """Closes what is open; the next use opens a new pool."""
    with _lock:
        for opened in _pools.values():
            opened.close()
        _pools.clear()


@contextmanager
def connection() -> Generator[Connection[tuple[Any, ...]]]:
    """A connection in one transaction: committed at the end, rolled back by an exception.

    Raises StoreDown when PostgreSQL does not answer.
    """
    try:
        with pool().connection() as opened:
            yield opened
    except (psycopg.OperationalError, PoolTimeout) as error:
        raise StoreDown(
            "The search and job store (PostgreSQL) does not answer.",
            hint="Chat goes on without it; `hub doctor` says what is wrong.",
        ) from error
