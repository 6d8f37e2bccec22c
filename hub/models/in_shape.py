"""Answers that must fit a JSON schema, from every model: it is told in words, and held to it where its provider can.

Text waits until it is known whether it is the answer or stands before a call of a tool. What does not fit is asked for
again, twice at most; when it never fits it is kept all the same, and said.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import aclosing
from dataclasses import replace
from typing import Any, cast

import orjson

from hub.models.deltas import answer_of
from hub.models.shape import Unchecked, misfit
from hub.models.types import (
    Answer,
    ChatMessage,
    ChatModel,
    ChatRequest,
    Done,
    ModelEvent,
    Notice,
    Text,
    TextPart,
    ToolCall,
    Usage,
)

TRIES = 3
TOLD = (
    "Answer with one JSON value that fits this JSON schema, and nothing before or after it. When you call tools, only "
    "the answer after the last of them has to fit.\n{schema}"
)
AGAIN = "That does not fit the schema: {wrong}\nAnswer again with the whole JSON value, and nothing else."
_FENCED = re.compile(r"```(?:json)?\s*\n(.*?)\n?\s*```", re.DOTALL)
Begin = Callable[[ChatRequest], AsyncIterator[ModelEvent]]


class InShape:
    """A model whose answers fit `request.schema`."""

    def __init__(self, model: ChatModel) -> None:
        self.name = model.name
        self._model = model

    def payload(self, request: ChatRequest, *, stream: bool) -> dict[str, Any]:
        """As it is really sent."""
        return self._model.payload(told(request), stream=stream)

    async def complete(self, request: ChatRequest) -> Answer:
        """The whole answer."""
        return answer_of([event async for event in self.stream(request)])

    async def ask_once(self, request: ChatRequest) -> Answer:
        """The whole answer, each try in one attempt."""
        return answer_of([event async for event in self.stream_once(request)])

    def stream(self, request: ChatRequest) -> AsyncGenerator[ModelEvent]:
        """Typed events; the text of an answer comes at once."""
        return _events(self._model.stream, request)

    def stream_once(self, request: ChatRequest) -> AsyncGenerator[ModelEvent]:
        """As `stream`, each try in one attempt."""
        return _events(self._model.stream_once, request)


def told(request: ChatRequest) -> ChatRequest:
    """`request` with the schema in words; and in the provider's own way, where it has one and no tool is offered."""
    schema: Mapping[str, Any] = request.schema or {}
    text = TOLD.format(schema=orjson.dumps(schema).decode())
    first = request.messages[0] if request.messages else None
    if first is not None and first.role == "system":
        head = replace(first, parts=(*first.parts, TextPart(f"\n\n{text}")))
        messages = (head, *request.messages[1:])
    else:
        messages = (ChatMessage("system", (TextPart(text),)), *request.messages)
    held = request.takes_json and not request.tools and schema.get("type") == "object"
    params = replace(request.params, json_mode=True) if held else request.params
    return replace(request, messages=messages, params=params, schema=schema if held else None)


def fitting(text: str, schema: Mapping[str, Any]) -> tuple[str, str]:
    """The JSON in an answer, without what a model puts around it, and what does not fit; empty when all does."""
    candidates = [text.strip(), *(found.strip() for found in _FENCED.findall(text))]
    for one in candidates:
        try:
            value = orjson.loads(one)
        except orjson.JSONDecodeError:
            continue
        try:
            return one, misfit(value, orjson.dumps(schema))
        except Unchecked:
            return one, "the schema itself cannot be checked"
    return text, "it is no JSON"


async def _events(begin: Begin, request: ChatRequest) -> AsyncGenerator[ModelEvent]:
    asked, goes_on = told(request), bool(request.messages) and request.messages[-1].role == "assistant"
    spent: Usage | None = None
    done, wrong = Done(), ""
    for number in range(1, TRIES + 1):
        text, called = "", goes_on  # text that goes on from earlier text is no value by itself
        now: Usage | None = None
        # The protocol says AsyncIterator; what comes is a generator, and closing it closes the connection.
        async with aclosing(cast("AsyncGenerator[ModelEvent]", begin(asked))) as stream:
            async for event in stream:
                if isinstance(event, Text) and not called:
                    text += event.text
                elif isinstance(event, Done):
                    done = event
                elif isinstance(event, Usage):
                    now = event
                    yield event if spent is None else spent + event
                else:
                    if isinstance(event, ToolCall) and not called:
                        called = True
                        yield Text(text)
                    yield event
        if called:
            break
        value, wrong = fitting(text, request.schema or {})
        if not wrong or number == TRIES:
            yield Text(text if wrong else value)
            break
        spent = now if spent is None else spent if now is None else spent + now
        said = (ChatMessage("assistant", (TextPart(text or "(nothing)"),)),)
        again = (ChatMessage("user", (TextPart(AGAIN.format(wrong=wrong)),)),)
        asked = replace(asked, messages=(*asked.messages, *said, *again))
    if wrong:
        yield Notice(f"The answer does not fit the agent's schema, after {TRIES} tries: {wrong}.")
    yield done
