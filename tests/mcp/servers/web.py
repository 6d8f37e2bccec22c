"""The servers that are reached by address, on loopback, in a thread of the test."""

from __future__ import annotations

import socket
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import uvicorn
from mcp.server.auth.provider import AccessToken
from mcp.server.auth.settings import AuthSettings
from mcp.server.mcpserver import MCPServer
from starlette.responses import PlainTextResponse

from tests.fakes.identity import Identity
from tests.mcp.servers.offering import offering

App = Callable[[Any, Any, Any], Awaitable[None]]


class Served:
    """An ASGI app on a port of its own, until `stop`; `start` puts it there again."""

    def __init__(self, make: Callable[[str], App], path: str = "/mcp") -> None:
        self._make = make
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = int(probe.getsockname()[1])
        self.root = f"http://127.0.0.1:{self.port}"
        self.url = self.root + path

    def start(self) -> None:
        self._ready = threading.Event()
        config = uvicorn.Config(
            self._make(self.root), port=self.port, log_config=None, access_log=False, timeout_graceful_shutdown=0
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        while not self._server.started and self._thread.is_alive():
            self._ready.wait(0.01)
        assert self._server.started

    def _run(self) -> None:
        self._server.run()

    def stop(self) -> None:
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join(10)
        assert not self._thread.is_alive()

    def __enter__(self) -> Served:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._thread.is_alive():
            self.stop()


def open_server(name: str = "web", *, old: bool = False) -> Served:
    """Streamable HTTP without a key; `old` has server-sent events in its place."""
    if old:
        return Served(lambda _: offering(name).sse_app(), "/sse")
    return Served(lambda _: offering(name).streamable_http_app())


def keyed_server(key: str) -> Served:
    """Streamable HTTP that wants a key in a header."""

    def make(_: str) -> App:
        app = offering("keyed").streamable_http_app()

        async def guarded(scope: Any, receive: Any, send: Any) -> None:
            sent = dict(scope.get("headers", ())).get(b"authorization", b"").decode()
            if scope["type"] == "http" and sent != f"Bearer {key}":
                await PlainTextResponse("who are you?", 401)(scope, receive, send)
                return
            await app(scope, receive, send)

        return guarded

    return Served(make)


class _Verifier:
    def __init__(self, identity: Identity) -> None:
        self._identity = identity

    async def verify_token(self, token: str) -> AccessToken | None:
        person = self._identity.holder(token)
        return AccessToken(token=token, client_id="hub", scopes=["tools"], subject=person) if person else None


def signed_in_server(identity: Identity) -> Served:
    """Streamable HTTP behind OAuth: whoever has no token of `identity` is sent there."""

    def make(root: str) -> App:
        given = {
            "issuer_url": identity.root,
            "resource_server_url": f"{root}/mcp",
            "required_scopes": ["tools"],
            "validate_token_resource": False,
        }
        auth = AuthSettings.model_validate(given)  # as text: an address object would gain a slash
        server = MCPServer("signed", token_verifier=_Verifier(identity), auth=auth)

        @server.tool(structured_output=False)
        def whoami() -> str:
            """Who is signed in."""
            from mcp.server.auth.middleware.auth_context import get_access_token

            token = get_access_token()
            return token.subject or "nobody" if token else "nobody"

        return server.streamable_http_app()

    return Served(make)
