"""Whether a MongoDB server lives, as the driver's own heartbeats say: a second opinion for a call that only waits."""

from __future__ import annotations

import time
from threading import Lock

from pymongo.monitoring import (
    ServerHeartbeatFailedEvent,
    ServerHeartbeatListener,
    ServerHeartbeatStartedEvent,
    ServerHeartbeatSucceededEvent,
)

Address = tuple[str, int | None]


class Pulse(ServerHeartbeatListener):
    """Since when no server has answered a heartbeat.

    A heartbeat goes over a connection of its own, so a slow query does not look like a server that is frozen. When one
    times out the driver breaks off the calls that wait for that server; this tells the next ones not to wait as long.
    """

    def __init__(self) -> None:
        self._silent: dict[Address, float | None] = {}
        self._lock = Lock()

    def silent(self) -> float:
        """Seconds since the last server fell silent; 0 while one answers, or nobody has been asked yet."""
        with self._lock:
            since = [moment for moment in self._silent.values() if moment is not None]
            if not since or len(since) < len(self._silent):
                return 0.0
            return time.monotonic() - max(since)

    def started(self, event: ServerHeartbeatStartedEvent) -> None:
        """A server is asked."""

    def succeeded(self, event: ServerHeartbeatSucceededEvent) -> None:
        """A server has answered."""
        with self._lock:
            self._silent[event.connection_id] = None

    def failed(self, event: ServerHeartbeatFailedEvent) -> None:
        """A server has not answered."""
        with self._lock:
            if self._silent.get(event.connection_id) is None:
                self._silent[event.connection_id] = time.monotonic()
