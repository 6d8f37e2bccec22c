"""Signing in at an interface in the browser: there, back, and what is said when it is refused."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from hub.db.who import OWNER
from hub.tools import openapi
from tests.conftest import Configure
from tests.fakes.identity import Identity
from tests.fakes.services import Services, specification
from tests.web.conftest import Hub


@pytest.fixture
def identity(configure: Configure) -> Iterator[Identity]:
    configure(private_urls="true")
    with Identity() as provider:
        provider.known("hub")
        yield provider


@pytest.fixture
def kiosk(hub: Hub, identity: Identity) -> Iterator[openapi.Api]:
    root = identity.root
    access = openapi.Access(
        "authorization_code", user="hub", token_url=f"{root}/token", authorize_url=f"{root}/authorize"
    )
    with Services() as web:
        yield openapi.add(OWNER, specification(web.url), access=access)


def gone_there(client: httpx.Client, kiosk: openapi.Api, identity: Identity) -> str:
    """The address that the provider sends the browser back to."""
    there = client.get(f"{openapi.SIGN_IN_PATH}/start", params={"api": kiosk.id})
    assert there.status_code == 303 and there.headers["location"].startswith(identity.root)
    return httpx.get(there.headers["location"]).headers["location"]


def test_signing_in_goes_there_and_back(hub: Hub, client: httpx.Client, kiosk: openapi.Api, identity: Identity) -> None:
    back = gone_there(client, kiosk, identity)
    assert back.startswith(f"{openapi.way_back(hub.url)}?")
    done = client.get(back)
    assert (done.status_code, done.headers["location"]) == (303, "/interfaces")
    assert openapi.signed_in(OWNER, kiosk)
    again = client.get(back)  # a code is good once
    assert again.status_code == 400 and "invalid_grant" in again.text


def test_what_is_refused_is_said(client: httpx.Client, kiosk: openapi.Api, identity: Identity) -> None:
    identity.refuses = "<b>The administrator</b>\nhas to agree."
    answer = client.get(gone_there(client, kiosk, identity))
    assert answer.status_code == 400 and "was refused: access_denied, &lt;b&gt;The administrator" in answer.text
    assert 'href="/interfaces"' in answer.text
    made_up = client.get(f"{openapi.SIGN_IN_PATH}/callback", params={"state": "made-up", "code": "x"})
    assert made_up.status_code == 400 and "was not started here" in made_up.text
    assert client.get(f"{openapi.SIGN_IN_PATH}/start", params={"api": "0" * 24}).status_code == 404
    assert openapi.signed_in(OWNER, kiosk) is False
