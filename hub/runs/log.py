"""The events of one run in memory, and those who watch them from other threads and loops."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Mapping
from typing import Any

from hub.runs.records import NOTHING, Event, EventType

GAP = 1 / 40
"""Seconds between two batches to one watcher; the first event after a pause is sent at once."""


class _Watcher:
    """Wakes one coroutine on its own loop; `waiting` is False while it is awake, so that a wake-up costs nothing."""

    __slots__ = ("_loop", "ready", "waiting")

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.ready = asyncio.Event()
        self.waiting = False

    def wake(self) -> None:
        self.waiting = False
        try:
            self._loop.call_soon_threadsafe(self.ready.set)
        except RuntimeError:  # the watcher's loop is closed: nobody is there to be told
            return


class EventLog:
    """Append from one thread, follow from any. Events are never changed or taken out."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._watchers: tuple[_Watcher, ...] = ()
        self._lock = threading.Lock()

    @property
    def ended(self) -> bool:
        """Whether the last event is there."""
        return bool(self.events) and self.events[-1].type == "end"

    def append(self, target: int, type_: EventType, text: str = "", data: Mapping[str, Any] = NOTHING) -> Event:
        """Numbers the event, keeps it and wakes whoever waits."""
        event = Event(len(self.events) + 1, target, type_, text, data)
        self.events.append(event)
        for watcher in self._watchers:
            if watcher.waiting:
                watcher.wake()
        return event

    async def follow(self, first: int, gap: float = GAP) -> AsyncIterator[list[Event]]:
        """Batches of the events numbered `first` and up, until the run's end."""
        watcher = _Watcher()
        with self._lock:
            self._watchers = (*self._watchers, watcher)
        try:
            async for batch in self._batches(watcher, max(first, 1) - 1, gap):
                yield batch
        finally:
            with self._lock:
                self._watchers = tuple(other for other in self._watchers if other is not watcher)

    async def _batches(self, watcher: _Watcher, position: int, gap: float) -> AsyncIterator[list[Event]]:
        loop = asyncio.get_running_loop()
        while True:
            batch = self.events[position:]
            if batch:
                position += len(batch)
                sent = loop.time()
                yield batch
                if batch[-1].type == "end":
                    return
                await asyncio.sleep(max(sent + gap - loop.time(), 0))
                continue
            if self.ended:  # what was asked for is behind the end: the end is said once more
                yield self.events[-1:]
                return
            watcher.ready.clear()
            watcher.waiting = True
            if len(self.events) > position:  # it came between looking and asking to be woken
                watcher.waiting = False
                continue
            await watcher.ready.wait()
