"""What a real conversation, a refused key, a tool, a page and a job leave in the log: where and what kind, no words."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import structlog

from hub import jobs, log
from hub.db.migrations import postgres as migrations
from hub.db.who import OWNER
from hub.jobs import task, tasks, worker
from hub.models import connections
from tests.conftest import Configure
from tests.fakes.openai_server import FakeServer
from tests.web.conftest import Hub
from tests.web.test_turns import events, send

CANARY = "zanzibarcanary"
KEY = "sk-canarykey0123456789"


@pytest.fixture
def lines(hub: Hub, configure: Configure, monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """All that is logged, as machines read it."""
    before, level = logging.getLogger().handlers[:], logging.getLogger().level
    configure(log_format="json", log_level="info")
    out = io.StringIO()
    monkeypatch.setattr("sys.stderr", out)
    log.set_up("web")
    yield out
    logging.getLogger().handlers[:] = before
    logging.getLogger().setLevel(level)
    structlog.reset_defaults()


def read(out: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.getvalue().splitlines() if line.startswith("{")]


def test_an_answer_names_its_request(client: httpx.Client, hub: Hub) -> None:
    assert client.get("/healthz", headers={"x-request-id": "from-the-proxy.1"}).headers["x-request-id"] == (
        "from-the-proxy.1"
    )
    for odd in ("short", "with space in it", "x" * 65, "a\tb-------"):
        given = client.get("/healthz", headers={"x-request-id": odd}).headers["x-request-id"]
        assert given != odd and len(given) == 32
    first, second = (client.get("/api/models").headers["x-request-id"] for _ in range(2))
    assert first != second


def test_a_conversation_and_what_goes_wrong_in_it_leave_no_words(
    client: httpx.Client, hub: Hub, lines: io.StringIO, model: str, fake: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    events(client, send(client, model, f"say {CANARY}")["run"])
    with FakeServer(key="another") as strict:
        made = connections.add(OWNER, "openai_compatible", name="Strict", base_url=strict.url, key=KEY)
        events(client, send(client, f"{made.id}/fake", f"{CANARY} with a bad key")["run"])
    events(client, send(client, "demo/demo", f'call calculator {{"expression": "{CANARY}"}}')["run"])

    def broken(*_: object, **__: object) -> None:
        raise KeyError(f"{CANARY} {KEY}")

    monkeypatch.setattr("hub.web.lists.chat.list_conversations", broken)
    answer = client.get("/api/conversations", headers={"x-request-id": "asked-for-this"})
    assert answer.status_code == 500
    text = lines.getvalue()
    assert CANARY not in text and "canarykey" not in text
    [failed] = [line for line in read(lines) if line["event"] == "route_failed"]
    assert failed["request"] == "asked-for-this" and failed["process"] == "web"
    assert "in broken\nKeyError" in failed["exception"]


def test_a_failing_run_names_itself_and_its_request(
    client: httpx.Client, lines: io.StringIO, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError(CANARY)

    monkeypatch.setattr("hub.runs.drive._prepare", broken)
    body = {"text": CANARY, "targets": [{"model": model}]}
    answer = client.post("/api/runs", json=body, headers={"x-request-id": "asked-for-the-run"})
    run = answer.json()["run"]
    events(client, run)
    assert CANARY not in lines.getvalue()
    [failed] = [line for line in read(lines) if line["event"] == "target_failed"]
    assert (failed["run"], failed["request"]) == (run, "asked-for-the-run")
    assert failed["exception"].endswith("in broken\nValueError")


def test_a_job_that_fails_names_itself_and_leaves_no_words(
    mongo: str, postgres: str, hub: Hub, lines: io.StringIO
) -> None:
    migrations.apply()
    before = dict(tasks.REGISTERED)

    @task("test.canary", attempts=1)
    def canary(*, owner: str) -> None:
        structlog.get_logger("test").info("in_the_job")
        raise ValueError(f"{CANARY} {KEY} {owner}")

    number = jobs.defer("test.canary", owner=CANARY)

    async def work() -> None:
        for handler in logging.getLogger().handlers:
            handler.addFilter(worker._said_by_us)  # pyright: ignore[reportPrivateUsage]
        app = worker.build(postgres)
        async with app.open_async():
            await app.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)

    asyncio.run(work())
    tasks.REGISTERED.clear()
    tasks.REGISTERED.update(before)
    assert CANARY not in lines.getvalue() and "canarykey" not in lines.getvalue()
    found = {line["event"]: line for line in read(lines) if line.get("job") == number}
    assert set(found) == {"in_the_job", "job_failed"}
    assert found["in_the_job"]["task"] == "test.canary" and found["job_failed"]["error"] == "ValueError"
