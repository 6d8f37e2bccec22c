"""The store with what evaluations need, two people, and a judge on loopback that says what the test wrote down."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest

from hub import files
from hub.db import indexes
from hub.evals import moment_store, replies_store, runs_store, store_sets, words_store
from hub.evals.judge import Ask, Reply
from hub.evals.records import Estimate, EvalRun, Limits
from hub.models import catalogue, connections, http
from hub.models.openai_chat import OpenAIChat
from hub.models.providers import provider
from hub.models.types import ChatRequest, Price
from tests.evals.runs import ANNA, BERT, Bench, connect
from tests.fakes.openai_server import FakeServer

__all__ = ["ANNA", "BERT", "asking", "run"]
T = TypeVar("T")
PRICE = Price(1.0, 2.0)


@pytest.fixture
def stored(mongo: str) -> str:
    """The store with its indexes."""
    own = (store_sets, runs_store, moment_store, replies_store, words_store)
    stores = (*own, files, catalogue, connections)
    indexes.ensure([one for store in stores for one in store.INDEXES])
    return mongo


@pytest.fixture
def fake() -> Iterator[FakeServer]:
    """A fake provider without pauses, 4 tokens an answer."""
    with FakeServer(tokens=4) as server:
        yield server


@pytest.fixture
def bench(stored: str, fake: FakeServer) -> Bench:
    """The fake provider, connected for Anna."""
    return connect(fake)


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

    async def ask(purpose: str, request: ChatRequest) -> Reply:
        answer = await chat.complete(request)
        return Reply(answer, None if answer.usage is None else PRICE.cost(answer.usage))

    return ask


def run(work: Coroutine[Any, Any, T]) -> T:
    """Runs `work` on an event loop of its own."""

    async def closing() -> T:
        try:
            return await work
        finally:
            await http.close()

    return asyncio.run(closing())


@pytest.fixture(scope="module")
def a_run() -> EvalRun:
    """A run of nothing, for what only looks at its settings."""
    nothing = Estimate(0, 0, 0, 0, None, (), None)
    return EvalRun(
        *("r", "R", "running", "s", "S", 1, (), (), 0, 1, "rows", (), None, {}, None, Limits(), False, 0, nothing, {}),
        created_at=datetime(2026, 11, 23, tzinfo=UTC),
    )
