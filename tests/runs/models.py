"""Models for the engine's tests: they speak the Protocol, and the test holds the reins."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from typing import Any

from hub.models.types import Answer, ChatMessage, ChatRequest, Done, ModelEvent, Text, TextPart


def prompt(text: str = "hello") -> ChatRequest:
    """A prompt of one message."""
    return ChatRequest((ChatMessage("user", (TextPart(text),)),))


class ScriptedModel:
    """Says `events`; an exception among them is raised. With `held` it waits before the event of that index."""

    def __init__(self, events: Sequence[ModelEvent | Exception], held: int | None = None, gap: float = 0) -> None:
        self.name = "scripted"
        self._events = events
        self._held = held
        self._gap = gap
        self._go: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.reached = threading.Event()
        self.closed = threading.Event()

    def payload(self, request: ChatRequest, *, stream: bool) -> dict[str, Any]:
        return {"messages": [m.text for m in request.messages], "stream": stream}

    async def complete(self, request: ChatRequest) -> Answer:
        raise NotImplementedError

    async def stream(self, request: ChatRequest) -> AsyncIterator[ModelEvent]:
        self._loop = asyncio.get_running_loop()
        self._go = asyncio.Event()
        try:
            for index, event in enumerate(self._events):
                if index == self._held:
                    self.reached.set()
                    await self._go.wait()
                if self._gap:
                    await asyncio.sleep(self._gap)
                if isinstance(event, Exception):
                    raise event
                yield event
        finally:
            self.closed.set()

    def go(self) -> None:
        """Lets a held model speak on."""
        assert self._loop and self._go
        self._loop.call_soon_threadsafe(self._go.set)


def words(count: int) -> list[ModelEvent | Exception]:
    """`count` short pieces of text and a proper end."""
    return [*(Text(f"w{i} ") for i in range(count)), Done()]
