"""The HTTP interface while the store is frozen: a sentence within seconds, and all is well again by itself."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from hub.db.embedded import EmbeddedMongo
from hub.db.mongo import client as mongo_client
from tests.conftest import Configure
from tests.fakes.script import text_of
from tests.servers import frozen, server
from tests.web.test_turns import events, send, text


@pytest.fixture
def store(tmp_path: Path, data_dir: Path, configure: Configure) -> Iterator[subprocess.Popen[bytes]]:
    """The server behind `mongo`."""
    embedded = EmbeddedMongo(tmp_path / "mongo", durable=False, auth=False)
    with server(embedded) as process:
        configure(mongo_url=embedded.url, mongo_database="frozen", store_timeout=1.5)
        yield process
        mongo_client().close()


@pytest.fixture
def mongo(store: subprocess.Popen[bytes]) -> str:
    """Stands in for the shared store."""
    return "own"


def until_it_answers(client: httpx.Client) -> float:
    began = time.monotonic()
    while client.get("/api/conversations").status_code != 200:
        assert time.monotonic() - began < 20
    return time.monotonic() - began


def test_a_frozen_store_is_a_sentence_within_seconds(client: httpx.Client, store: subprocess.Popen[bytes]) -> None:
    assert client.get("/api/conversations").status_code == 200
    with frozen([store.pid]):
        began = time.monotonic()
        answer = client.get("/api/conversations")
        assert answer.status_code == 503 and time.monotonic() - began < 8
        assert answer.json()["error"]["message"] == "The database does not answer."
        while (answer := client.get("/api/conversations")).elapsed.total_seconds() > 0.3:
            assert answer.status_code == 503
        assert client.get("/readyz").status_code == 503
        assert client.get("/healthz").status_code == 200
    assert until_it_answers(client) < 5


def test_a_turn_goes_on_while_the_store_is_frozen(
    client: httpx.Client, store: subprocess.Popen[bytes], model: str
) -> None:
    sent = send(client, f"{model}?tokens=60&gap=100")
    with client.stream("GET", f"/api/runs/{sent['run']}/events") as stream:
        assert any('"type":"text"' in line for line in stream.iter_lines())  # its prompt was read, its answer has begun
    threading.Timer(5, store.send_signal, [signal.SIGCONT]).start()
    store.send_signal(signal.SIGSTOP)
    heard = events(client, sent["run"])
    assert text(heard) == text_of(60) and heard[-1][1]["type"] == "end"
    message = client.get(f"/api/conversations/{sent['conversation']}").json()["messages"][-1]
    assert message["status"] == "done" and message["text"] == text_of(60)
