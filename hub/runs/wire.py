"""The three written forms of events: packed for the log, one JSON object each, and server-sent events."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import orjson

from hub.runs.records import NOTHING, Event

_MERGED = ("text", "reasoning")


def pack(events: Iterable[Event]) -> bytes:
    """Events for the log, in order and without gaps; pieces of a text stay apart, so that any number can be resumed."""
    entries: list[list[Any]] = []
    for event in events:
        if event.type not in _MERGED:
            entries.append([event.target, event.type, event.text, dict(event.data)])
        elif entries and entries[-1][0] == event.target and entries[-1][1] == event.type:
            entries[-1][2].append(event.text)
        else:
            entries.append([event.target, event.type, [event.text]])
    return orjson.dumps(entries)


def unpack(first: int, packed: bytes) -> list[Event]:
    """The events in `packed`, the first of which has the number `first`."""
    events: list[Event] = []
    seq = first
    for target, type_, text, *data in orjson.loads(packed):
        for piece in [text] if isinstance(text, str) else text:
            events.append(Event(seq, target, type_, piece, data[0] if data else NOTHING))
            seq += 1
    return events


def merge(batch: Sequence[Event]) -> list[Event]:
    """`batch` with neighbouring pieces of text of one target joined under the last number."""
    if len(batch) < 2:
        return list(batch)
    out: list[Event] = []
    pieces: list[str] = []
    for event, following in zip(batch, chain(batch[1:], (None,)), strict=True):
        if event.type not in _MERGED:
            out.append(event)
            continue
        pieces.append(event.text)
        if following is None or following.type != event.type or following.target != event.target:
            out.append(Event(event.seq, event.target, event.type, "".join(pieces)))
            pieces.clear()
    return out


def sse(seq: int, message: dict[str, Any]) -> bytes:
    """One server-sent event whose id is `seq`."""
    return b"id: %d\ndata: %b\n\n" % (seq, orjson.dumps(message))
