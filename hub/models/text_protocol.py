"""Tools in words, for models that have none of their own: what may be called stands in the system prompt, calls are
read from the text of the answer, results go back as text.

The form is the one that Hermes and Qwen models are trained on (`<tools>`, `<tool_call>`, `<tool_response>`); others
follow it from the description. `hub.models.text_tools` reads the other shapes that models print, too.

An answer ends with its first call, whatever comes after it: small models go on with calls whose arguments they cannot
know yet ("<result>"), or make results up.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any, cast

import orjson

from hub.models.text_tools import TextTools
from hub.models.types import (
    Answer,
    ChatMessage,
    ChatModel,
    ChatRequest,
    Done,
    ModelEvent,
    Part,
    Text,
    TextPart,
    ToolCall,
    ToolSpec,
    ToolUse,
)

INTRODUCTION = """\
# Tools

You may call one or more functions to help with the user's question. These are their signatures:
<tools>
{signatures}
</tools>

To call a function, answer with only this, and stop; the result comes in the next message:
<tool_call>
{{"name": "the function's name", "arguments": {{"argument": "value"}}}}
</tool_call>
Call one function at a time, with real values in its arguments. When you have what you need, or when no function is \
needed, answer the user in plain text."""
NEXT = "Call the next function if the task needs one more; else tell the user the result in plain text."


class InWords:
    """A model that calls tools although it knows of none."""

    def __init__(self, model: ChatModel) -> None:
        self.name = model.name
        self._model = model

    def payload(self, request: ChatRequest, *, stream: bool) -> dict[str, Any]:
        """As it is really sent."""
        return self._model.payload(spoken(request), stream=stream)

    async def complete(self, request: ChatRequest) -> Answer:
        """The whole answer in one piece."""
        return _read(await self._model.complete(spoken(request)), request)

    async def ask_once(self, request: ChatRequest) -> Answer:
        """The whole answer in one attempt."""
        return _read(await self._model.ask_once(spoken(request)), request)

    def stream(self, request: ChatRequest) -> AsyncGenerator[ModelEvent]:
        """Typed events, calls of tools among them."""
        return _events(self._model.stream(spoken(request)), request)

    def stream_once(self, request: ChatRequest) -> AsyncGenerator[ModelEvent]:
        """The events of one attempt."""
        return _events(self._model.stream_once(spoken(request)), request)


def spoken(request: ChatRequest) -> ChatRequest:
    """`request` without tools: they are told of, called and answered in text."""
    messages = _merged([_message(message) for message in request.messages])
    if request.tools:
        messages = _introduced(messages, request.tools)
    return replace(request, messages=tuple(messages), tools=())


def _introduced(messages: Sequence[ChatMessage], tools: Sequence[ToolSpec]) -> list[ChatMessage]:
    signatures = "\n".join(_signature(tool) for tool in tools)
    told = INTRODUCTION.format(signatures=signatures)
    if messages and messages[0].role == "system":
        first = replace(messages[0], parts=(*messages[0].parts, TextPart(f"\n\n{told}")))
        return [first, *messages[1:]]
    return [ChatMessage("system", (TextPart(told),)), *messages]


def _signature(tool: ToolSpec) -> str:
    function = {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
    return orjson.dumps({"type": "function", "function": function}).decode()


def _message(message: ChatMessage) -> ChatMessage:
    if message.role == "tool":
        return ChatMessage("user", (TextPart(f"<tool_response>\n{message.text}\n</tool_response>\n{NEXT}"),))
    if not message.tool_calls:
        return message
    calls = "\n".join(_call(use) for use in message.tool_calls)
    gap: tuple[Part, ...] = (TextPart("\n"),) if message.parts else ()
    return ChatMessage("assistant", (*message.parts, *gap, TextPart(calls)))


def _call(use: ToolUse) -> str:
    try:
        arguments: Any = orjson.loads(use.arguments or "{}")
    except orjson.JSONDecodeError:
        arguments = use.arguments
    return f"<tool_call>\n{orjson.dumps({'name': use.name, 'arguments': arguments}).decode()}\n</tool_call>"


def _merged(messages: Sequence[ChatMessage]) -> list[ChatMessage]:
    """Neighbouring messages of the person as one: many templates want the roles to take turns."""
    out: list[ChatMessage] = []
    for message in messages:
        if out and message.role == "user" and out[-1].role == "user":
            out[-1] = replace(out[-1], parts=(*out[-1].parts, TextPart("\n"), *message.parts))
        else:
            out.append(message)
    return out


def _read(answer: Answer, request: ChatRequest) -> Answer:
    reader = TextTools([tool.name for tool in request.tools])
    pieces = [*reader.feed(answer.text), *reader.end()]
    first = next((at for at, piece in enumerate(pieces) if isinstance(piece, ToolUse)), len(pieces))
    calls = tuple(piece for piece in pieces[first : first + 1] if isinstance(piece, ToolUse))
    text = "".join(piece for piece in pieces[:first] if isinstance(piece, str))
    return replace(answer, text=text, tool_calls=calls, finish="tool_calls" if calls else answer.finish)


async def _events(events: AsyncIterator[ModelEvent], request: ChatRequest) -> AsyncGenerator[ModelEvent]:
    reader = TextTools([tool.name for tool in request.tools]) if request.tools else None
    # The protocol says AsyncIterator; what comes is a generator, and closing it closes the connection.
    async with aclosing(cast("AsyncGenerator[ModelEvent]", events)) as stream:
        async for event in stream:
            if reader is None or not isinstance(event, Text | Done):
                yield event
                continue
            pieces = reader.feed(event.text) if isinstance(event, Text) else reader.end()
            for piece in pieces:
                if isinstance(piece, str):
                    yield Text(piece)
                    continue
                yield ToolCall(0, piece.id, piece.name, piece.arguments)
                yield ToolCall(0, piece.id, piece.name, done=True)
                yield Done("tool_calls")
                return
            if isinstance(event, Done):
                yield event
