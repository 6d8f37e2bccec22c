"""A person, an engine and a provider for every chat test: nothing in between is replaced."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hub import chat, files, runs, tools
from hub.db import indexes
from hub.db.who import Who
from hub.models import catalogue, connections
from hub.runs import face
from tests.conftest import Configure
from tests.fakes.openai_server import FakeServer

ANNA = Who("anna", "Anna")
BERT = Who("bert", "Bert")


@pytest.fixture
def stored(mongo: str, postgres_shared: str, configure: Configure) -> str:
    """The stores with their indexes."""
    configure(postgres_url=postgres_shared)
    indexes.ensure(
        [*chat.INDEXES, *tools.INDEXES, *files.INDEXES, *runs.INDEXES, *catalogue.INDEXES, *connections.INDEXES]
    )
    return mongo


@pytest.fixture
def engine(stored: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A run engine of this test's own that knows what chat wants."""
    process = face._Process()
    monkeypatch.setattr(face, "_process", process)
    chat.start()
    yield
    process.close(0)


@pytest.fixture
def server() -> Iterator[FakeServer]:
    """A provider on loopback."""
    with FakeServer() as fake:
        yield fake


@pytest.fixture
def model(engine: None, server: FakeServer) -> str:
    """The beginning of model ids of Anna's connection to the provider: `model + "fake"`."""
    made = connections.add(ANNA, "openai_compatible", name="Fake", key="k", base_url=server.url)
    return f"{made.id}/"
