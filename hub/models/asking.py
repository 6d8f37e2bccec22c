"""What every way to a provider has in common: the body, patience, and what is learned from refusals."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from hub.models.blame import Reply, error_of
from hub.models.deltas import Deltas
from hub.models.errors import ModelError
from hub.models.patience import ask_patiently, stream_patiently
from hub.models.payload import Body, body, shown
from hub.models.providers import Provider
from hub.models.refusals import Refusals, continues
from hub.models.types import Answer, ChatRequest, Done, ModelEvent, Notice, Text, Usage


class Asking(ABC):
    """A `ChatModel` but for the request itself: a way to a provider adds `_complete` and `_stream`."""

    def __init__(self, name: str, provider: Provider, title: str, refusals: Refusals) -> None:
        self.name = name
        self._provider = provider
        self._title = title or provider.title
        self._refusals = refusals

    def payload(self, request: ChatRequest, *, stream: bool) -> dict[str, Any]:
        """The body in the words of the OpenAI protocol as it will be sent, image bytes shortened."""
        return shown(self._refusals.apply(self._body(request, stream=stream)))

    async def complete(self, request: ChatRequest) -> Answer:
        """The whole answer in one request without streaming."""
        return await ask_patiently(lambda: self._complete(request))

    async def ask_once(self, request: ChatRequest) -> Answer:
        """The whole answer in one attempt; who calls this tries again by itself."""
        return await self._complete(request)

    def stream_once(self, request: ChatRequest) -> AsyncGenerator[ModelEvent]:
        """The events of one attempt; who calls this tries again by itself."""
        return self._stream_or_ask(request)

    def stream(self, request: ChatRequest) -> AsyncGenerator[ModelEvent]:
        """Typed events. Close the generator (`aclosing`) to break the connection at once."""
        return stream_patiently(lambda: self._stream_or_ask(request))

    @abstractmethod
    async def _complete(self, request: ChatRequest) -> Answer:
        """One attempt at a whole answer."""

    @abstractmethod
    def _stream(self, request: ChatRequest) -> AsyncGenerator[ModelEvent]:
        """One attempt at a stream."""

    async def _stream_or_ask(self, request: ChatRequest) -> AsyncGenerator[ModelEvent]:
        """Some servers take an unfinished answer for a finished one and end at once: those are asked in words."""
        unsaid: list[ModelEvent] | None = [] if continues(self._body(request, stream=True)) else None
        async with aclosing(self._stream(request)) as events:
            async for event in events:
                if unsaid is None:
                    yield event
                    continue
                unsaid.append(event)
                if not _is_silence(event):
                    for each in unsaid:
                        yield each
                    unsaid = None
        if unsaid is None:
            return
        self._refusals.prefill = False
        async with aclosing(self._stream(request)) as events:
            async for event in events:
                yield event

    def _body(self, request: ChatRequest, *, stream: bool) -> Body:
        return body(self.name, request, self._provider, stream=stream, prefill=self._refusals.prefill)

    def _deltas(self, request: ChatRequest) -> Deltas:
        return Deltas([tool.name for tool in request.tools])

    def _error(self, reply: Reply, *, begun: bool = False) -> ModelError:
        return error_of(reply, provider=self._title, model=self.name, begun=begun)


def _is_silence(event: ModelEvent) -> bool:
    return isinstance(event, Usage | Done | Notice) or (isinstance(event, Text) and not event.text.strip())
