"""The JSON in a text: the whole of it, a fenced block, or a value between words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import orjson

_FENCE = re.compile(
    r"^[ \t]*(```+|~~~+)[ \t]*(?:json[c5]?|JSON)?[ \t]*\n(.*?)\n?^[ \t]*\1[ \t]*$", re.DOTALL | re.MULTILINE
)
_STARTS = re.compile(r"[{\[]")
_MOST_STARTS = 200
_DECODER = json.JSONDecoder(strict=False)
NOTHING = object()


def found(text: str, *, alone: bool = False) -> object:
    """The JSON of an answer, NOTHING when there is none: the whole text, else the last fenced block that is JSON, else
    the longest object or list between words. `alone` takes nothing but the first."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        pass
    if alone:
        return NOTHING
    for block in reversed(_FENCE.findall(text)):
        try:
            return orjson.loads(block[1])
        except orjson.JSONDecodeError:
            continue
    return max(within(text), key=lambda one: one[1], default=(NOTHING, 0))[0]


def within(text: str) -> Iterator[tuple[object, int]]:
    """The objects and lists that stand in a text, outermost ones only, each with its length in characters."""
    at, tried = 0, 0
    while (start := _STARTS.search(text, at)) is not None and tried < _MOST_STARTS:
        tried += 1
        try:
            value, end = _DECODER.raw_decode(text, start.start())
        except (ValueError, RecursionError):
            at = start.end()
            continue
        at = end
        yield value, end - start.start()
