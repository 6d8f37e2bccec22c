"""Interfaces where each person signs in: OAuth 2 with a code and PKCE, against a real identity provider on loopback."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import yaml

from hub.db.mongo import collection
from hub.db.who import Who
from hub.errors import BadInput, NotFound
from hub.net.ask import NoAnswer
from hub.oauth import SignInFailed, code
from hub.tools import openapi, plugin
from hub.tools.openapi import Access, store
from hub.turns import Tool, ToolResult
from tests.fakes.identity import Identity
from tests.fakes.services import Services, specification
from tests.tools.conftest import ADA, ANNA, BERT, turn

BACK = "http://127.0.0.1:8501/api/tools/oauth/callback"


@pytest.fixture
def identity() -> Iterator[Identity]:
    with Identity() as provider:
        provider.known("hub", "s:cret")
        yield provider


@pytest.fixture
def web(identity: Identity) -> Iterator[Services]:
    """Services whose interface is open to whoever has a token of the provider."""
    with Services() as fake:
        fake.guard = lambda sent: bool(identity.holder(sent.removeprefix("Bearer ")))
        yield fake


@pytest.fixture
def kiosk(web: Services, identity: Identity, mongo: str) -> openapi.Api:
    """The kiosk, for everybody; each signs in."""
    return openapi.add(ADA, specification(web.url), access=access(identity), everybody=True)


def access(identity: Identity) -> Access:
    return Access(
        "authorization_code", user="hub", secret="s:cret", scope="read write",
        token_url=f"{identity.root}/token", authorize_url=f"{identity.root}/authorize?tenant=1",
    )  # fmt: skip


def tool(who: Who) -> Tool:
    return next(one for one in plugin.tools(turn(who=who)) if one.name == "listPapers")


def call(who: Who) -> ToolResult:
    return tool(who).call({})


def went(who: Who, api: openapi.Api, identity: Identity) -> dict[str, str]:
    """What the provider sends the browser back with."""
    identity.person = who.id
    answer = httpx.get(openapi.begin(who, api.id, BACK), follow_redirects=False)
    assert answer.headers["location"].startswith(f"{BACK}?")
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}


def sign_in(who: Who, api: openapi.Api, identity: Identity) -> None:
    back = went(who, api, identity)
    openapi.finish(who, back["state"], back["code"])


def test_each_person_signs_in_and_is_asked_as_themselves(kiosk: openapi.Api, web: Services, identity: Identity) -> None:
    assert openapi.signed_in(ANNA, kiosk) is False
    with pytest.raises(SignInFailed, match="You have to sign in at Kiosk first"):
        call(ANNA)
    assert web.requests == []
    for who in (ANNA, BERT):
        sign_in(who, kiosk, identity)
        assert not call(who).error
        assert identity.holder(web.last.headers["authorization"].removeprefix("Bearer ")) == who.id
    assert openapi.signed_in(ANNA, kiosk) and openapi.signed_in(ADA, kiosk) is False
    assert identity.scopes == ["read write"] * 2
    kept = repr([*collection("tool_tokens").find({}), *collection("tool_apis").find({})])
    assert not any(secret in kept for secret in (*identity.tokens, *identity.refreshers, "s:cret"))
    assert not any(token in call(ANNA).text for token in identity.tokens)


def test_the_way_back_is_only_for_who_went(
    kiosk: openapi.Api, identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = went(ANNA, kiosk, identity)
    assert not {"s:cret", "verifier", ANNA.id} & set(back["state"].split("."))
    for who, state in ((BERT, back["state"]), (ANNA, "made-up"), (ANNA, ""), (ANNA, back["state"][:-4])):
        with pytest.raises(BadInput, match="not started here"):
            openapi.finish(who, state, back["code"])
    later = time.time() + code.WAITS_SECONDS + 1
    monkeypatch.setattr(time, "time", lambda: later)
    with pytest.raises(BadInput, match="took too long"):
        openapi.finish(ANNA, back["state"], back["code"])
    monkeypatch.undo()
    openapi.finish(ANNA, back["state"], back["code"])
    with pytest.raises(SignInFailed, match="gave no token: invalid_grant"):
        openapi.finish(ANNA, back["state"], back["code"])
    assert openapi.signed_in(ANNA, kiosk) and not openapi.signed_in(BERT, kiosk)


def test_a_code_of_another_sign_in_is_refused(kiosk: openapi.Api, identity: Identity) -> None:
    first, second = went(ANNA, kiosk, identity), went(ANNA, kiosk, identity)
    with pytest.raises(SignInFailed, match="invalid_grant"):  # PKCE: its verifier is another
        openapi.finish(ANNA, first["state"], second["code"])
    assert openapi.signed_in(ANNA, kiosk) is False


def test_a_refusal_says_why(kiosk: openapi.Api, web: Services, identity: Identity) -> None:
    identity.refuses = "The administrator has to agree."
    back = went(ANNA, kiosk, identity)
    assert "code" not in back
    with pytest.raises(SignInFailed, match="was refused: access_denied"):
        openapi.finish(ANNA, back["state"], "", "access_denied")
    identity.refuses = ""
    wrong = replace(access(identity), secret="another")
    openapi.change(ADA, kiosk.id, name="", base_url=kiosk.base_url, access=wrong)
    back = went(ANNA, kiosk, identity)
    with pytest.raises(SignInFailed, match="gave no token: invalid_client, Who is that"):
        openapi.finish(ANNA, back["state"], back["code"])


def test_a_token_is_renewed_before_its_end_and_once_for_calls_at_the_same_time(
    kiosk: openapi.Api, identity: Identity
) -> None:
    identity.lifetime = 1
    sign_in(ANNA, kiosk, identity)
    identity.lifetime = 3600
    one, ready = tool(ANNA), threading.Barrier(4)

    def ask(_: int) -> ToolResult:
        ready.wait()
        return one.call({})

    with ThreadPoolExecutor(4) as pool:
        assert not any(given.error for given in pool.map(ask, range(4)))
    assert identity.refreshed == 1


def test_a_token_that_is_refused_is_renewed_and_the_call_is_made_once_more(
    kiosk: openapi.Api, web: Services, identity: Identity
) -> None:
    sign_in(ANNA, kiosk, identity)
    identity.tokens.clear()
    assert not call(ANNA).error
    assert [asked.path for asked in web.requests] == ["/kiosk/papers"] * 2 and identity.refreshed == 1
    web.guard = lambda _: False
    given = call(ANNA)
    assert given.error and "401" in given.text  # the new token was refused as well
    assert openapi.signed_in(ANNA, kiosk)


def test_when_nothing_can_be_renewed_the_person_signs_in_again(kiosk: openapi.Api, identity: Identity) -> None:
    sign_in(ANNA, kiosk, identity)
    identity.tokens.clear()
    identity.refuses_refresh = True
    with pytest.raises(SignInFailed, match="sign in at Kiosk"):
        call(ANNA)
    assert openapi.signed_in(ANNA, kiosk) is False


def test_a_provider_that_is_away_ends_no_sign_in(kiosk: openapi.Api, identity: Identity) -> None:
    sign_in(ANNA, kiosk, identity)
    kept = store.keeper.read(kiosk.id, ANNA.id)
    assert kept
    store.keeper.write(kiosk.id, ANNA.id, replace(kept, expires_at=1.0, token_url="http://127.0.0.1:1/token"))
    with pytest.raises(NoAnswer):
        call(ANNA)
    assert openapi.signed_in(ANNA, kiosk)


def test_signing_out_and_whatever_leads_elsewhere_forgets(
    kiosk: openapi.Api, web: Services, identity: Identity
) -> None:
    sign_in(ANNA, kiosk, identity)
    openapi.change(ADA, kiosk.id, name="Papers", base_url=kiosk.base_url, access=openapi.signing(ADA, kiosk.id))
    assert openapi.signed_in(ANNA, kiosk)  # only its name is another
    openapi.sign_out(ANNA, kiosk.id)
    assert openapi.signed_in(ANNA, kiosk) is False
    sign_in(ANNA, kiosk, identity)
    openapi.change(ADA, kiosk.id, name="", base_url=f"{web.url}/other", access=access(identity))
    assert openapi.signed_in(ANNA, kiosk) is False
    sign_in(ANNA, kiosk, identity)
    sign_in(BERT, kiosk, identity)
    openapi.purge(BERT.id)
    assert [row["owner"] for row in collection("tool_tokens").find({})] == [ANNA.id]
    openapi.remove(ADA, kiosk.id)
    assert collection("tool_tokens").count_documents({}) == 0
    with pytest.raises(NotFound):
        openapi.begin(ANNA, kiosk.id, BACK)


def test_it_is_read_from_the_specification(web: Services, mongo: str) -> None:
    given: dict[str, Any] = yaml.safe_load(specification(web.url))
    flow = {
        "authorizationUrl": "/authorize",
        "tokenUrl": "https://id.example/token",
        "scopes": {"read": "", "write": ""},
    }
    given["components"]["securitySchemes"] = {"person": {"type": "oauth2", "flows": {"authorizationCode": flow}}}
    found = openapi.read(yaml.safe_dump(given), "https://api.example/v1/openapi.yaml").access
    assert (found.how, found.scope) == ("authorization_code", "read write")
    assert (found.authorize_url, found.token_url) == ("https://api.example/authorize", "https://id.example/token")


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"user": ""}, "client id is missing"),
        ({"authorize_url": ""}, "address of the sign-in is missing"),
        ({"authorize_url": "javascript:alert(1)"}, "no web address"),
        ({"token_url": "file:///etc/passwd"}, "no web address"),
    ],
)
def test_what_is_missing_is_said(
    web: Services, identity: Identity, mongo: str, change: dict[str, str], match: str
) -> None:
    with pytest.raises(BadInput, match=match):
        openapi.add(ADA, specification(web.url), access=replace(access(identity), **change), everybody=True)
