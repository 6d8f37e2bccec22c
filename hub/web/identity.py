"""Raw ASGI middleware in front of everything: checks where a request comes from, finds out who asks.

The person goes to our own routes as `scope["hub.who"]`, and to Streamlit in headers that clients cannot set, since
theirs are taken off first. It is raw ASGI because Starlette's own base class never sees websockets.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub import people
from hub.db.who import OWNER, Who
from hub.errors import HubError, StoreDown
from hub.settings import settings
from hub.web import forms
from hub.web.gate import host_allowed, origin_allowed
from hub.web.replies import STATUSES, WHO, Forbidden, SignedOut, error_reply, json_reply
from hub.web.threads import look_up

COOKIE = "hub_session"
NOBODY_PATHS = frozenset({"/healthz", "/readyz", "/metrics", "/_stcore/health"})
"""For machines: nobody is looked up, so they answer with every store away."""
OPEN_PATHS = frozenset({"/login", "/setup", "/logout"}) | NOBODY_PATHS
KEY_PATH = "/mcp"
"""Where programs come in, with a person's API key and nothing else: no cookie counts there."""
HOOK_PATHS = "/api/hooks/"
"""What begins so is signed by itself: nobody is looked up, no cookie counts there, and any site may send it."""
_PREFIX = b"x-hub-"
_GITHUB = b"x-hub-signature-256"
"""A name of GitHub's that begins as ours do."""
_FRESH = 5.0
_STALE = 300.0
_MOST = 2000


class KnownPeople:
    """Who holds which token, remembered for a few seconds; for some minutes when the store does not answer."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, Who | None]] = {}
        self._any: tuple[float, bool] = (-_STALE, False)

    async def needed(self) -> bool:
        """Whether people sign in here."""
        if settings().sign_in_required:
            return True
        asked, found = self._any
        if not found and time.monotonic() - asked > _FRESH:
            try:
                found = await look_up(people.any_person)
            except StoreDown:
                if asked < 0:  # it was never known: an open door would be worse than a closed one
                    raise
            self._any = (time.monotonic(), found)
        return found

    async def holder(self, token: str, address: str) -> Who | None:
        """Who holds `token`."""
        known = self._known.get(token)
        age = time.monotonic() - known[0] if known else _STALE
        if known and age < _FRESH:
            return known[1]
        try:
            who = await look_up(people.who_has, token, address=address)
        except StoreDown:
            if known and age < _STALE:
                return known[1]
            raise
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[token] = (time.monotonic(), who)
        return who

    def forget(self, token: str) -> None:
        """The session has ended."""
        self._known.pop(token, None)

    def forget_person(self, id_: str) -> None:
        """Every session of a person has ended."""
        for token, (_, who) in list(self._known.items()):
            if who is not None and who.id == id_:
                self._known.pop(token, None)

    def someone(self) -> None:
        """The first account was made."""
        self._any = (time.monotonic(), True)


known_people = KnownPeople()
"""What this process remembers."""


class Identity:
    """The middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers: dict[bytes, bytes] = dict(scope["headers"])
        try:
            _check_place(scope, headers)
            who = await _who(scope, headers)
            closed = who is None and scope["path"] not in OPEN_PATHS and not _signed_itself(scope)
            refused = await _sign_in_first(scope, headers) if closed else None
        except HubError as error:
            who, refused = None, _told(scope, headers, error)
        if refused is not None:
            await _refuse(scope, receive, send, refused)
            return
        if scope["type"] == "websocket":
            receive = _while_signed_in(scope, headers, receive, send)
        await self._app(_with_identity(scope, who), receive, send)


def _check_place(scope: Scope, headers: Mapping[bytes, bytes]) -> None:
    host = headers.get(b"host", b"").decode("latin-1")
    if not host_allowed(host):
        raise Forbidden(
            f"This hub does not go by the name {host[:100] or '(none)'}.",
            hint="Name it in HUB_ALLOWED_HOSTS or HUB_PUBLIC_URL.",
        )
    method = "WEBSOCKET" if scope["type"] == "websocket" else scope["method"]
    if not _signed_itself(scope) and not origin_allowed(method, headers, scope["path"]):
        raise Forbidden("The request comes from another site.", hint="Use the hub's own pages.")


async def _who(scope: Scope, headers: Mapping[bytes, bytes]) -> Who | None:
    if scope["path"] in NOBODY_PATHS or _signed_itself(scope):
        return None
    if scope["path"] == KEY_PATH:
        return await look_up(people.api_key_holder, bearer(headers))
    if not await known_people.needed():
        return OWNER
    token = session_token(headers)
    return await known_people.holder(token, client_address(scope)) if token else None


def _signed_itself(scope: Scope) -> bool:
    return scope["type"] == "http" and scope["path"].startswith(HOOK_PATHS)


def bearer(headers: Mapping[bytes, bytes]) -> str:
    """The API key that a program sends, or ""."""
    kind, _, key = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    return key.strip() if kind.lower() == "bearer" else ""


def session_token(headers: Mapping[bytes, bytes]) -> str:
    """The token in the session cookie, or ""."""
    try:
        cookies = SimpleCookie(headers.get(b"cookie", b"").decode("latin-1"))
    except CookieError:
        return ""
    return cookies[COOKIE].value if COOKIE in cookies else ""


def client_address(scope: Scope) -> str:
    """The address at the other end of the connection; behind a proxy it is the proxy's unless the server trusts it."""
    client = scope.get("client")
    return str(client[0]) if client else ""


def _with_identity(scope: Scope, who: Who | None) -> Scope:
    kept = [(name, value) for name, value in scope["headers"] if not _ours(name.lower())]
    if who is not None:
        for name, value in ((b"id", who.id), (b"name", who.name), (b"role", who.role)):
            kept.append((b"x-hub-user-" + name, quote(value, safe="").encode("ascii")))
    return {**scope, "headers": kept, WHO: who}


def _ours(name: bytes) -> bool:
    return name.startswith(_PREFIX) and name != _GITHUB


def _while_signed_in(scope: Scope, headers: Mapping[bytes, bytes], receive: Receive, send: Send) -> Receive:
    """`receive` for a websocket that ends with its session: a page that was open before must not go on."""
    token, address = session_token(headers), client_address(scope)

    async def checked() -> Message:
        message = await receive()
        if message["type"] != "websocket.receive":
            return message
        try:
            ended = await known_people.needed() and not (token and await known_people.holder(token, address))
        except StoreDown:
            return message  # nobody can tell; the page says that the store is away
        if not ended:
            return message
        await send({"type": "websocket.close", "code": 1008})
        return {"type": "websocket.disconnect", "code": 1008}

    return checked


def _wants_page(scope: Scope, headers: Mapping[bytes, bytes]) -> bool:
    reads = scope["type"] == "http" and scope["method"] == "GET" and not scope["path"].startswith("/api/")
    return reads and b"text/html" in headers.get(b"accept", b"")


def _told(scope: Scope, headers: Mapping[bytes, bytes], error: HubError) -> Response:
    if not _wants_page(scope, headers):
        return error_reply(error)
    return forms.problem(error, STATUSES.get(error.kind, 400))


async def _sign_in_first(scope: Scope, headers: Mapping[bytes, bytes]) -> Response:
    if scope["path"].endswith("/_stcore/host-config"):  # an open page shows this text as it is
        return json_reply("You are signed out. Load this page again to sign in.", 401)
    if scope["path"] == KEY_PATH:
        refused = error_reply(
            SignedOut("The API key is missing or not good.", hint="Make one under Settings, Account.")
        )
        refused.headers["www-authenticate"] = "Bearer"
        return refused
    if not _wants_page(scope, headers):
        return error_reply(SignedOut("You are signed out.", hint="Sign in again."))
    if not await look_up(people.any_person):
        return RedirectResponse("/setup", 303)
    query = scope["query_string"].decode("latin-1")
    target = scope["path"] + (f"?{query}" if query else "")
    return RedirectResponse(f"/login?next={quote(target, safe='')}", 303)


async def _refuse(scope: Scope, receive: Receive, send: Send, response: Response) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    await response(scope, receive, send)
