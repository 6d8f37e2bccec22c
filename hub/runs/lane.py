"""The threads on which prompts are made and tools are called: few at once, and none waits for a slow one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

R = TypeVar("R")

AT_ONCE = 3
"""The stores are the narrow place: when much comes at once, those in front are done sooner if the others wait."""
PATIENCE = 0.3
"""Seconds after which work counts as slow (a summary, a tool, a store far away) and gives its place to the next."""
MOST = 64


class Lane:
    """Belongs to one event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, name: str) -> None:
        self._loop = loop
        self._free = asyncio.Semaphore(AT_ONCE)
        self._pool = ThreadPoolExecutor(MOST, name)

    async def run(self, work: Callable[[], R]) -> R:
        """The result of `work()`, done on a thread."""
        await self._free.acquire()
        place = _Place(self._free)
        slow = self._loop.call_later(PATIENCE, place.leave)
        try:
            return await self._loop.run_in_executor(self._pool, copy_context().run, work)
        finally:
            slow.cancel()
            place.leave()

    def close(self) -> None:
        """Ends the threads when they are done; what has not begun is dropped."""
        self._pool.shutdown(wait=False, cancel_futures=True)


class _Place:
    """One of the places, left once."""

    def __init__(self, free: asyncio.Semaphore) -> None:
        self._free = free
        self._held = True

    def leave(self) -> None:
        if self._held:
            self._held = False
            self._free.release()
