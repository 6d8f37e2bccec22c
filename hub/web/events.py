"""GET /api/runs/{id}/events: the event stream of a run as server-sent events, written as raw ASGI to be cheap."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

import orjson
from starlette.types import Receive, Scope, Send

from hub import runs
from hub.db.who import Who
from hub.errors import HubError
from hub.runs.log import GAP
from hub.runs.wire import merge, sse
from hub.web.blocks import GAP as BLOCK_GAP
from hub.web.blocks import blocks_of
from hub.web.replies import error_reply, who_asks
from hub.web.threads import look_up

KEEPALIVE_SECONDS = 15.0
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]
_open: set[asyncio.Task[None]] = set()

Piece = list[tuple[int | None, dict[str, Any]]]
"""Events that go together, each with its number; blocks have none."""


class Events:
    """The endpoint. `from=n` begins with event n, a Last-Event-ID of k with k+1; `render=1` adds drawn blocks.

    Data is {"seq", "target", "type", ...}; neighbouring pieces of text come joined, with the id of the last one.
    With `render`, {"type": "block", "target", "index", "html", "tail"} come beside; they have no id. A stream that
    begins late gets every block as it is now.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        run = scope["path_params"]["run"]
        try:
            who = await allowed(scope, [run])
        except HubError as error:
            await error_reply(error)(scope, receive, send)
            return
        query = parse_qs(scope["query_string"].decode("latin-1"))
        await serve(_written(follow(who, run, _first(scope, query), drawn=drawn(query))), receive, send)


async def allowed(scope: Scope, wanted: Sequence[str]) -> Who:
    """The person who asks, to whom each of these runs belongs; raises SignedOut and NotFound."""
    who = who_asks(scope)
    for run in wanted:
        if not runs.here(who, run):
            await look_up(runs.get, who, run)
    return who


def drawn(query: Mapping[str, Sequence[str]]) -> bool:
    """Whether blocks are asked for."""
    return query.get("render", ["0"])[-1] == "1"


async def serve(pieces: AsyncIterator[bytes], receive: Receive, send: Send) -> None:
    """Answers with `pieces` until they end, the other side leaves, or the process stops."""
    writing = asyncio.create_task(_Stream(send).write(pieces))
    leaving = asyncio.create_task(_left(receive))
    _open.add(writing)
    try:
        await asyncio.wait({writing, leaving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        _open.discard(writing)
        leaving.cancel()
        writing.cancel()
        await asyncio.wait({writing, leaving})


async def close_all(seconds: float = 2.0) -> None:
    """Ends every stream of this process when it stops; for some seconds they may still send what has come."""
    writing = list(_open)
    if writing:
        await asyncio.wait(writing, timeout=seconds)
    for task in writing:
        task.cancel()


def _first(scope: Scope, query: dict[str, list[str]]) -> int:
    headers = dict(scope["headers"])
    last = headers.get(b"last-event-id", b"")
    if last.isdigit():
        return int(last) + 1
    asked = query.get("from", ["1"])[-1]
    return int(asked) if asked.isdigit() else 1


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue


def follow(who: Who, run: str, first: int, *, drawn: bool) -> AsyncIterator[Piece]:
    """The events of a run from number `first`, in their written form; `drawn` with its blocks."""
    return _drawn(who, run, first) if drawn else _raw(who, run, first)


async def _written(pieces: AsyncIterator[Piece]) -> AsyncIterator[bytes]:
    async for piece in pieces:
        yield b"".join(b"data: %b\n\n" % orjson.dumps(wire) if seq is None else sse(seq, wire) for seq, wire in piece)


async def _raw(who: Who, run: str, first: int) -> AsyncIterator[Piece]:
    async for batch in runs.watch(who, run, first, GAP):
        yield [(event.seq, event.wire()) for event in merge(batch)]


async def _drawn(who: Who, run: str, first: int) -> AsyncIterator[Piece]:
    blocks = blocks_of(run)
    version = 0
    async for batch in runs.watch(who, run, 1, BLOCK_GAP):
        blocks.take(batch)
        version, changed = blocks.since(version)
        new = [event for event in batch if event.seq >= first or event.type == "end"]
        # Blocks go first: a page stops listening at the end event.
        out: Piece = [(None, wire) for wire in changed]
        out += [(event.seq, event.wire()) for event in merge(new)]
        if out:
            yield out


class _Stream:
    """Sends pieces as they come, and a comment when nothing came for a while."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._loop = asyncio.get_running_loop()
        self._sent = self._loop.time()

    async def write(self, pieces: AsyncIterator[bytes]) -> None:
        await self._send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        await self._body(b": run\n\n")
        idle = asyncio.create_task(self._keep_alive())
        try:
            async for piece in pieces:
                await self._body(piece)
        finally:
            idle.cancel()
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(max(self._sent + KEEPALIVE_SECONDS - self._loop.time(), 0.05))
            if self._loop.time() - self._sent >= KEEPALIVE_SECONDS:
                await self._body(b": still here\n\n")

    async def _body(self, data: bytes) -> None:
        self._sent = self._loop.time()
        await self._send({"type": "http.response.body", "body": data, "more_body": True})
