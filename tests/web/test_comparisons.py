"""A comparison over HTTP: ask, watch all panes in one stream, stop one, ask on."""

from __future__ import annotations

from typing import Any

import httpx
import orjson

from tests.fakes.openai_server import FakeServer
from tests.fakes.script import text_of

Event = tuple[str | None, dict[str, Any]]


def stream(client: httpx.Client, query: str, **headers: str) -> list[Event]:
    """(id, data) of every event until the stream ends."""
    out: list[Event] = []
    with client.stream("GET", f"/api/events?{query}", headers=headers) as response:
        assert response.status_code == 200, response.read()
        id_: str | None = None
        for line in response.iter_lines():
            if line.startswith("id: "):
                id_ = line[4:]
            elif line.startswith("data: "):
                out.append((id_, orjson.loads(line[6:])))
            elif not line:
                id_ = None
    return out


def said(found: list[Event], run: str, target: int) -> str:
    pieces = [one for _, one in found if one["type"] == "text" and one["run"] == run and one["target"] == target]
    return "".join(one["text"] for one in pieces)


def start(client: httpx.Client, *models: str, **more: Any) -> dict[str, Any]:
    body = {"text": "Which?", "models": [{"model": model} for model in models], **more}
    response = client.post("/api/comparisons", json=body)
    assert response.status_code == 201, response.text
    return response.json()


def test_all_panes_come_over_one_stream(client: httpx.Client, model: str) -> None:
    made = start(client, *(f"{model}?tokens={count}" for count in range(2, 14)))
    found = stream(client, f"run={made['run']}&render=1")
    assert [said(found, made["run"], index) for index in range(12)] == [text_of(count) for count in range(2, 14)]
    assert {one["target"] for _, one in found if one["type"] == "block"} == set(range(12))
    assert found[-1][1] == {**found[-1][1], "type": "end", "run": made["run"]}
    shown = client.get(f"/api/comparisons/{made['comparison']}").json()
    assert [pane["messages"][1]["text"] for pane in shown["panes"]] == [text_of(count) for count in range(2, 14)]


def test_a_run_that_ends_ends_only_itself(client: httpx.Client, model: str, fake: FakeServer) -> None:
    one = start(client, f"{model}?tokens=3")["run"]
    two = start(client, f"{model}?tokens=1000&gap=20", f"{model}?tokens=2")
    assert fake.wait_for(lambda server: server.streaming == 1)
    stopped = False
    found: list[dict[str, Any]] = []
    with client.stream("GET", f"/api/events?run={one}&run={two['run']}") as response:
        for line in response.iter_lines():
            if line.startswith("data: "):
                found.append(orjson.loads(line[6:]))
            ended = {event["run"] for event in found if event["type"] == "end"}
            if ended == {one} and not stopped:
                stopped = client.post(f"/api/runs/{two['run']}/cancel?target=0").status_code == 202
    ends = [event["run"] for event in found if event["type"] == "end"]
    assert ends == [one, two["run"]]
    done = [event for event in found if event["type"] == "done" and event["run"] == two["run"]]
    assert {event["target"]: event["status"] for event in done} == {0: "cancelled", 1: "done"}


def test_the_stream_goes_on_from_where_it_broke_off(client: httpx.Client, model: str) -> None:
    one, two = (start(client, f"{model}?tokens={count}")["run"] for count in (20, 30))
    query = f"run={one}&run={two}"
    whole = stream(client, query)
    for id_, _ in whole:
        if id_ is None:
            continue
        rest = stream(client, query, **{"last-event-id": id_})
        first, second = (int(number) + 1 for number in id_.split("."))
        again = stream(client, f"{query}&from={first}&from={second}")
        for run in (one, two):
            assert said(rest, run, 0) == said(again, run, 0)
            assert said(whole, run, 0).endswith(said(rest, run, 0))
            assert [event["run"] for _, event in rest if event["type"] == "end"].count(run) == 1


def test_what_cannot_be_streamed(client: httpx.Client, model: str) -> None:
    run = start(client, model)["run"]
    assert client.get("/api/events").status_code == 400
    assert client.get(f"/api/events?run={run}&run=000000000000000000000000").status_code == 404
    assert client.post(f"/api/runs/{run}/cancel?target=7").status_code == 400
    assert client.post(f"/api/runs/{run}/cancel?target=x").status_code == 400


def test_the_routes_of_a_comparison(client: httpx.Client, model: str) -> None:
    made = start(client, model, f"{model}?tokens=3")
    stream(client, f"run={made['run']}")
    base, (first, second) = f"/api/comparisons/{made['comparison']}", made["panes"]
    again = client.post(f"{base}/panes/{first}/retry").json()
    assert again["panes"] == [first]
    stream(client, f"run={again['run']}")
    swapped = client.post(f"{base}/panes/{second}/swap", json={"model": f"{model}?tokens=6"}).json()
    stream(client, f"run={swapped['run']}")
    further = client.post(f"{base}/turns", json={"text": "And now?", "panes": [second]}).json()
    stream(client, f"run={further['run']}")
    added = client.post(f"{base}/panes", json={"model": model, "like": first}).json()
    stream(client, f"run={added['run']}")
    shown = client.get(base).json()
    assert [len(pane["messages"]) for pane in shown["panes"]] == [2, 4, 2]
    assert shown["panes"][1]["messages"][1]["text"] == text_of(6)
    assert client.post(f"{base}/panes/{first}/stop").status_code == 202
    assert client.post(f"{base}/stop").status_code == 202
    assert client.post(f"{base}/panes/{first}/remove").status_code == 200
    assert client.post(f"{base}/panes/{second}/continue").json() == {"conversation": made["conversation"]}
    assert client.post(f"{base}/panes/{second}/dance").status_code == 404
    assert client.post(f"{base}/turns", json={"text": " "}).status_code == 400
    answer = shown["panes"][0]["messages"][1]["id"]
    body = {"message": answer, "models": [{"model": model}], "blind": True}
    assert client.post("/api/comparisons", json=body).status_code == 400
    assert client.post("/api/comparisons", json={**body, "blind": None}).status_code == 400
    del body["blind"]
    assert client.post("/api/comparisons", json=body).status_code == 201
    assert len(client.get("/api/comparisons").json()) == 2
    made = client.get("/api/comparisons").json()[0]["id"]
    short = client.get(f"/api/comparisons/{made}", params={"limit": 1}).json()
    assert [(len(one["messages"]), one["earlier"]) for one in short["panes"]] == [(1, True)] * len(short["panes"])
    assert client.get(f"/api/comparisons/{made}", params={"limit": "many"}).status_code == 400
