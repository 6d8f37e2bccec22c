"""A name for each request, in every log line that it leads to and in the answer: X-Request-ID."""

from __future__ import annotations

import re
from uuid import uuid4

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub import tracing

HEADER = b"x-request-id"
TRACED = ("/api/", "/mcp")
_SANE = re.compile(rb"[A-Za-z0-9._-]{8,64}")


class Named:
    """The middleware. The name that a proxy gave is kept, where it is one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        given = next((value for name, value in scope["headers"] if name.lower() == HEADER), b"")
        name = given if _SANE.fullmatch(given) else uuid4().hex.encode()

        told: dict[str, tracing.Value] = {}

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                told["status"] = message["status"]
                kept = [pair for pair in message.get("headers", ()) if pair[0].lower() != HEADER]
                message = {**message, "headers": [*kept, (HEADER, name)]}
            await send(message)

        with structlog.contextvars.bound_contextvars(request=name.decode()):
            if scope["type"] == "websocket" or not scope["path"].startswith(TRACED):
                await self._app(scope, receive, named)
                return
            with tracing.span("request", method=scope["method"], path=scope["path"], request=name.decode()) as more:
                await self._app(scope, receive, named)
                more |= told
