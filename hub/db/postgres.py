"""The one PostgreSQL connection pool of this process."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import contextmanager
from threading import Lock
from typing import Any, LiteralString, TypeVar, cast

import psycopg
from psycopg import Connection
from psycopg.abc import PQGen
from psycopg_pool import ConnectionPool, PoolTimeout

from hub.errors import StoreDown
from hub.settings import settings

Row = tuple[Any, ...]
Database = Connection[Row]
Pool = ConnectionPool[Connection[Row]]
Result = TypeVar("Result")

QUIET_SECONDS = 1.0
"""How long a statement may say nothing before the server is asked, on another connection, whether it lives."""


def url() -> str:
    """The server's connection string; raises StoreDown when none is set or running."""
    found = settings().postgres_url
    if not found:
        raise StoreDown("No PostgreSQL is running.", hint="Start the hub with `make run`, or set HUB_POSTGRES_URL.")
    return found


class Watched(Connection[Row]):
    """A connection whose statements may take as long as they like while the server lives.

    A frozen server keeps its connections open and never answers: it cannot be told from a slow statement without
    asking it something else.
    """

    def wait(self, gen: PQGen[Result], interval: float = 0.1, timeout: float | None = None) -> Result:
        """The result of `gen`; raises OperationalError, and closes the connection, when the server is frozen."""
        return super().wait(self._watch(gen), interval, timeout)

    def _watch(self, gen: PQGen[Result]) -> PQGen[Result]:
        since, pause = time.monotonic(), QUIET_SECONDS
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if ready:
                    since, pause = time.monotonic(), QUIET_SECONDS
                elif time.monotonic() - since > pause:
                    self._ask()
                    since, pause = time.monotonic(), min(pause * 2, 10)
                wanted = gen.send(ready)
        except StopIteration as end:
            return end.value

    def _ask(self) -> None:
        try:
            psycopg.connect(url(), connect_timeout=_connect_seconds(), application_name="llm-hub pulse").close()
        except psycopg.errors.ConnectionTimeout:
            self.close()  # else the rollback would wait for the same server
            raise
        except psycopg.OperationalError:  # it answers, if only that it takes no more connections or is starting
            return


def _connect_seconds() -> int:
    return max(2, round(settings().store_timeout))


_lock = Lock()
_pools: dict[str, Pool] = {}


def pool() -> Pool:
    """The pool for `settings().postgres_url`: it connects on first use and reconnects by itself."""
    with _lock:
        address = url()
        if address not in _pools:
            _pools[address] = ConnectionPool(
                address,
                connection_class=Watched,
                min_size=0,
                max_size=10,
                timeout=settings().store_timeout,
                max_idle=120,
                reconnect_timeout=settings().store_timeout,
                check=ConnectionPool.check_connection,
                kwargs={"connect_timeout": _connect_seconds(), "application_name": "llm-hub"},
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


def sql(text: str) -> LiteralString:
    """A statement put together by ourselves, from parts of our own only: values always go as parameters."""
    return cast(LiteralString, text)
