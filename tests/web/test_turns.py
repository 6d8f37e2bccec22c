"""A turn over HTTP: send, watch, resume, cancel."""

from __future__ import annotations

from typing import Any

import httpx
import orjson
import pytest

from hub import chat
from hub.db.who import OWNER
from tests.conftest import Configure
from tests.fakes.openai_server import FakeServer
from tests.web.conftest import Hub


def events(client: httpx.Client, run: str, query: str = "", **headers: str) -> list[tuple[int | None, dict[str, Any]]]:
    """(id, data) of every event until the stream ends."""
    out: list[tuple[int | None, dict[str, Any]]] = []
    with client.stream("GET", f"/api/runs/{run}/events{query}", headers=headers) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        seq: int | None = None
        for line in response.iter_lines():
            if line.startswith("id: "):
                seq = int(line[4:])
            elif line.startswith("data: "):
                out.append((seq, orjson.loads(line[6:])))
            elif not line:
                seq = None
    return out


def text(found: list[tuple[int | None, dict[str, Any]]]) -> str:
    return "".join(data["text"] for _, data in found if data["type"] == "text")


def send(client: httpx.Client, model: str, say: str = "hello", **more: Any) -> dict[str, Any]:
    response = client.post("/api/runs", json={"text": say, "targets": [{"model": model}], **more})
    assert response.status_code in (201, 202), response.text
    return response.json()


def test_a_turn_is_stored_streamed_and_kept(client: httpx.Client, model: str) -> None:
    sent = send(client, model, "tell me")
    found = events(client, sent["run"])
    assert [data["type"] for _, data in found][-2:] == ["done", "end"]
    message = chat.get_message(OWNER, sent["answers"][0])
    assert message.status == "done" and message.text == text(found) != ""
    window = chat.open_window(OWNER, sent["conversation"])
    assert [m.text for m in window.messages] == ["tell me", message.text]
    record = client.get(f"/api/runs/{sent['run']}").json()
    assert record["status"] == "done" and record["targets"][0]["status"] == "done"


def test_watching_resumes_from_any_number(client: httpx.Client, fake: FakeServer, model: str) -> None:
    sent = send(client, model + "?tokens=30")
    whole = events(client, sent["run"])
    last = whole[-1][0]
    assert last is not None
    seen = dict(whole)
    for first in range(1, last + 1):
        rest = events(client, sent["run"], f"?from={first}")
        same = events(client, sent["run"], **{"last-event-id": str(first - 1)})
        assert text(rest) == text(same)
        assert rest[-1] == (last, seen[last])
        before = events(client, sent["run"], "?from=1")
        assert text(before).endswith(text(rest))
    assert text(events(client, sent["run"], f"?from={last + 5}")) == ""


def test_rendered_blocks_come_beside_the_text(client: httpx.Client, hub: Hub) -> None:
    sent = send(client, "demo/demo", "table fast")
    found = events(client, sent["run"], "?render=1")
    blocks: dict[tuple[int, int], dict[str, Any]] = {}
    for seq, data in found:
        if data["type"] == "block":
            assert seq is None
            blocks[data["target"], data["index"]] = data
    assert any("<table" in block["html"] for block in blocks.values())
    assert not any(block["tail"] for block in blocks.values())
    assert found[-1][1]["type"] == "end"
    late = events(client, sent["run"], "?render=1&from=9999")
    assert [d for _, d in late if d["type"] == "block"] == [blocks[key] for key in sorted(blocks)]


def test_cancelling_stops_the_provider_and_keeps_the_text(client: httpx.Client, fake: FakeServer, model: str) -> None:
    sent = send(client, model + "?tokens=1000&gap=20")
    assert fake.wait_for(lambda server: server.streaming == 1)
    assert client.post(f"/api/runs/{sent['run']}/cancel").status_code == 202
    found = events(client, sent["run"])
    assert found[-2][1]["status"] == "cancelled"
    assert fake.wait_for(lambda server: server.broken == 1)
    assert chat.get_message(OWNER, sent["answers"][0]).status == "cancelled"


def test_a_message_waits_for_the_running_answer(client: httpx.Client, fake: FakeServer, model: str) -> None:
    sent = send(client, model + "?tokens=1000&gap=20")
    waiting = send(client, model, "and then?", conversation=sent["conversation"], when="queue")
    assert waiting["queued"]
    edited = client.patch(f"/api/queue/{waiting['queued']}", json={"text": "and now?"})
    assert edited.json()["text"] == "and now?"
    assert client.delete(f"/api/queue/{waiting['queued']}").json()["text"] == "and now?"
    assert client.delete(f"/api/queue/{waiting['queued']}").status_code == 404
    client.post(f"/api/runs/{sent['run']}/cancel")
    events(client, sent["run"])


def test_a_failing_provider_is_an_event_and_a_stored_error(client: httpx.Client, hub: Hub) -> None:
    sent = send(client, "demo/demo", "error key")
    error = next(data for _, data in events(client, sent["run"]) if data["type"] == "error")
    assert error["kind"] and error["message"]
    stored = chat.get_message(OWNER, sent["answers"][0])
    assert stored.status == "error" and stored.error and stored.error.message == error["message"]


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("fake-401", "refused_key"),
        ("fake-402", "no_credit"),
        ("fake-404", "model_gone"),
        ("fake-context", "context_too_long"),
        ("fake-hang", "timeout"),
        ("fake-idle", "timeout"),
    ],
)
def test_every_fault_of_a_provider_is_a_sentence_and_the_message_is_kept(
    client: httpx.Client, configure: Configure, model: str, fault: str, kind: str
) -> None:
    configure(first_token_timeout=0.5, idle_timeout=0.5)
    sent = send(client, model.replace("/fake", f"/{fault}"), "keep me")
    error = next(data for _, data in events(client, sent["run"]) if data["type"] == "error")
    assert error["kind"] == kind and error["message"] and error["hint"]
    asked, answer = client.get(f"/api/conversations/{sent['conversation']}").json()["messages"]
    assert asked["text"] == "keep me" and answer["error"]["message"] == error["message"]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"{", "not JSON"),
        (b"[]", "valid dictionary"),
        (b'{"text": 3}', "text"),
        (b'{"text": "x", "surprise": 1}', "surprise"),
        (b'{"text": "   "}', "empty"),
        (b'{"text": "x", "targets": [{"model": "gone/x"}]}', ""),
        (b'{"text": "x", "conversation": "nonsense"}', ""),
    ],
)
def test_bad_requests_are_refused_in_words(client: httpx.Client, hub: Hub, body: bytes, sentence: str) -> None:
    response = client.post("/api/runs", content=body)
    assert 400 <= response.status_code < 500
    assert sentence in response.json()["error"]["message"]


def test_what_is_not_there_is_404(client: httpx.Client, hub: Hub) -> None:
    for path in ("/api/runs/" + "0" * 24, "/api/runs/x/events", "/api/files/x"):
        response = client.get(path)
        assert response.status_code == 404 and response.json()["error"]["kind"] == "not_found"


def test_lists_and_health(client: httpx.Client, hub: Hub) -> None:
    assert client.get("/healthz").json()["ok"] is True
    assert "demo/demo" in [m["id"] for m in client.get("/api/models").json()]
    send(client, "demo/demo", "fast hello")
    assert len(client.get("/api/conversations").json()["recent"]) == 1
    estimate = client.post("/api/estimate", json={"text": "hello there", "model": "demo/demo"}).json()
    assert estimate["tokens"] > 0


def test_several_models_are_told_apart(client: httpx.Client, model: str) -> None:
    sent = client.post(
        "/api/runs", json={"text": "hi fast", "targets": [{"model": model}, {"model": "demo/demo"}]}
    ).json()
    found = events(client, sent["run"])
    assert {data["target"] for _, data in found if data["type"] == "done"} == {0, 1}
    for index, answer in enumerate(sent["answers"]):
        said = "".join(d["text"] for _, d in found if d["type"] == "text" and d["target"] == index)
        assert chat.get_message(OWNER, answer).text == said
