"""OpenRouter's sign-in from our link to the stored connection, against a fake OpenRouter."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from hub.db.who import OWNER
from hub.models import catalogue, connections
from hub.web import oauth
from tests.fakes.openai_server import FakeServer
from tests.web.conftest import Hub

START = "/oauth/openrouter/start"


@pytest.fixture
def openrouter(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeServer]:
    """An OpenRouter of our own."""
    with FakeServer(flavour="openrouter") as server:
        monkeypatch.setattr(oauth, "SITE", server.root)
        yield server


def way_back(client: httpx.Client) -> str:
    """Follows our link; the address that the person is sent back to."""
    there = client.get(START)
    assert there.status_code == 303
    cookie = there.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/oauth/openrouter" in cookie
    return parse_qs(urlsplit(there.headers["location"]).query)["callback_url"][0]


def stored() -> list[connections.Connection]:
    return [one for one in connections.list_connections(OWNER) if one.source == "stored"]


def test_signing_in_at_openrouter_makes_a_connection(hub: Hub, client: httpx.Client, openrouter: FakeServer) -> None:
    back = way_back(client)
    assert back.startswith(f"{hub.url}/oauth/openrouter/callback?state=")
    done = client.get(f"{back}&code=good-code")
    assert (done.status_code, done.headers["location"]) == (303, "/models?connected=openrouter")
    [made] = stored()
    assert made.provider == "openrouter" and connections.access(OWNER, made).key == "sk-or-v1-fresh"
    assert f"{made.id}/vendor/fake" in {model.id for model in catalogue.models(OWNER)}
    assert client.get(f"{back}&code=good-code").status_code == 400, "the way back leads here once"


@pytest.mark.parametrize("change", ["&code=bad-code", "", "x&code=good-code"])
def test_what_did_not_begin_here_ends_in_a_sentence(
    hub: Hub, client: httpx.Client, openrouter: FakeServer, change: str
) -> None:
    """A code that OpenRouter does not know, none at all, and one that came with another state."""
    page = client.get(way_back(client) + change)
    assert page.status_code in (400, 502) and "OpenRouter is not connected" in page.text
    assert not stored()


def test_another_browser_cannot_use_the_way_back(hub: Hub, client: httpx.Client, openrouter: FakeServer) -> None:
    back = way_back(client)
    client.cookies.clear()
    assert client.get(f"{back}&code=good-code").status_code == 400 and not stored()
