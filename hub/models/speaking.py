"""Models of plugins: one made of a function, and the guard around each, so that what it raises stays its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from typing import Any, cast

from hub.errors import HubError
from hub.models.deltas import answer_of
from hub.models.errors import ProviderDown
from hub.models.estimate import tokens
from hub.models.payload import body, shown
from hub.models.providers import Provider
from hub.models.types import Answer, ChatModel, ChatRequest, Done, ModelEvent, Text, Usage

Reply = Callable[[ChatRequest], AsyncIterator[ModelEvent | str]]


class Speaking:
    """A `ChatModel` of an asynchronous generator that is given the request and yields text or typed events. It runs on
    the event loop of all answers: it waits with `await` and nothing else."""

    def __init__(self, name: str, reply: Reply) -> None:
        self.name = name
        self._reply = reply

    def payload(self, request: ChatRequest, *, stream: bool) -> dict[str, Any]:
        """The request in the words of the OpenAI protocol."""
        row = Provider("plugin", "Plugin", "plugin")
        return shown(body(self.name, request, row, stream=stream))

    async def complete(self, request: ChatRequest) -> Answer:
        """The whole answer."""
        return answer_of([event async for event in self.stream(request)])

    async def ask_once(self, request: ChatRequest) -> Answer:
        """As `complete`."""
        return await self.complete(request)

    def stream_once(self, request: ChatRequest) -> AsyncGenerator[ModelEvent]:
        """As `stream`."""
        return self.stream(request)

    async def stream(self, request: ChatRequest) -> AsyncGenerator[ModelEvent]:
        """What the function yields. Tokens are estimated when it does not count them, the end is added."""
        said, counted, ended = "", False, False
        async with aclosing(cast("AsyncGenerator[ModelEvent | str]", self._reply(request))) as events:
            async for one in events:
                event = Text(one) if isinstance(one, str) else one
                said += event.text if isinstance(event, Text) else ""
                counted, ended = counted or isinstance(event, Usage), ended or isinstance(event, Done)
                yield event
        if not counted:
            asked = sum(tokens(message.text) for message in request.messages)
            yield Usage(asked, tokens(said), estimated=True)
        if not ended:
            yield Done("stop")


class Guarded:
    """A plugin's model whose exceptions are sentences for the person, and kept for the page of plugins."""

    def __init__(self, plugin: str, title: str, model: ChatModel) -> None:
        self.name = model.name
        self._plugin, self._title, self._model = plugin, title, model

    def payload(self, request: ChatRequest, *, stream: bool) -> dict[str, Any]:
        """As the plugin's model has it."""
        try:
            return self._model.payload(request, stream=stream)
        except Exception as error:
            raise blamed(self._plugin, self._title, error) from error

    async def complete(self, request: ChatRequest) -> Answer:
        """As the plugin's model answers."""
        try:
            return await self._model.complete(request)
        except Exception as error:
            raise await self._blamed(error) from error

    async def ask_once(self, request: ChatRequest) -> Answer:
        """As the plugin's model answers."""
        try:
            return await self._model.ask_once(request)
        except Exception as error:
            raise await self._blamed(error) from error

    def stream(self, request: ChatRequest) -> AsyncGenerator[ModelEvent]:
        """As the plugin's model answers."""
        return self._events(lambda: self._model.stream(request))

    def stream_once(self, request: ChatRequest) -> AsyncGenerator[ModelEvent]:
        """As the plugin's model answers."""
        return self._events(lambda: self._model.stream_once(request))

    async def _events(self, begin: Callable[[], AsyncIterator[ModelEvent]]) -> AsyncGenerator[ModelEvent]:
        begun = False
        try:
            async with aclosing(cast("AsyncGenerator[ModelEvent]", begin())) as events:
                async for event in events:
                    yield event
                    begun = True
        except Exception as error:
            raise await self._blamed(error, begun) from error

    async def _blamed(self, error: Exception, begun: bool = False) -> HubError:
        # Keeping it writes to the store, which the loop of all answers must not wait for.
        return await asyncio.to_thread(blamed, self._plugin, self._title, error, begun)


def blamed(plugin: str, title: str, error: Exception, begun: bool = False) -> HubError:
    """What a person is told of an error in a plugin, which is kept for the page of plugins."""
    if isinstance(error, HubError):
        return error
    from hub import hooks  # above this package, like every room

    hooks.failed(plugin, "model", error)
    return ProviderDown(title or plugin, detail=f"the plugin {plugin} failed ({type(error).__name__})", begun=begun)
