"""GET /api/events?run=a&run=b: the events of several runs in one stream, since a browser opens only a few at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from urllib.parse import parse_qs

import orjson
from starlette.types import Receive, Scope, Send

from hub.db.who import Who
from hub.errors import BadInput, HubError
from hub.web.events import Piece, allowed, drawn, follow, serve
from hub.web.replies import error_reply

MOST_RUNS = 48


class ManyEvents:
    """The endpoint. As with one run, and every event carries its "run". `from` stands once for each run, in the same
    order; what is left out is 1.

    The id of an event holds how far each run has come, in the order in which they were asked for, joined by dots: as a
    Last-Event-ID it goes on from there. A run that has ended ends only itself; the stream ends when all have.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        query = parse_qs(scope["query_string"].decode("latin-1"))
        wanted = list(dict.fromkeys(query.get("run", ())))
        try:
            if not 0 < len(wanted) <= MOST_RUNS:
                raise BadInput(f"Name 1 to {MOST_RUNS} runs, as ?run=…&run=….")
            who = await allowed(scope, wanted)
        except HubError as error:
            await error_reply(error)(scope, receive, send)
            return
        firsts = _firsts(scope, query, len(wanted))
        await serve(_together(who, wanted, firsts, drawn=drawn(query)), receive, send)


def _firsts(scope: Scope, query: Mapping[str, Sequence[str]], count: int) -> list[int]:
    last = dict(scope["headers"]).get(b"last-event-id", b"").split(b".")
    if len(last) == count and all(one.isdigit() for one in last):
        return [int(one) + 1 for one in last]
    asked = [int(one) if one.isdigit() else 1 for one in query.get("from", ())]
    return [max(first, 1) for first in [*asked, *[1] * count][:count]]


async def _together(who: Who, wanted: Sequence[str], firsts: Sequence[int], *, drawn: bool) -> AsyncIterator[bytes]:
    news: asyncio.Queue[tuple[int, Piece | BaseException | None]] = asyncio.Queue(len(wanted))
    sent = [first - 1 for first in firsts]

    async def one(index: int) -> None:
        try:
            async for piece in follow(who, wanted[index], firsts[index], drawn=drawn):
                await news.put((index, piece))
        except Exception as error:
            await news.put((index, error))
        else:
            await news.put((index, None))

    following = [asyncio.create_task(one(index)) for index in range(len(wanted))]
    left = len(wanted)
    try:
        while left:
            index, piece = await news.get()
            if piece is None:
                left -= 1
            elif isinstance(piece, BaseException):
                raise piece
            else:
                sent[index] = max(sent[index], *(seq or 0 for seq, _ in piece))
                yield _written(wanted[index], piece, sent)
    finally:
        for task in following:
            task.cancel()


def _written(run: str, piece: Piece, sent: Sequence[int]) -> bytes:
    """A piece as server-sent events, the last of them with the id."""
    out = [b"data: %b\n\n" % orjson.dumps({**wire, "run": run}) for _, wire in piece]
    out[-1] = b"id: %b\n%b" % (b".".join(b"%d" % one for one in sent), out[-1])
    return b"".join(out)
