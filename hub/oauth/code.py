"""The way to an identity provider and back: authorization code with PKCE (RFC 6749 4.1, RFC 7636).

What has to be known when the person is back travels with them, encrypted, as the state: any web process can take them
in, and only the person who left can come back with it.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import orjson

from hub.db.secrets import SecretUnreadable, decrypt, encrypt
from hub.db.who import Who
from hub.errors import BadInput
from hub.oauth.grant import Kept, expiry, posted, taken

WAITS_SECONDS = 600.0
_PURPOSE = "sign-in"


@dataclass(frozen=True, slots=True, repr=False)
class Back:
    """Who is back from where: `about` is what they sign in to."""

    about: str
    verifier: str
    redirect: str


def begin(who: Who, about: str, *, client_id: str, url: str, redirect: str, scope: str = "") -> str:
    """The address at the provider's `url` where a person signs in; from there they come back to `redirect`."""
    verifier = secrets.token_urlsafe(48)
    known = {"for": _PURPOSE, "who": who.id, "about": about, "verifier": verifier, "redirect": redirect}
    digest = hashlib.sha256(verifier.encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect,
        "state": encrypt(orjson.dumps({**known, "at": time.time()}).decode()),
        "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
        **({"scope": scope} if scope else {}),
    }
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query=urlencode([*parse_qsl(parts.query), *asked.items()]), fragment=""))


def came_back(who: Who, state: str) -> Back:
    """What a person who is back had left for; raises BadInput for a way back that they did not start."""
    try:
        known: dict[str, Any] = orjson.loads(decrypt(state)) if state else {}
    except (SecretUnreadable, orjson.JSONDecodeError):
        known = {}
    late = time.time() - known.get("at", 0.0) > WAITS_SECONDS
    if known.get("for") != _PURPOSE or known.get("who") != who.id or late:
        raise BadInput("This sign-in was not started here, or it took too long.", hint="Start it once more.")
    return Back(known["about"], known["verifier"], known["redirect"])


def exchanged(client: dict[str, Any], token_url: str, code: str, back: Back, *, private: bool) -> Kept:
    """What a code gives. Raises SignInFailed, BadInput, NoAnswer."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back.redirect,
        "code_verifier": back.verifier,
    }
    tokens = taken(posted(client, token_url, form, private=private), token_url)
    return Kept(tokens, client, expiry(tokens.get("expires_in")), token_url)
