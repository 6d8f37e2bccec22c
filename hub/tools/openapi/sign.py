"""Signing a request in: a key, a name and password, or a token of OAuth 2.0 client credentials (RFC 6749, 4.4)."""

from __future__ import annotations

import base64
import hashlib
import time
from threading import Lock
from urllib.parse import quote, urlencode

from hub.errors import HubError
from hub.net.ask import ask
from hub.tools.openapi.records import Access
from hub.tools.openapi.request import Request

EARLY = 30.0
"""Seconds before its end from which a token counts as over."""


class SignInFailed(HubError):
    """An interface gave no token."""

    kind = "sign_in_failed"


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


def sign(request: Request, access: Access, *, private: bool) -> tuple[str, ...]:
    """Puts in what signs the request in; the texts that must not be shown to a model. Raises SignInFailed."""
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
    return (access.secret,) if access.secret else ()


def _token(access: Access, *, private: bool) -> tuple[str, float]:
    form = {"grant_type": "client_credentials", **({"scope": access.scope} if access.scope else {})}
    pair = base64.b64encode(f"{quote(access.user, safe='')}:{quote(access.secret, safe='')}".encode()).decode()
    headers = {"Authorization": f"Basic {pair}", "Content-Type": "application/x-www-form-urlencoded"}
    answer = ask("POST", access.token_url, headers=headers, content=urlencode(form).encode(), private=private)
    if answer.status != 200:
        hint = "Enter client id and secret again under Tools."
        raise SignInFailed(f"{access.token_url} gave no token: it answered {answer.status}.", hint=hint)
    found = answer.json()
    token = found.get("access_token") if isinstance(found, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    if not isinstance(token, str) or not token:
        raise SignInFailed(f"{access.token_url} gave no token.", hint="Ask who runs it.")
    seconds: object = found.get("expires_in", 300)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return token, float(seconds) if isinstance(seconds, int | float) else 300.0
