"""The one PostgreSQL connection pool of this process."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from threading import Lock
from typing import LiteralString, cast

import psycopg
from psycopg import Connection
from psycopg_pool import PoolTimeout

from hub.db.pool import Pool, Row
from hub.errors import StoreDown
from hub.settings import settings

Database = Connection[Row]


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
            _pools[address] = Pool(address, settings().store_timeout)
        return _pools[address]


def close() -> None:
    """Closes what is open; the next use opens a new pool."""
    with _lock:
        for opened in _pools.values():
            opened.close()
        _pools.clear()


@contextmanager
def connection() -> Generator[Database]:
    """A connection in one transaction: committed at the end, rolled back by an exception.

    Raises StoreDown when PostgreSQL does not answer: one that has been silent for `store_timeout` is not waited for
    again, the pool goes on trying and says when it is back.
    """
    try:
        with pool().connection() as opened:
            yield opened
    except (psycopg.OperationalError, PoolTimeout) as error:
        raise StoreDown(
            "The search and job store (PostgreSQL) does not answer.",
            hint="Chat goes on without it; `hub doctor` says what is wrong.",
        ) from error


def sql(text: str) -> LiteralString:
    """A statement put together by ourselves, from parts of our own only: values always go as parameters."""
    return cast(LiteralString, text)
