"""Reading conversations over HTTP, and what is said about addresses that are none."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import httpx
import pytest
from starlette.routing import Route

from hub import chat, web
from hub.db.who import OWNER
from tests.web.conftest import Hub


@pytest.fixture
def conversation(client: httpx.Client, model: str) -> str:
    """One of six messages: a turn, and four that nobody was asked to answer."""
    sent = client.post("/api/runs", json={"text": "number 0", "targets": [{"model": model}]}).json()
    client.get(f"/api/runs/{sent['run']}/events")
    chat.edit(OWNER, sent["answers"][0], "number 1")
    for number in range(2, 6):
        chat.add_message(OWNER, sent["conversation"], "assistant" if number % 2 else "user", f"number {number}")
    return sent["conversation"]


def test_a_conversation_comes_with_its_open_branch(client: httpx.Client, conversation: str) -> None:
    whole = client.get(f"/api/conversations/{conversation}").json()
    assert whole["conversation"]["id"] == conversation and whole["earlier"] is False and whole["queued"] == []
    messages = whole["messages"]
    assert [one["text"] for one in messages] == [f"number {number}" for number in range(6)]
    assert all(below["parent"] == above["id"] for above, below in pairwise(messages))
    assert messages[-1]["role"] == "assistant" and messages[-1]["siblings"] == [messages[-1]["id"]]


def test_it_is_read_upwards_in_slices(client: httpx.Client, conversation: str) -> None:
    path, read, before = f"/api/conversations/{conversation}", [], ""
    while True:
        slice_ = client.get(path, params={"limit": 4, "before": before}).json()
        read = [one["text"] for one in slice_["messages"]] + read
        if not slice_["earlier"]:
            break
        before = slice_["messages"][0]["id"]
    assert read == [f"number {number}" for number in range(6)]


@pytest.mark.parametrize("limit", ["0", "-1", "501", "many", "1e3", ""])
def test_limits_that_are_none_are_refused(client: httpx.Client, conversation: str, limit: str) -> None:
    refused = client.get(f"/api/conversations/{conversation}", params={"limit": limit})
    assert refused.status_code == 400 and "limit is a number" in refused.json()["error"]["message"]


def test_titles_are_searched(client: httpx.Client) -> None:
    titles = ("Plan a garden", "A garden plan for spring", "Garden chairs", "Plans")
    ids = {title: chat.create(OWNER, title=title).id for title in titles}
    chat.archive(OWNER, ids["A garden plan for spring"])
    chat.create(OWNER, title="Garden plan, temporary", temporary=True)
    chat.delete(OWNER, chat.create(OWNER, title="Garden plan, deleted").id)

    def found(**query: object) -> list[str]:
        answer = client.get("/api/conversations", params={"q": "garden PLAN", **query}).json()
        return [one["title"] for one in answer["found"]]

    assert found() == ["A garden plan for spring", "Plan a garden"], "newest first, archived ones too"
    assert found(limit=1) == ["A garden plan for spring"]
    assert found(q="  ") == found(q="nothing like it") == []


@pytest.mark.parametrize("query", [{"limit": "31"}, {"limit": "0"}, {"limit": "x"}, {"q": "x" * 201}])
def test_a_search_is_bounded(client: httpx.Client, query: dict[str, str]) -> None:
    refused = client.get("/api/conversations", params={"q": "garden", **query})
    assert refused.status_code == 400 and refused.json()["error"]["message"]


@pytest.mark.parametrize("id_", ["665f1f77bcf86cd799439011", "none", "%00", "x" * 300])
def test_what_is_not_there_is_said(client: httpx.Client, hub: Hub, id_: str, conversation: str) -> None:
    for path in (f"/api/conversations/{id_}", f"/api/conversations/{conversation}?before={id_}"):
        missing = client.get(path)
        assert missing.status_code == 404 and missing.json()["error"]["message"], path


@pytest.mark.parametrize(("method", "path"), [("GET", "/api/runs"), ("PUT", "/api/models"), ("GET", "/api/a/b/c")])
def test_every_other_address_of_the_interface_is_an_error(client: httpx.Client, method: str, path: str) -> None:
    missing = client.request(method, path)
    assert missing.status_code == 404 and missing.json()["error"]["message"] == f"There is no {method} {path}."


def test_every_route_is_documented() -> None:
    """docs/api.md names each address with its methods, and none that is not there."""
    text = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
    routes = [one for one in web.routes() if isinstance(one, Route) and one.path != "/api/{rest:path}"]
    missing = [
        f"{method} {route.path}"
        for route in routes
        for method in sorted((route.methods or set()) - {"HEAD"})
        if f"`{method} {route.path}" not in text
    ]
    assert not missing
