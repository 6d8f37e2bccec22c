"""The last request of an answer, taken apart: messages, and in each what a room put into it.

Every request of an answer begins as the one before it, so that the last one tells what all of them were sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

import orjson

from hub.chat.records import BlockUse
from hub.models import estimate
from hub.runs.records import Call
from hub.traces import Piece, Sent

IN_WORDS = "<tool_call>"
"""How a call stands in the text of a model that has no calls of its own."""


def prompt(request: Mapping[str, Any] | None, blocks: Sequence[BlockUse] = ()) -> tuple[Sent, ...]:
    """The messages of a request as it was sent, the tools at their head; empty when it cannot be read."""
    tools = (request or {}).get("tools")
    messages = _messages(request)
    head = (Sent("tools", (_tools(cast("list[Any]", tools)),)),) if messages and isinstance(tools, list) else ()
    return head + tuple(Sent(str(one.get("role", "")), _pieces(_text(one), blocks)) for one in messages)


def lengths(request: Mapping[str, Any] | None, calls: Sequence[Call], last: int | None) -> dict[int, int]:
    """How many entries of `prompt(request)` each request was sent, by its number; `last` is the number of the one that
    is given. One whose end cannot be told is left out."""
    messages = _messages(request)
    if not messages or last is None:
        return {}
    head = int(isinstance((request or {}).get("tools"), list))
    rounds = sorted({call.round for call in calls if call.round < last})
    spoken = [at for at, one in enumerate(messages) if one.get("role") == "assistant" and IN_WORDS in _said(one)]
    in_words = dict(zip(reversed(rounds), reversed(spoken), strict=False))
    found = {last: len(messages) + head}
    for number in rounds:
        ids = {call.id for call in calls if call.round == number}
        at = next((at for at, one in enumerate(messages) if ids & _ids(one)), in_words.get(number))
        if at is not None:
            found[number] = at + head
    return found


def _messages(request: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    found: Any = (request or {}).get("messages")
    every = cast("list[Any]", found) if isinstance(found, list) else []
    return [cast("dict[str, Any]", one) for one in every if isinstance(one, dict)]


def _calls(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    found: Any = message.get("tool_calls")
    every = cast("list[Any]", found) if isinstance(found, list) else []
    return [cast("dict[str, Any]", one) for one in every if isinstance(one, dict)]


def _ids(message: Mapping[str, Any]) -> set[str]:
    return {str(one.get("id")) for one in _calls(message)}


def _said(message: Mapping[str, Any]) -> str:
    """The text of a message; pictures by a word."""
    content: Any = message.get("content")
    if not isinstance(content, list):
        return content if isinstance(content, str) else ""
    parts = [cast("dict[str, Any]", one) for one in cast("list[Any]", content) if isinstance(one, dict)]
    return "".join(str(one["text"]) if "text" in one else f"({one.get('type', 'part')})" for one in parts)


def _text(message: Mapping[str, Any]) -> str:
    functions: list[Any] = [one.get("function") or {} for one in _calls(message)]
    calls = [f"{one.get('name', '')} {one.get('arguments', '')}" for one in functions]
    return "\n".join(part for part in (_said(message), *calls) if part)


def _tools(tools: Sequence[Any]) -> Piece:
    title = f"{len(tools)} tools" if len(tools) != 1 else "1 tool"
    text = orjson.dumps(tools, option=orjson.OPT_INDENT_2).decode()
    return Piece(text, _tokens(orjson.dumps(tools).decode()), title)


def _pieces(text: str, blocks: Sequence[BlockUse]) -> tuple[Piece, ...]:
    """The text of a message, cut where blocks of rooms begin and end."""
    inside = [(text.find(one.text), one) for one in blocks if one.text and one.text in text]
    found: list[Piece] = []
    at = 0
    for begin, block in sorted(inside, key=lambda pair: pair[0]):
        if begin < at:
            continue
        if text[at:begin].strip():
            found.append(_piece(text[at:begin].strip()))
        found.append(Piece(block.text, block.tokens, block.title))
        at = begin + len(block.text)
    if text[at:].strip() or not found:
        found.append(_piece(text[at:].strip()))
    return tuple(found)


def _piece(text: str) -> Piece:
    return Piece(text, _tokens(text))


@lru_cache(maxsize=512)
def _tokens(text: str) -> int:
    return estimate.tokens(text)
