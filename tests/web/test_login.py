"""Signing in over HTTP, and what is closed to those who did not."""

from __future__ import annotations

import httpx
import pytest

from hub import people
from hub.web import login
from tests.conftest import Configure
from tests.web.conftest import Hub

PASSWORD = "four words in a row"
PAGE = {"accept": "text/html"}


@pytest.fixture
def closed(configure: Configure) -> None:
    """A hub on loopback where people sign in. Asked for before the hub starts."""
    configure(auth="on")


def make_first(client: httpx.Client) -> httpx.Response:
    return client.post("/setup", data={"name": "Anna", "password": PASSWORD, "again": PASSWORD})


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


def test_a_stranger_cannot_take_an_exposed_hub(closed: None, client: httpx.Client) -> None:
    """A name that is not the machine's own, or a proxy, means that others may be at the other end."""
    stranger = {"x-forwarded-for": "203.0.113.9"}
    assert "Setup token" in client.get("/setup", headers=stranger).text
    form = {"name": "Eve", "password": PASSWORD, "again": PASSWORD}
    assert "setup token is not right" in client.post("/setup", data=form, headers=stranger).text
    assert not people.any_person()
    made = client.post("/setup", data={**form, "name": "Anna", "token": people.setup_token()}, headers=stranger)
    assert made.status_code == 303 and people.any_person()


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
    response = client.post("/setup", data=form)
    assert response.status_code == 400 and sentence in response.text
    assert not people.any_person()


@pytest.mark.parametrize("path", ["//evil.com", "/\\evil.com", "https://evil.com", "javascript:1", "", "/a\nb"])
def test_signing_in_never_leads_elsewhere(path: str) -> None:
    assert login.safe_path(path) == "/"


def test_only_health_is_open_on_a_closed_hub(closed: None, client: httpx.Client, hub: Hub) -> None:
    assert client.get("/healthz").status_code == 200
    for path in ("/api/models", "/api/conversations", "/api/runs/x", "/api/runs/x/events", "/api/files/x",
                 "/oauth/openrouter/start", "/anything"):  # fmt: skip
        assert client.get(path).status_code == 401, path
