"""The hub's own routes behind its middleware, under a real HTTP server on loopback."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from hub import chat, people, web
from hub.db import indexes
from hub.db.who import OWNER
from hub.models import connections
from hub.runs import face
from hub.settings import settings
from hub.web import identity, life
from tests.conftest import Configure
from tests.fakes.openai_server import FakeServer


class Hub:
    """A running web side. `url` is its address."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.data = settings().data
        self.url = f"http://127.0.0.1:{self.port}"
        app = Starlette(routes=web.routes(), middleware=web.middleware(), lifespan=self._life)
        config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=5)
        self._server = uvicorn.Server(config)
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), daemon=True)

    @contextlib.asynccontextmanager
    async def _life(self, app: Starlette) -> AsyncIterator[dict[str, object]]:
        async with life.lifespan(app) as state:
            self._ready.set()
            yield state

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(20)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(20)
        self._socket.close()


@pytest.fixture
def hub(mongo: str, configure: Configure, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    configure(shutdown_seconds=0.2)
    indexes.ensure([*people.INDEXES, *chat.INDEXES])
    monkeypatch.setattr(face, "_process", face._Process())
    for name, value in vars(identity.KnownPeople()).items():
        monkeypatch.setattr(identity.known_people, name, value)
    hub = Hub()
    hub.start()
    yield hub
    hub.stop()


@pytest.fixture
def client(hub: Hub) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=hub.url, timeout=60) as client:
        yield client


@pytest.fixture
def fake() -> Iterator[FakeServer]:
    with FakeServer(tokens=5) as server:
        yield server


@pytest.fixture
def model(hub: Hub, fake: FakeServer) -> str:
    """The id of the fake provider's model, connected for the hub's one owner."""
    connection = connections.add(OWNER, "openai_compatible", name="Fake", base_url=fake.url, key="k-fake")
    return f"{connection.id}/fake"


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
