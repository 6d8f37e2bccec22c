"""Search and projects over HTTP."""

from __future__ import annotations

import httpx

from hub import chat, projects
from hub.db.who import OWNER, Who


def test_projects_are_listed_and_a_chat_begins_in_one(client: httpx.Client, model: str) -> None:
    boat = projects.create(OWNER, "Boat")
    projects.create(Who("bert", "Bert"), "Theirs")
    assert [one["name"] for one in client.get("/api/projects").json()] == ["Boat"]
    body = {"text": "hello", "targets": [{"model": model}], "project": boat.id}
    sent = client.post("/api/runs", json=body).json()
    client.get(f"/api/runs/{sent['run']}/events")
    chat.create(OWNER, title="Elsewhere")
    inside = client.get("/api/conversations", params={"project": boat.id}).json()
    assert [one["id"] for one in inside["recent"]] == [sent["conversation"]]
    assert client.get("/api/conversations", params={"project": boat.id, "q": "elsewhere"}).json() == {"found": []}
    refused = client.post("/api/runs", json={**body, "project": "0" * 24})
    assert refused.status_code == 404 and "no such project" in refused.json()["error"]["message"]


def test_without_the_index_titles_are_found_and_that_is_said(client: httpx.Client) -> None:
    made = chat.create(OWNER, title="Anchor chain")
    found = client.get("/api/search", params={"q": "anchor", "tz": "Europe/Paris"}).json()
    [talk] = found["talks"]
    assert (talk["id"], talk["title"]) == (made.id, [["Anchor", True], [" chain", False]])
    assert "Only titles can be searched now" in found["without"]
    assert client.get("/api/search", params={"q": "anchor on:someday"}).json()["problems"]


def test_what_cannot_be_asked_is_refused_in_words(client: httpx.Client) -> None:
    for wrong in ({"tz": "Mars/Base"}, {"limit": "0"}, {"q": "x" * 201}):
        assert client.get("/api/search", params={"q": "a", **wrong}).status_code == 400
    assert client.get("/api/search", params={"q": "a", "project": "0" * 24}).status_code == 404


def test_a_conversation_is_read_around_a_message(client: httpx.Client) -> None:
    home = chat.create(OWNER, title="x").id
    asked = chat.add_message(OWNER, home, "user", "asked")
    aside = chat.add_message(OWNER, home, "assistant", "one", parent=asked)
    chat.add_message(OWNER, home, "assistant", "other", parent=asked)
    read = client.get(f"/api/conversations/{home}", params={"at": aside}).json()
    assert [one["text"] for one in read["messages"]] == ["asked", "one"] and read["aside"] == aside
    assert client.get(f"/api/conversations/{home}", params={"at": "0" * 24}).status_code == 404
