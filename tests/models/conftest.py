"""The fake provider, and models that talk to it over real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import aclosing
from typing import Any, TypeVar

import pytest

from hub.models import http
from hub.models.litellm_chat import LiteLLMChat
from hub.models.openai_chat import OpenAIChat
from hub.models.providers import provider
from hub.models.types import ChatMessage, ChatModel, ChatRequest, ModelEvent, Params, TextPart, ToolSpec
from tests.fakes.openai_server import FakeServer

KEY = "sk-verysecret0123456789abcdef"
WEATHER = ToolSpec("weather", "The weather in a city", {"type": "object", "properties": {"city": {"type": "string"}}})
T = TypeVar("T")
Make = Callable[[str], ChatModel]


@pytest.fixture
def fake() -> Iterator[FakeServer]:
    """A fake provider without pauses, 4 tokens an answer."""
    with FakeServer(tokens=4) as server:
        yield server


@pytest.fixture(params=["direct", "litellm", "litellm-anthropic"])
def path(request: pytest.FixtureRequest) -> str:
    """The way to the provider: our own, LiteLLM to an OpenAI-compatible server, LiteLLM to Anthropic's API."""
    return request.param


@pytest.fixture
def make(path: str, fake: FakeServer) -> Make:
    """make("fake-429") is that model of the fake provider, reached by `path`."""

    def model(name: str) -> ChatModel:
        if path == "direct":
            return direct(fake, name)
        kind = "anthropic" if path == "litellm-anthropic" else "custom_openai"
        return LiteLLMChat(
            name=name,
            provider=provider("anthropic" if kind == "anthropic" else "openai_compatible"),
            litellm_provider=kind,
            base_url=fake.root if kind == "anthropic" else fake.url,
            key=KEY,
            title="Fake",
        )

    return model


def direct(server: FakeServer, name: str, provider_key: str = "openai_compatible") -> OpenAIChat:
    """A model of the fake provider, reached by our own path."""
    return OpenAIChat(name=name, provider=provider(provider_key), base_url=server.url, key=KEY, title="Fake")


def ask(text: str = "Hello", *, tools: bool = False, **params: Any) -> ChatRequest:
    """A request with one message."""
    message = ChatMessage("user", (TextPart(text),))
    return ChatRequest((message,), Params(**params), (WEATHER,) if tools else ())


async def collect(model: ChatModel, request: ChatRequest) -> list[ModelEvent]:
    """All events of a stream."""
    return [event async for event in model.stream(request)]


async def until_error(model: ChatModel, request: ChatRequest) -> tuple[list[ModelEvent], Exception]:
    """The events of a stream that fails, and its error."""
    events: list[ModelEvent] = []
    try:
        async with aclosing(model.stream(request)) as stream:
            async for event in stream:
                events.append(event)
    except Exception as error:
        return events, error
    raise AssertionError(f"the stream did not fail: {events}")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Runs `work` on an event loop of its own."""

    async def closing() -> T:
        try:
            return await work
        finally:
            await http.close()

    return asyncio.run(closing())
