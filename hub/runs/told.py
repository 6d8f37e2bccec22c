"""An answer with tool calls as the messages that the model must see to go on from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from hub.db.mongo import Document
from hub.models import estimate
from hub.models.types import ChatMessage, TextPart, ToolUse

LOST = "It is not known whether this ran: the hub stopped meanwhile. Look before you do it again."


def tail(answer: Document, *, pending: frozenset[str] = frozenset()) -> list[ChatMessage]:
    """What the answer has said and called so far, oldest first, each call with its result but for those in `pending`,
    which are made next. Text after the last call stands alone, to be gone on from."""
    text: str = answer["text"]
    calls: list[Document] = answer.get("tool_calls", [])
    results = {one["call"]: one for one in answer.get("tool_results", ())}
    messages: list[ChatMessage] = []
    begin = 0
    for _, group in groupby(calls, key=lambda call: call.get("round", 0)):
        made = list(group)
        end = made[-1].get("at", 0)
        messages.append(ChatMessage("assistant", _parts(text[begin:end]), tuple(_use(call) for call in made)))
        messages += [_result(call, results) for call in made if call["id"] not in pending]
        begin = max(begin, end)
    if text[begin:].strip():
        messages.append(ChatMessage("assistant", (TextPart(text[begin:].lstrip() if calls else text[begin:]),)))
    return messages


def tokens(messages: Sequence[ChatMessage]) -> int:
    """About how many tokens they take."""
    calls = [call for one in messages for call in one.tool_calls]
    return sum(estimate.tokens(one.text) for one in messages) + sum(estimate.tokens(call.arguments) for call in calls)


def _parts(text: str) -> tuple[TextPart, ...]:
    return (TextPart(text.strip()),) if text.strip() else ()


def _use(call: Mapping[str, Any]) -> ToolUse:
    return ToolUse(call["id"], call["name"], call.get("arguments", ""))


def _result(call: Mapping[str, Any], results: Mapping[str, Document]) -> ChatMessage:
    found = results.get(call["id"])
    return ChatMessage("tool", (TextPart(found["text"] if found else LOST),), tool_call_id=call["id"])
