"""This worker's slots: which calls may begin now."""

from __future__ import annotations

import asyncio
from collections import Counter, deque

from hub.evals.shares import TOTAL


class Gate:
    """Slots by limit, and those of the total limit. A call has one of each while it is under way."""

    def __init__(self) -> None:
        self.aims: dict[str, int] = {}
        """How many calls of each limit this worker may have under way."""
        self.busy: Counter[str] = Counter()
        self.blocked: dict[str, float] = {}
        """Limits under which no call may begin before a time (seconds since the epoch)."""
        self._waiting: deque[tuple[str, asyncio.Future[None]]] = deque()

    @property
    def total(self) -> int:
        """Calls under way."""
        return self.busy[TOTAL]

    def free(self, key: str, now: float) -> int:
        """How many calls under a limit may begin now."""
        if self.blocked.get(key, 0.0) > now:
            return 0
        room = min(self.aims.get(key, 0) - self.busy[key], self.aims.get(TOTAL, 0) - self.busy[TOTAL])
        return max(0, room)

    def take(self, key: str) -> None:
        """Takes a slot that is free."""
        self.busy[key] += 1
        self.busy[TOTAL] += 1

    def give(self, key: str) -> None:
        """Gives a slot back."""
        self.busy[key] -= 1
        self.busy[TOTAL] -= 1

    @property
    def waiting(self) -> Counter[str]:
        """Calls that wait for a slot, by limit."""
        return Counter(key for key, future in self._waiting if not future.done())

    async def enter(self, key: str, now: float) -> None:
        """Waits for a slot and takes it: for calls in the middle of a cell, which come before new cells."""
        if self.free(key, now) > 0:
            self.take(key)
            return
        future = asyncio.get_running_loop().create_future()
        self._waiting.append((key, future))
        await future

    def admit(self, now: float) -> None:
        """Lets those in who wait and for whom there is a slot."""
        left: deque[tuple[str, asyncio.Future[None]]] = deque()
        for key, future in self._waiting:
            if future.done():
                continue
            if self.free(key, now) > 0:
                self.take(key)
                future.set_result(None)
            else:
                left.append((key, future))
        self._waiting = left
