"""Connections to PostgreSQL that know a dead or frozen server from a slow statement, and do not wait for it twice."""

from __future__ import annotations

import time
from typing import Any, Self, TypeVar

import psycopg
from psycopg import Connection
from psycopg.abc import PQGen
from psycopg_pool import ConnectionPool, PoolTimeout

Row = tuple[Any, ...]
Result = TypeVar("Result")

QUIET_SECONDS = 1.0
"""How long a statement may say nothing before the server is asked, on another connection, whether it lives."""
AGAIN_SECONDS = 1.0
"""How often a server that is away is asked whether it is back."""


class Server:
    """One server as it is heard by those who connect to it: since when it has been silent."""

    def __init__(self, address: str, patience: float) -> None:
        self.address, self.patience = address, patience
        self.connect_seconds = max(2, round(patience))
        self._since: float | None = None

    def left(self) -> float:
        """Seconds for which somebody may wait for it still: `patience` in all, from when it fell silent."""
        since = self._since
        return self.patience if since is None else self.patience - (time.monotonic() - since)

    def silent(self, since: float) -> None:
        """It has been asked in vain from the moment `since` on."""
        self._since = since if self._since is None else self._since

    def heard(self) -> None:
        """It has answered."""
        self._since = None


class Watched(Connection[Row]):
    """A connection whose statements may take as long as they like while the server lives.

    A frozen server keeps its connections open and never answers: it cannot be told from a slow statement without
    asking it something else.
    """

    server: Server

    @classmethod
    def connect(cls, conninfo: str = "", **kwargs: Any) -> Self:
        """As psycopg's; the `server` among the arguments is told how it ended."""
        server, began = kwargs.pop("server"), time.monotonic()
        try:
            opened = super().connect(conninfo, **kwargs)
        except psycopg.OperationalError:
            server.silent(began)
            raise
        server.heard()
        opened.server = server
        return opened

    def wait(self, gen: PQGen[Result], interval: float = 0.1, timeout: float | None = None) -> Result:
        """The result of `gen`; raises OperationalError, and closes the connection, when the server is frozen."""
        result = super().wait(self._watch(gen), interval, timeout)
        self.server.heard()
        return result

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
        began, seconds = time.monotonic(), self.server.connect_seconds
        try:
            psycopg.connect(self.server.address, connect_timeout=seconds, application_name="llm-hub pulse").close()
        except psycopg.errors.ConnectionTimeout:
            self.server.silent(began)
            self.close()  # else the rollback would wait for the same server
            raise
        except psycopg.OperationalError:  # it answers, if only that it takes no more connections or is starting
            return


class Pool(ConnectionPool[Connection[Row]]):
    """Up to ten connections, made when they are wanted.

    Who comes while the server is silent waits for what is left of `patience`, then not at all. Meanwhile the pool's own
    threads try to connect until it is back: whatever begins a silence (a connection that could not be made, one that
    was found frozen and closed) has the pool make another one, and an attempt that is given up begins the next.
    """

    def __init__(self, address: str, patience: float) -> None:
        self._server = Server(address, patience)
        kwargs: dict[str, Any] = {"connect_timeout": self._server.connect_seconds, "application_name": "llm-hub"}
        super().__init__(
            address,
            connection_class=Watched,
            min_size=0,
            max_size=10,
            timeout=patience,
            max_idle=120,
            reconnect_timeout=AGAIN_SECONDS,
            check=self._look,
            kwargs=kwargs | {"server": self._server},
            open=True,
            name="hub",
        )

    def getconn(self, timeout: float | None = None) -> Connection[Row]:
        """A connection that works; raises PoolTimeout, at once while the server is known to be away."""
        left = self._server.left()
        if left <= 0:
            raise PoolTimeout("the server is away")
        return super().getconn(left if timeout is None else min(timeout, left))

    def reconnect_failed(self) -> None:
        """An attempt to connect was given up: looks at what rests and begins the next."""
        self.check()

    def _look(self, opened: Connection[Row]) -> None:
        """Before a connection is given out. When one is dead so are the others that rest: they are made anew at once,
        since the pool pauses longer and longer between one dead connection and the next."""
        try:
            self.check_connection(opened)
        except psycopg.OperationalError:
            self.drain()
            raise
