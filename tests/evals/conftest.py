"""The store with what evaluations need, two people, and a judge on loopback that says what the test has put down."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from typing import Any, TypeVar

import pytest

from hub import files
from hub.db import indexes
from hub.db.who import Who
from hub.evals import store_sets
from hub.evals.judge import Ask
from hub.models import http
from hub.models.openai_chat import OpenAIChat
from hub.models.providers import provider
from hub.models.types import Answer, ChatRequest, Price
from tests.fakes.openai_server import FakeServer

ANNA = Who("anna", "Anna")
BERT = Who("bert", "Bert")
T = TypeVar("T")
PRICE = Price(1.0, 2.0)


@pytest.fixture
def stored(mongo: str) -> str:
    """The store with its indexes."""
    indexes.ensure([*store_sets.INDEXES, *files.INDEXES])
    return mongo


@pytest.fixture
def judge() -> Iterator[FakeServer]:
    """The server; put the judge's replies into `judge.says`."""
    with FakeServer(tokens=4) as server:
        yield server


def asking(server: FakeServer, model: str = "fake-says") -> Ask:
    """What the engine gives to checks: one model of the server, with a price."""
    chat = OpenAIChat(
        name=model, provider=provider("openai_compatible"), base_url=server.url, key="sk-test", title="Fake"
    )

    async def ask(purpose: str, request: ChatRequest) -> tuple[Answer, float | None]:
        answer = await chat.complete(request)
        return answer, None if answer.usage is None else PRICE.cost(answer.usage)

    return ask


def run(work: Coroutine[Any, Any, T]) -> T:
    """Runs `work` on an event loop of its own."""

    async def closing() -> T:
        try:
            return await work
        finally:
            await http.close()

    return asyncio.run(closing())
