"""Signing in over HTTP, and what is closed to those who did not."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send

from hub import chat, people
from hub.models import connections
from hub.people import signin
from hub.web import identity, login
from tests.conftest import Configure
from tests.web.conftest import Hub

PASSWORD = "four words in a row"
PAGE = {"accept": "text/html"}


@pytest.fixture
def closed(configure: Configure) -> None:
    """A hub on loopback where people sign in. Asked for before the hub starts."""
    configure(auth="on")


def make_first(client: httpx.Client) -> httpx.Response:
    form = {"name": "Anna", "password": PASSWORD, "again": PASSWORD}
    return client.post("/setup", data={**form, "token": people.setup_token()} if not people.any_person() else form)


def test_a_hub_on_loopback_without_accounts_is_open(client: httpx.Client) -> None:
    assert client.get("/api/models").status_code == 200
    assert client.get("/login").headers["location"] == "/"


def test_once_there_is_an_account_people_sign_in(client: httpx.Client) -> None:
    assert make_first(client).status_code == 303
    assert client.get("/api/models").status_code == 200
    client.cookies.clear()
    refused = client.get("/api/models")
    assert refused.status_code == 401 and refused.json()["error"]["kind"] == "signed_out"


def test_a_closed_hub_leads_to_setup_and_then_to_the_sign_in(closed: None, client: httpx.Client) -> None:
    assert client.get("/", headers=PAGE).headers["location"] == "/setup"
    made = make_first(client)
    cookie = made.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/" in cookie
    client.cookies.clear()
    assert client.get("/?c=1&d=2", headers=PAGE).headers["location"] == "/login?next=%2F%3Fc%3D1%26d%3D2"
    assert "Sign in" in client.get("/login").text
    wrong = client.post("/login", data={"name": "Anna", "password": "wrong password", "next": "/?c=1"})
    assert wrong.status_code == 401 and "do not fit" in wrong.text and 'value="Anna"' in wrong.text
    right = client.post("/login", data={"name": "Anna", "password": PASSWORD, "next": "/?c=1"})
    assert right.status_code == 303 and right.headers["location"] == "/?c=1"
    assert client.get("/api/conversations").status_code == 200
    assert "exists already" in make_first(client).text


def test_signing_out_needs_a_post_and_ends_the_session(closed: None, client: httpx.Client) -> None:
    make_first(client)
    token = client.cookies["hub_session"]
    assert client.get("/logout").status_code == 200 and people.who_has(token)
    assert client.post("/logout").headers["location"] == "/login"
    assert people.who_has(token) is None
    client.cookies.set("hub_session", token)
    assert client.get("/api/models").status_code == 401


def test_forms_of_other_sites_are_refused(closed: None, client: httpx.Client) -> None:
    make_first(client)
    response = client.post("/logout", headers={"origin": "https://evil.example.com"})
    assert response.status_code == 403 and response.json()["error"]["kind"] == "forbidden"
    assert client.get("/healthz", headers={"host": "evil.example.com"}).status_code == 403


def is_not_taken(client: httpx.Client, headers: dict[str, str]) -> None:
    """Without the token there is no first account."""
    assert "Setup token" in client.get("/setup", headers=headers).text
    form = {"name": "Eve", "password": PASSWORD, "again": PASSWORD}
    for token in ("", "guessed"):
        refused = client.post("/setup", data={**form, "token": token}, headers=headers)
        assert refused.status_code == 400 and "setup token is not right" in refused.text
    assert not people.any_person()
    made = client.post("/setup", data={**form, "name": "Anna", "token": people.setup_token()}, headers=headers)
    assert made.status_code == 303 and people.any_person()


def test_a_stranger_cannot_take_a_closed_hub(closed: None, client: httpx.Client) -> None:
    """Not over loopback either: a proxy on this machine may not say for whom it asks."""
    is_not_taken(client, {})


def test_a_stranger_cannot_take_an_open_hub_through_a_proxy(client: httpx.Client) -> None:
    is_not_taken(client, {"x-forwarded-for": "203.0.113.9"})


def test_a_token_in_the_address_is_not_asked_for_again(closed: None, client: httpx.Client) -> None:
    shown = client.get("/setup", params={"token": '"><b>x'}).text
    assert 'type="hidden" name="token" value="&quot;&gt;&lt;b&gt;x"' in shown and "Setup token" not in shown


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"name": "Anna", "password": "short", "again": "short"}, "at least 10"),
        ({"name": "Anna", "password": PASSWORD, "again": PASSWORD + "!"}, "differ"),
        ({"name": "", "password": PASSWORD, "again": PASSWORD}, "A name has"),
        ({"name": "<b>x", "password": "short", "again": "short"}, "&lt;b&gt;x"),
    ],
)
def test_setup_says_what_is_wrong(closed: None, client: httpx.Client, form: dict[str, str], sentence: str) -> None:
    response = client.post("/setup", data={**form, "token": people.setup_token()})
    assert response.status_code == 400 and sentence in response.text
    assert not people.any_person()


def test_attempts_end_in_a_sentence(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signin, "PER_NAME", 1)
    make_first(client)
    wrong = {"name": "Anna", "password": "wrong password"}
    assert client.post("/login", data=wrong).status_code == 401
    limited = client.post("/login", data={**wrong, "password": PASSWORD})
    assert limited.status_code == 429 and "Too many attempts. Try again in" in limited.text


def test_what_refuses_a_person_is_a_page(closed: None, client: httpx.Client) -> None:
    """A wrong name for the hub is a mistake of people as often as an attack."""
    refused = client.get("/", headers={**PAGE, "host": "evil.example.com"})
    assert refused.status_code == 403 and "<h1>" in refused.text and "HUB_ALLOWED_HOSTS" in refused.text


def test_two_people_reach_nothing_of_each_other(client: httpx.Client, hub: Hub) -> None:
    make_first(client)
    anna = people.on_this_machine("Anna")
    people.create_account(anna, "Bert", PASSWORD)
    sent = client.post("/api/runs", json={"text": "slow", "targets": [{"model": "demo/demo"}]}).json()
    waiting = client.post("/api/runs", json={"text": "b", "conversation": sent["conversation"],
                                             "targets": [{"model": "demo/demo"}]}).json()["queued"]  # fmt: skip
    chat.rename(anna, sent["conversation"], "A slow one")
    assert client.get("/api/conversations", params={"q": "slow"}).json()["found"][0]["id"] == sent["conversation"]
    file = client.post("/api/files", files={"file": ("a.txt", b"mine")}).json()[0]["id"]
    connection = connections.add(anna, "openai", key="sk-000000000000")
    model = f"{connection.id}/gpt"
    turn = {"text": "x", "targets": [{"model": "demo/demo"}]}
    tries: list[tuple[str, str, dict[str, object] | None]] = [
        ("GET", f"/api/conversations/{sent['conversation']}", None),
        ("GET", f"/api/runs/{sent['run']}", None),
        ("GET", f"/api/runs/{sent['run']}/events", None),
        ("GET", f"/api/runs/{sent['run']}/events?render=1", None),
        ("POST", f"/api/runs/{sent['run']}/cancel", None),
        ("PATCH", f"/api/queue/{waiting}", {"text": "x"}),
        ("DELETE", f"/api/queue/{waiting}", None),
        ("GET", f"/api/files/{file}", None),
        ("POST", "/api/estimate", {"text": "x", "files": [file], "model": "demo/demo"}),
        ("POST", "/api/estimate", {"text": "x", "conversation": sent["conversation"], "model": "demo/demo"}),
        ("POST", "/api/runs", {**turn, "conversation": sent["conversation"]}),
        ("POST", "/api/runs", {**turn, "conversation": sent["conversation"], "parent": sent["message"]}),
        ("POST", "/api/runs", {**turn, "files": [file]}),
    ]
    with httpx.Client(base_url=hub.url, timeout=60) as bert:
        bert.post("/login", data={"name": "Bert", "password": PASSWORD})
        for method, path, body in tries:
            assert bert.request(method, path, json=body).status_code == 404, (method, path, body)
        listed = bert.get("/api/conversations").json()
        assert not listed["recent"] and not listed["pinned"]
        assert bert.get("/api/conversations", params={"q": "slow"}).json() == {"found": []}
        assert not [one for one in bert.get("/api/models").json() if one["connection"] == connection.id]
        asked = bert.post("/api/runs", json={"text": "x", "targets": [{"model": model}]})
        assert asked.json()["error"]["kind"] == "not_found"
    assert client.get(f"/api/conversations/{sent['conversation']}").json()["queued"][0]["text"] == "b"


def test_an_open_page_ends_with_its_session(
    closed: None, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its websocket was opened while the session was good; the next thing that the page asks is not heard."""
    monkeypatch.setattr(identity, "_FRESH", 0)
    make_first(client)
    token = client.cookies["hub_session"]
    heard: list[Message] = []
    sent: list[Message] = []

    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        heard.append(await receive())
        heard.append(await receive())
        people.sign_out(token)
        heard.append(await receive())

    async def receive() -> Message:
        return {"type": "websocket.receive" if heard else "websocket.connect", "text": "run"}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"host", b"localhost"), (b"origin", b"http://localhost"), (b"cookie", f"hub_session={token}".encode())]
    scope: Scope = {"type": "websocket", "path": "/_stcore/stream", "headers": headers, "client": ("127.0.0.1", 1)}
    asyncio.run(identity.Identity(page)(scope, receive, send))
    assert [one["type"] for one in heard] == ["websocket.connect", "websocket.receive", "websocket.disconnect"]
    assert sent == [{"type": "websocket.close", "code": 1008}]
    assert client.get("/_stcore/host-config").json() == "You are signed out. Load this page again to sign in."


@pytest.mark.parametrize("path", ["//evil.com", "/\\evil.com", "https://evil.com", "javascript:1", "", "/a\nb"])
def test_signing_in_never_leads_elsewhere(path: str) -> None:
    assert login.safe_path(path) == "/"


def test_only_health_is_open_on_a_closed_hub(closed: None, client: httpx.Client, hub: Hub) -> None:
    assert client.get("/healthz").status_code == 200
    for path in ("/api/models", "/api/conversations", "/api/runs/x", "/api/runs/x/events", "/api/files/x",
                 "/oauth/openrouter/start", "/anything"):  # fmt: skip
        assert client.get(path).status_code == 401, path
