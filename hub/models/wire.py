"""The network under httpx, on plain asyncio transports: a chunk costs about half the CPU of httpx's own way, which
goes through anyio with a deadline for every read. Time limits of a stream are kept by `Watch`, one timer for all."""

# ruff: noqa: ASYNC109 - httpcore's interface passes time limits as arguments
from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import httpcore
import httpx

_HIGH_WATER = 1 << 20
"""Bytes that may wait to be read before the other side is made to wait."""
_LOOK = 1.0
"""Seconds between two looks of a Watch, so that much later than its limit it may notice a silence."""


@cache
def trusted() -> ssl.SSLContext:
    """The usual check of certificates; reading the list of authorities takes some 20 ms, so it is read once."""
    return httpx.create_ssl_context()


class LeanTransport(httpx.AsyncHTTPTransport):
    """httpx's transport with our network under it. `verify` replaces the usual check of certificates."""

    def __init__(self, verify: ssl.SSLContext | None = None) -> None:
        context = verify or trusted()
        super().__init__(verify=context)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            max_connections=None,
            max_keepalive_connections=64,
            keepalive_expiry=60,
            network_backend=_Backend(),
        )


class Watch:
    """Breaks off a response that has been silent too long; then reading it ends or fails, and `fired` is True.

    `limit` tells how many seconds of silence are allowed now; `heard` is called when something came.
    """

    def __init__(self, response: httpx.Response, limit: Callable[[], float]) -> None:
        self.fired = False
        self._response = response
        self._limit = limit
        self._loop = asyncio.get_running_loop()
        self._heard = self._loop.time()
        self._timer = self._loop.call_soon(self._look)

    def heard(self) -> None:
        """The silence begins anew."""
        self._heard = self._loop.time()

    def stop(self) -> None:
        """Watches no more."""
        self._timer.cancel()

    def _look(self) -> None:
        left = self._heard + self._limit() - self._loop.time()
        if left > 0:
            self._timer = self._loop.call_later(min(left, _LOOK), self._look)
            return
        self.fired = True
        stream = self._response.extensions["network_stream"]
        connection = stream.get_extra_info("socket")
        # A shutdown wakes the reader wherever it waits, also below TLS; closing is left to the owner of the response.
        if connection is not None and connection.fileno() >= 0:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:  # the other side was quicker: the reader wakes all the same
                pass


class _Stream(asyncio.Protocol, httpcore.AsyncNetworkStream):
    """One connection."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._data = bytearray()
        self._reader: asyncio.Future[None] | None = None
        self._writer: asyncio.Future[None] | None = None
        self._ended = False
        self._error: Exception | None = None
        self._held = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._data += data
        if len(self._data) > _HIGH_WATER and not self._held:
            self._held = True
            self._transport.pause_reading()
        _wake(self._reader)

    def eof_received(self) -> None:
        self._ended = True
        _wake(self._reader)

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended = True
        self._error = exc
        _wake(self._reader)
        _wake(self._writer)

    def pause_writing(self) -> None:
        self._writer = self._loop.create_future()

    def resume_writing(self) -> None:
        _wake(self._writer)
        self._writer = None

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if not self._data and not self._ended:
            self._reader = self._loop.create_future()
            try:
                if timeout is None:
                    await self._reader
                else:
                    async with asyncio.timeout(timeout):
                        await self._reader
            except TimeoutError:
                raise httpcore.ReadTimeout from None
            finally:
                self._reader = None
        if self._data:
            return self._take(max_bytes)
        if self._error is not None:
            raise httpcore.ReadError(str(self._error)) from self._error
        return b""

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if self._ended:
            raise httpcore.WriteError("the connection is closed")
        self._transport.write(buffer)
        if self._writer is not None:
            try:
                async with asyncio.timeout(timeout):
                    await asyncio.shield(self._writer)
            except TimeoutError:
                raise httpcore.WriteTimeout from None
            if self._ended:
                raise httpcore.WriteError("the connection broke")

    async def aclose(self) -> None:
        self._transport.abort()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        try:
            made = await self._loop.start_tls(
                self._transport,
                self,
                ssl_context,
                server_hostname=server_hostname or "",
                ssl_handshake_timeout=timeout,
            )
        except (OSError, ssl.SSLError) as error:
            self._transport.abort()
            raise httpcore.ConnectError(f"no secure connection: {error}") from error
        if made is None:
            raise httpcore.ConnectError("the connection broke while it was being secured")
        self._transport = made
        return self

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":  # asked of an idle connection: anything there means that it is of no use any more
            return self._ended or bool(self._data)
        names = {"client_addr": "sockname", "server_addr": "peername"}
        return self._transport.get_extra_info(names.get(info, info))

    def _take(self, most: int) -> bytes:
        if len(self._data) <= most:
            data = bytes(self._data)
            self._data.clear()
        else:
            data = bytes(self._data[:most])
            del self._data[:most]
        if self._held and len(self._data) < _HIGH_WATER // 2:
            self._held = False
            self._transport.resume_reading()
        return data


class _Backend(httpcore.AsyncNetworkBackend):
    """Opens connections."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeout):
                _, stream = await loop.create_connection(_Stream, host, port, happy_eyeballs_delay=0.25)
        except TimeoutError:
            raise httpcore.ConnectTimeout from None
        except socket.gaierror as error:
            raise httpcore.ConnectError("there is no such host name") from error
        except OSError as error:
            raise httpcore.ConnectError(reason(error)) from error
        return stream

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def reason(error: OSError) -> str:
    """Why no connection was made, in words."""
    if isinstance(error, ConnectionRefusedError) or "refused" in str(error) or "Connect call failed" in str(error):
        return "nothing answers there"
    return error.strerror or str(error)


def _wake(future: asyncio.Future[None] | None) -> None:
    if future is not None and not future.done():
        future.set_result(None)
