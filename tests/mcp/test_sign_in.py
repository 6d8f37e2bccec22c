"""Signing in at a server behind OAuth: per person, encrypted, renewed, revoked."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from hub import mcp
from hub.db.mongo import collection
from hub.db.who import Who
from hub.errors import BadInput
from hub.mcp.tokens import keeper
from tests.fakes.identity import Identity
from tests.mcp.conftest import ADMIN, ANNA, BEN, by_address, call, tools
from tests.mcp.servers.web import Served, keyed_server, signed_in_server

BACK = "http://127.0.0.1:8501/api/mcp/oauth/callback"


@pytest.fixture
def signed(identity: Identity) -> Iterator[mcp.Server]:
    """A server behind a sign-in, for everybody."""
    with signed_in_server(identity) as served:
        yield by_address(served.url, name="Signed", everybody=True, listed=False)


def sent_back(url: str) -> dict[str, str]:
    """What the identity provider sends the browser back with."""
    answer = httpx.get(url, follow_redirects=False)
    assert answer.headers["location"].startswith(BACK)
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}


def sign_in(who: Who, server: mcp.Server, identity: Identity) -> None:
    identity.person = who.id
    back = sent_back(mcp.begin_sign_in(who, server.id, BACK))
    mcp.finish_sign_in(who, back["state"], back["code"], back["iss"])
    mcp.test(who, server.id)


def test_each_person_signs_in_on_their_own(signed: mcp.Server, identity: Identity) -> None:
    with pytest.raises(mcp.SignInNeeded):
        mcp.test(ANNA, signed.id)
    found = mcp.server(ANNA, signed.id)
    assert found.oauth and mcp.card(ANNA, found).signed_in is False
    assert mcp.card(ANNA, found).status.state == "sign_in"
    sign_in(ANNA, found, identity)
    sign_in(BEN, found, identity)
    assert call(ANNA, "signed_whoami").text == "anna" and call(BEN, "signed_whoami").text == "ben"
    assert mcp.card(ANNA, found).signed_in and not tools(ADMIN)
    stored = "".join(str(row) for row in collection("mcp_tokens").find({}))
    assert not any(token in stored for token in (*identity.tokens, *identity.refreshers))


def test_the_way_back_is_only_for_who_went(signed: mcp.Server, identity: Identity) -> None:
    back = sent_back(mcp.begin_sign_in(ANNA, signed.id, BACK))
    with pytest.raises(BadInput, match="not started here"):
        mcp.finish_sign_in(BEN, back["state"], back["code"], back["iss"])
    with pytest.raises(BadInput, match="not started here"):
        mcp.finish_sign_in(ANNA, "made-up", back["code"], back["iss"])
    mcp.finish_sign_in(ANNA, back["state"], back["code"], back["iss"])
    with pytest.raises(BadInput):
        mcp.finish_sign_in(ANNA, back["state"], back["code"], back["iss"])
    assert keeper.read(signed.id, ANNA.id) and not keeper.read(signed.id, BEN.id)


@pytest.mark.parametrize("wrong", ["issuer", "code", "refused"])
def test_a_wrong_answer_signs_nobody_in(signed: mcp.Server, identity: Identity, wrong: str) -> None:
    back = sent_back(mcp.begin_sign_in(ANNA, signed.id, BACK))
    code = "made-up" if wrong == "code" else back["code"]
    issuer = "http://other.example" if wrong == "issuer" else back["iss"]
    with pytest.raises(mcp.ServerAway, match="failed"):
        mcp.finish_sign_in(ANNA, back["state"], code, issuer, "access_denied" if wrong == "refused" else "")
    assert keeper.read(signed.id, ANNA.id) is None
    assert mcp.log(ANNA, signed.id)[0].kind == "sign-in"


def test_a_token_that_ends_is_renewed_before_it_is_used(signed: mcp.Server, identity: Identity) -> None:
    identity.lifetime = 1
    sign_in(ANNA, signed, identity)
    before = identity.refreshed
    assert call(ANNA, "signed_whoami").text == "anna"
    assert identity.refreshed > before


def test_a_token_that_is_refused_is_renewed_also_after_a_restart(signed: mcp.Server, identity: Identity) -> None:
    sign_in(ANNA, signed, identity)
    old = keeper.read(signed.id, ANNA.id)
    assert old
    identity.tokens.clear()
    mcp.close()
    assert call(ANNA, "signed_whoami").text == "anna" and identity.refreshed == 1
    new = keeper.read(signed.id, ANNA.id)
    assert new and new.bearer != old.bearer and new.tokens["refresh_token"] != old.tokens["refresh_token"]


def test_when_nothing_can_be_renewed_the_person_is_asked(signed: mcp.Server, identity: Identity) -> None:
    sign_in(ANNA, signed, identity)
    identity.tokens.clear()
    identity.refuses_refresh = True
    refused = call(ANNA, "signed_whoami")
    assert refused.error and "sign in" in refused.text
    again = call(ANNA, "signed_whoami")
    assert "You have to sign in at Signed first" in again.text
    assert mcp.card(ANNA, mcp.server(ANNA, signed.id)).status.state == "sign_in"
    identity.refuses_refresh = False
    sign_in(ANNA, signed, identity)
    assert call(ANNA, "signed_whoami").text == "anna"


def test_signing_out_revokes(signed: mcp.Server, identity: Identity) -> None:
    sign_in(ANNA, signed, identity)
    kept = keeper.read(signed.id, ANNA.id)
    assert kept
    mcp.sign_out(ANNA, signed.id)
    assert set(identity.revoked) == {kept.bearer, kept.tokens["refresh_token"]}
    assert keeper.read(signed.id, ANNA.id) is None and call(ANNA, "signed_whoami").error


def test_another_address_gets_nobodys_token(signed: mcp.Server, identity: Identity, web: Served) -> None:
    sign_in(ANNA, signed, identity)
    draft = mcp.Draft("Signed", "http", mcp.Access(url=web.url), everybody=True)
    mcp.change(ADMIN, signed.id, draft)
    assert keeper.read(signed.id, ANNA.id) is None


def test_a_wrong_key_is_said_and_not_tried_again() -> None:
    with keyed_server("right-key") as served:
        made = by_address(served.url, name="Keyed", listed=False, headers={"Authorization": "Bearer wrong-key-7"})
        with pytest.raises(mcp.ServerAway, match="refused the key that it was given"):
            mcp.test(ADMIN, made.id)
        assert mcp.card(ADMIN, mcp.server(ADMIN, made.id)).status.state == "failed"
        assert not any("wrong-key-7" in line.said for line in mcp.log(ADMIN, made.id))
        right = mcp.Access(url=served.url, headers={"Authorization": "Bearer right-key"})
        mcp.change(ADMIN, made.id, mcp.Draft("Keyed", "http", right))
        mcp.test(ADMIN, made.id)
        assert call(ADMIN, "keyed_add", a=1, b=1).text == "2"
