"""The HTTP client for one server: it connects only to addresses that were checked, and notes how the server answers."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx2

from hub.errors import BadInput
from hub.net.address import checked_address

CONNECT_SECONDS = 10.0
SILENT_SECONDS = 300.0
"""A server may hold a stream open; calls have a time of their own."""
KEPT_SECONDS = 60.0
"""How long an address, and a connection that rests, are good for."""


class Refused:
    """The status with which the server refused the last message; 0 when it took it."""

    def __init__(self) -> None:
        self.status = 0

    async def note(self, response: httpx2.Response) -> None:
        """A hook for every answer."""
        if response.request.method == "POST":  # a stream that is not offered is no refusal
            self.status = response.status_code if response.status_code >= 400 else 0


class Checked(httpx2.AsyncBaseTransport):
    """Connects to the address that was checked, whatever the name leads to a moment later."""

    def __init__(self, *, private: bool) -> None:
        self._private = private
        limits = httpx2.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=KEPT_SECONDS)
        self._inner = httpx2.AsyncHTTPTransport(trust_env=False, limits=limits)
        self._known: dict[tuple[str, int], tuple[float, str]] = {}
        self.blocked: BadInput | None = None

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Sends `request` to a checked address; raises ConnectError for one that may not be reached."""
        host = request.url.host
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        try:
            address = await self._address(host, port)
        except BadInput as error:
            self.blocked = error
            raise httpx2.ConnectError(error.message, request=request) from error
        request.extensions = {**request.extensions, "sni_hostname": host}
        request.url = request.url.copy_with(host=address)
        return await self._inner.handle_async_request(request)

    async def _address(self, host: str, port: int) -> str:
        asked, address = self._known.get((host, port), (-KEPT_SECONDS, ""))
        if time.monotonic() - asked < KEPT_SECONDS:
            return address
        address = await asyncio.to_thread(checked_address, host, port, private=self._private)
        self._known[host, port] = (time.monotonic(), address)
        return address

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._inner.aclose()


def client(
    *,
    private: bool,
    headers: dict[str, str] | None = None,
    auth: httpx2.Auth | None = None,
    refused: Refused | None = None,
    transport: Checked | None = None,
) -> httpx2.AsyncClient:
    """A client that follows no redirects by itself and reads no proxies from the environment."""
    hooks: dict[str, list[Any]] = {"response": [refused.note]} if refused else {}
    return httpx2.AsyncClient(
        transport=transport or Checked(private=private),
        headers=headers,
        auth=auth,
        timeout=httpx2.Timeout(CONNECT_SECONDS, read=SILENT_SECONDS),
        event_hooks=hooks,
        trust_env=False,
        follow_redirects=False,
    )
