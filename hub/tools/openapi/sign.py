"""Signing a request in: a key, a name and password, or a token of OAuth 2.0, of the person who asks or of the hub as a
client (RFC 6749, 4.4)."""

from __future__ import annotations

import base64
import hashlib
import time
from threading import Lock

from hub import oauth
from hub.db.who import Who
from hub.oauth.grant import EARLY
from hub.tools.openapi.records import Access, Api
from hub.tools.openapi.request import Request
from hub.tools.openapi.sign_in import bearer


class _Tokens:
    """The tokens of this process, by what they were got with."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: dict[str, tuple[float, str]] = {}

    def get(self, access: Access, *, private: bool) -> str:
        """A token that lasts; raises SignInFailed."""
        given = "\0".join((access.token_url, access.user, access.secret, access.scope))
        key = hashlib.sha256(given.encode()).hexdigest()
        with self._lock:
            known = self._known.get(key)
        if known and known[0] > time.monotonic():
            return known[1]
        token, seconds = _token(access, private=private)
        with self._lock:
            self._known[key] = (time.monotonic() + seconds - EARLY, token)
        return token

    def drop(self) -> None:
        """Forgets all, as after an answer that refuses one."""
        with self._lock:
            self._known.clear()


tokens = _Tokens()


def sign(who: Who, api: Api, request: Request, access: Access, *, private: bool, refused: str = "") -> tuple[str, ...]:
    """Puts in what signs the request in; the texts that must not be shown to a model, a token last. `refused` is a
    token of the person that was not taken. Raises SignInFailed, NoAnswer."""
    if access.how == "header":
        request.headers[access.name] = access.secret
    elif access.how == "query":
        request.query.append((access.name, access.secret))
    elif access.how == "bearer":
        request.headers["Authorization"] = f"Bearer {access.secret}"
    elif access.how == "basic":
        packed = base64.b64encode(f"{access.user}:{access.secret}".encode()).decode()
        request.headers["Authorization"] = f"Basic {packed}"
        return access.secret, packed
    elif access.how == "client_credentials":
        token = tokens.get(access, private=private)
        request.headers["Authorization"] = f"Bearer {token}"
        return access.secret, token
    elif access.how == "authorization_code":
        token = bearer(who, api, private=private, refused=refused)
        request.headers["Authorization"] = f"Bearer {token}"
        return access.secret, token
    return (access.secret,) if access.secret else ()


def _token(access: Access, *, private: bool) -> tuple[str, float]:
    client = {"client_id": access.user, "client_secret": access.secret}
    form = {"grant_type": "client_credentials", **({"scope": access.scope} if access.scope else {})}
    given = oauth.taken(oauth.posted(client, access.token_url, form, private=private), access.token_url)
    seconds = given.get("expires_in", 300)
    return given["access_token"], float(seconds) if isinstance(seconds, int | float) else 300.0
