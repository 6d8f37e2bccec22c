"""Light, dark, or as the system is: what a person has chosen is part of the page before its first pixel.

Streamlit keeps a theme for each path in the browser and has no way to set it from outside. Left to itself it follows
the system, so a few lines at the top of its page answer for the system (`look.js`), and the same attribute,
`data-look`, rules the pages before the sign-in. A cookie remembers the choice for those who are not signed in yet.
"""

from __future__ import annotations

import asyncio
import tomllib
from http.cookies import CookieError, SimpleCookie
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.chat import preferences
from hub.db.who import Who
from hub.errors import StoreDown
from hub.web.replies import WHO
from hub.web.threads import look_up

COOKIE = "hub_look"
LOOKS = ("system", "light", "dark")
_YEAR = 365 * 24 * 3600
_PATIENCE = 0.5
"""Seconds; a page does not wait for a store that is away to know its colour."""
_HERE = Path(__file__).parent
_CONDITIONS = (b"if-none-match", b"if-modified-since", b"accept-encoding")
"""Headers that ask for the page as it was, or packed: it is another page for each person, and has to be read here."""


def _page(mode: str) -> str:
    """The colour of the empty page in light or dark, as the theme has it."""
    config = tomllib.loads((_HERE.parents[1] / ".streamlit" / "config.toml").read_text())
    return str(config["theme"][mode]["backgroundColor"])


_LIGHT, _DARK = (f"{{ color-scheme: {mode}; background: {_page(mode)}; }}" for mode in ("light", "dark"))
_HEAD = (
    f"<style>html {_LIGHT} html[data-look=dark] {_DARK} "
    f"@media (prefers-color-scheme: dark) {{ html[data-look=system] {_DARK} }}</style>"
    f"<script>{(_HERE / 'look.js').read_text()}</script>"
)


class Look:
    """The middleware; it stands behind the one that finds out who asks."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _wants_page(scope):
            await self._app(scope, receive, send)
            return
        known = _cookie(scope)
        look = await _look(scope.get(WHO), known)
        bare = [(name, value) for name, value in scope["headers"] if name.lower() not in _CONDITIONS]
        await self._app({**scope, "headers": bare}, receive, _Dressed(send, look, look != known).send)


class _Dressed:
    """Holds a page back until it is whole, then sends it on in its look; anything else passes as it comes."""

    def __init__(self, send: Send, look: str, tell: bool) -> None:
        self._send = send
        self._look = look
        self._tell = tell
        self._start: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            kind = Headers(raw=message["headers"]).get("content-type", "")
            if kind.startswith("text/html"):
                self._start = message
                return
        elif self._start is not None:
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._dress(self._start)
            return
        await self._send(message)

    async def _dress(self, start: Message) -> None:
        headers = MutableHeaders(raw=list(start["headers"]))
        own = "content-security-policy" in headers  # our own forms bring their styles and run no script
        page = self._body.replace(b"<html ", f'<html data-look="{self._look}" '.encode(), 1)
        page = page if own else page.replace(b"<head>", f"<head>{_HEAD}".encode(), 1)
        headers["content-length"] = str(len(page))
        for name in ("etag", "last-modified"):
            del headers[name]
        if self._tell:
            headers.append("set-cookie", f"{COOKIE}={self._look}; Path=/; Max-Age={_YEAR}; SameSite=Lax; HttpOnly")
        await self._send({**start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": page})


async def _look(who: Who | None, known: str) -> str:
    """What the person has chosen; what this browser showed last where nobody is signed in or the store is away."""
    if who is None:
        return known or LOOKS[0]
    try:
        return (await asyncio.wait_for(look_up(preferences.get, who), _PATIENCE)).appearance
    except (StoreDown, TimeoutError):
        return known or LOOKS[0]


def _cookie(scope: Scope) -> str:
    try:
        cookies = SimpleCookie(Headers(scope=scope).get("cookie", ""))
    except CookieError:
        return ""
    look = cookies[COOKIE].value if COOKIE in cookies else ""
    return look if look in LOOKS else ""


def _wants_page(scope: Scope) -> bool:
    reads = scope["type"] == "http" and scope["method"] in ("GET", "POST") and not scope["path"].startswith("/api/")
    return reads and "text/html" in Headers(scope=scope).get("accept", "")
