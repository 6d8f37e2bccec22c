"""A person, an engine that knows chat and compare, and a provider: nothing in between is replaced."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from hub import chat, compare, files, runs
from hub.compare.records import Asked, Shown
from hub.db import indexes
from hub.db.who import Who
from hub.models import catalogue, connections
from hub.runs import face
from tests.conftest import Configure
from tests.fakes.openai_server import FakeServer

ANNA = Who("anna", "Anna")
BERT = Who("bert", "Bert")
Settle = Callable[[Asked], Shown]


@pytest.fixture
def stored(mongo: str, postgres_shared: str, configure: Configure) -> str:
    """The stores with their indexes."""
    configure(postgres_url=postgres_shared)
    wanted = [*chat.INDEXES, *compare.INDEXES, *files.INDEXES, *runs.INDEXES, *catalogue.INDEXES]
    indexes.ensure([*wanted, *connections.INDEXES])
    return mongo


@pytest.fixture
def engine(stored: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[face._Process]:
    """A run engine of this test's own that knows what chat and compare want."""
    process = face._Process()
    monkeypatch.setattr(face, "_process", process)
    chat.start()
    compare.begin()
    yield process
    process.close(0)


@pytest.fixture
def server() -> Iterator[FakeServer]:
    """A provider on loopback."""
    with FakeServer(tokens=5) as fake:
        yield fake


@pytest.fixture
def model(engine: face._Process, server: FakeServer) -> str:
    """The beginning of model ids of Anna's connection to the provider: `model + "fake"`."""
    made = connections.add(ANNA, "openai_compatible", name="Fake", key="k", base_url=server.url)
    return f"{made.id}/"


def ended(asked: Asked) -> Shown:
    """The comparison once the run has ended."""
    assert asked.run is not None
    assert runs.wait(asked.run, 20)
    return compare.open_comparison(ANNA, asked.comparison)


def texts(shown: Shown) -> list[list[str]]:
    """What stands in each pane."""
    return [[one.text for one in pane.messages] for pane in shown.panes]
