"""What programs and torn text send: every part is refused in words or kept, and never an internal error."""

from __future__ import annotations

import httpx
import orjson
import pytest

from hub import chat
from hub.db.who import OWNER
from tests.web.conftest import Hub

DEMO = {"model": "demo/demo"}


def asked(client: httpx.Client, **turn: object) -> httpx.Response:
    return client.post("/api/runs", json={"text": "fast", "targets": [DEMO], **turn})


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        ({"seed": 2**64 - 1}, "seed must be from"),
        ({"max_tokens": 2**63}, "max_tokens must be from 1"),
        ({"max_tokens": -5}, "max_tokens must be from 1"),
        ({"temperature": "hot"}, "temperature cannot be taken"),
        ({"stop": ["x"] * 5000}, "stop texts"),
        ({"stop": ["x" * 100_000]}, "stop texts"),
        ({"reasoning_effort": "\x00"}, "reasoning_effort"),
        ({"temprature": 1}, "no parameter temprature"),
    ],
)
def test_parameters_that_no_provider_takes(
    client: httpx.Client, hub: Hub, params: dict[str, object], sentence: str
) -> None:
    response = asked(client, targets=[{**DEMO, "params": params}])
    assert response.status_code == 400
    assert sentence in response.json()["error"]["message"]


@pytest.mark.parametrize("model", ["", "\x00", "nonsense", "x/y", "a" * 300])
def test_a_model_that_is_not_there_is_said_to_be_gone(client: httpx.Client, hub: Hub, model: str) -> None:
    response = asked(client, targets=[{"model": model}])
    assert response.status_code == 404
    assert "connection" in response.json()["error"]["message"]


def test_a_model_name_of_thousands_of_characters_is_refused(client: httpx.Client, hub: Hub) -> None:
    response = asked(client, targets=[{"model": "a" * 5000}])
    assert response.status_code == 400
    assert "at most 300" in response.json()["error"]["message"]


@pytest.mark.parametrize(
    ("escaped", "kept"),
    [
        (rb"\ud800 hi", "\ufffd hi"),
        (rb"\ud83d\ude00 whole", "\U0001f600 whole"),
        (rb"\ud83d\ude00 \ud83d half", "\U0001f600 \ufffd half"),
        (rb"\\ud800 \udc00", "\\ud800 \ufffd"),
    ],
)
def test_halves_of_characters_do_not_cost_the_message(
    client: httpx.Client, hub: Hub, escaped: bytes, kept: str
) -> None:
    body = b'{"text":"fast ' + escaped + b'","targets":[{"model":"demo/demo"}]}'
    sent = client.post("/api/runs", content=body).json()
    assert chat.get_message(OWNER, sent["message"]).text == f"fast {kept}"


def test_null_bytes_are_taken_out_and_said(client: httpx.Client, hub: Hub) -> None:
    sent = asked(client, text="fast a\x00b").json()
    kept = chat.get_message(OWNER, sent["message"])
    assert kept.text == "fast ab" and "null byte" in kept.notices[0]


def test_a_long_message_of_any_script_is_kept_whole(client: httpx.Client, hub: Hub) -> None:
    text = "fast " + "שלום e\u0301 नमस्ते 世界 " * 60_000
    sent = asked(client, text=text).json()
    assert chat.get_message(OWNER, sent["message"]).text == text


@pytest.mark.parametrize("body", [b'{"text":' + b"[" * 100_000, b'{"text": NaN}', b"\xff", b"", b"null", b"3"])
def test_bodies_that_are_no_turn(client: httpx.Client, hub: Hub, body: bytes) -> None:
    assert client.post("/api/runs", content=body).status_code == 400


def test_an_endless_body_is_refused(client: httpx.Client, hub: Hub) -> None:
    response = client.post("/api/runs", content=orjson.dumps({"text": "a" * 9_000_000}))
    assert response.status_code == 413 and response.json()["error"]["kind"] == "too_large"


def test_cancelling_from_everywhere_at_once_ends_it_once(client: httpx.Client, hub: Hub) -> None:
    from concurrent.futures import ThreadPoolExecutor

    sent = asked(client, text="slow long").json()
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda _: client.post(f"/api/runs/{sent['run']}/cancel").status_code, range(16)))
    assert set(codes) == {202}
    with client.stream("GET", f"/api/runs/{sent['run']}/events") as response:
        kinds = [orjson.loads(line[6:])["type"] for line in response.iter_lines() if line.startswith("data: ")]
    assert kinds.count("done") == 1 and kinds[-1] == "end"
    assert chat.get_message(OWNER, sent["answers"][0]).status == "cancelled"
    assert client.post(f"/api/runs/{sent['run']}/cancel").status_code == 202
