"""The built-in demo model: no AI, only prepared answers, so that every screen can be tried without a key."""

from __future__ import annotations

import asyncio
import json
import re
import struct
import zlib
from collections.abc import AsyncGenerator, Iterator, Sequence
from typing import Any

from hub.models.deltas import answer_of
from hub.models.demo_text import CODE, DIAGRAM, HELP, MATHS, REASONS, TABLE, long_text, opening
from hub.models.errors import (
    BadRequest,
    ContextTooLong,
    ModelError,
    ModelGone,
    Network,
    NoAPI,
    NoCredit,
    NoKey,
    ProviderDown,
    RateLimited,
    RefusedContent,
    RefusedKey,
    StreamEnded,
    TimedOut,
)
from hub.models.payload import body, shown
from hub.models.providers import DEMO
from hub.models.types import (
    Answer,
    ChatRequest,
    Done,
    Image,
    ImagePart,
    ModelEvent,
    Reasoning,
    Text,
    TextPart,
    ToolCall,
    ToolSpec,
    Usage,
)
from hub.settings import settings

_NAME = "The demo model"
_PIECE = re.compile(r"\s*\S{1,8}|\s+")
_SPEEDS = {"fast": 0.0, "slow": 0.2}
_NORMAL_GAP = 1 / 60
"""Seconds between two pieces of text."""


class DemoModel:
    """Answers by the words in the last user message; the same prompt gives the same answer. `name` is "demo"."""

    name = "demo"

    def payload(self, request: ChatRequest, *, stream: bool) -> dict[str, Any]:
        """What would be sent to a provider; the demo model sends nothing."""
        return shown(body(self.name, request, DEMO, stream=stream))

    async def complete(self, request: ChatRequest) -> Answer:
        """The whole answer, without the pauses of a stream."""
        return answer_of([event async for event in self._events(request, gap=0)])

    async def ask_once(self, request: ChatRequest) -> Answer:
        """The whole answer; the demo never needs a second attempt."""
        return await self.complete(request)

    def stream_once(self, request: ChatRequest) -> AsyncGenerator[ModelEvent]:
        """As `stream`; the demo never needs a second attempt."""
        return self.stream(request)

    def stream(self, request: ChatRequest) -> AsyncGenerator[ModelEvent]:
        """Typed events at about 60 pieces a second, "fast" and "slow" in the prompt change that."""
        words = _words(request)
        return self._events(request, next((gap for word, gap in _SPEEDS.items() if word in words), _NORMAL_GAP))

    async def _events(self, request: ChatRequest, gap: float) -> AsyncGenerator[ModelEvent]:
        prompt, words = _prompt(request), _words(request)
        fault = _fault(words) if "error" in words else None
        if fault == "hang":
            limit = settings().first_token_timeout
            await asyncio.sleep(limit)
            raise TimedOut(_NAME, "first_token", limit)
        if isinstance(fault, ModelError):
            raise fault
        limit = request.params.max_tokens
        sent, finish = 0, "stop"
        async for event in _paced(_answer(prompt, words, request), gap):
            if limit is not None and sent >= limit:
                finish = "length"
                break
            sent += 1
            yield event
            if fault == "mid-stream" and sent >= 25:
                raise ProviderDown(_NAME, detail="you asked for an error in the middle", begun=True)
            if fault == "cut" and sent >= 25:
                raise StreamEnded(_NAME, begun=True)
            if isinstance(event, ToolCall) and event.done and request.tools:
                finish = "tool_calls"
        yield Usage(sum(len(_PIECE.findall(message.text)) + 4 for message in request.messages), sent)
        yield Done(finish)


def _answer(prompt: str, words: set[str], request: ChatRequest) -> Iterator[ModelEvent]:
    if words & {"reason", "reasoning", "think"}:
        yield from (Reasoning(piece) for piece in _PIECE.findall(REASONS))
    if words & {"tool", "tools"} and request.messages[-1].role != "tool":
        yield from _tool_call(prompt, request)
        if request.tools:
            return
    if words & {"image", "picture"}:
        yield Text("Here is a picture, drawn by arithmetic:\n\n")
        yield Image("image/png", gradient())
    yield from (Text(piece) for piece in _PIECE.findall(_text(prompt, words, request)))


def _text(prompt: str, words: set[str], request: ChatRequest) -> str:
    if request.messages and request.messages[-1].role == "assistant":
        return " ... and this is how the demo model goes on from where the answer stopped."
    if request.messages and request.messages[-1].role == "tool":
        return f"The tool answered:\n\n> {request.messages[-1].text[:500]}\n\nThat is all the demo model does with it."
    parts = {"code": CODE, "table": TABLE, "math": MATHS, "latex": MATHS, "mermaid": DIAGRAM, "diagram": DIAGRAM}
    chosen = list(dict.fromkeys(text for word, text in parts.items() if word in words))
    if "long" in words:
        chosen.append(long_text())
    if "everything" in words:
        chosen = [TABLE, CODE, MATHS, DIAGRAM]
    return "\n\n".join([opening(prompt, _attached(request)), *(chosen or [HELP])])


def _attached(request: ChatRequest) -> str:
    """What came with the last message; files stand before its own text."""
    files = request.messages[-1].parts[:-1] if request.messages else ()
    pictures = sum(isinstance(part, ImagePart) for part in files)
    kinds = {"picture": pictures, "text file": len(files) - pictures}
    return " and ".join(f"{count} {kind}{'s' if count > 1 else ''}" for kind, count in kinds.items() if count)


def _tool_call(prompt: str, request: ChatRequest) -> Iterator[ModelEvent]:
    if not request.tools:
        yield ToolCall(0, "call_demo_1", "look_up_tide", '{"place": "Vlieland", "day": "tomorrow"}')
        yield ToolCall(0, "call_demo_1", "look_up_tide", done=True)
        yield Text("*No tool is switched on in this chat, so this call is only shown and nothing was looked up.*\n\n")
        return
    tool = _chosen(prompt, request.tools)
    yield ToolCall(0, "call_demo_1", tool.name)
    arguments = json.dumps(_arguments(tool, prompt))
    for piece in (arguments[:1], arguments[1:]):
        yield ToolCall(0, "call_demo_1", tool.name, piece)
    yield ToolCall(0, "call_demo_1", tool.name, done=True)


def _chosen(prompt: str, tools: Sequence[ToolSpec]) -> ToolSpec:
    """The tool that the prompt names; else one that needs to be told nothing: a question is no text to be kept."""
    return (
        next((tool for tool in tools if tool.name in prompt), None)
        or next((tool for tool in tools if not tool.parameters.get("required")), None)
        or tools[0]
    )


def _arguments(tool: ToolSpec, prompt: str) -> dict[str, str]:
    """The question wherever the tool must have a text."""
    fields = tool.parameters.get("properties", {})
    return {
        name: prompt for name in tool.parameters.get("required", ()) if fields.get(name, {}).get("type") == "string"
    }


def faults() -> dict[str, ModelError | str]:
    """What goes wrong on request, by the word that stands beside "error"."""
    return {
        "rate": RateLimited(_NAME, 20, "you asked for this error"),
        "credit": NoCredit(_NAME, "you asked for this error"),
        "missing": NoKey("Demo"),
        "key": RefusedKey(_NAME, "you asked for this error"),
        "context": ContextTooLong(8192, 9500),
        "network": Network(_NAME, "http://127.0.0.1:9", "you asked for this error"),
        "gone": ModelGone(_NAME, "demo", "you asked for this error"),
        "content": RefusedContent(_NAME, "you asked for this error"),
        "request": BadRequest(_NAME, "you asked for this error", 400),
        "address": NoAPI(_NAME, "http://127.0.0.1:9", "you asked for this error"),
        "down": ProviderDown(_NAME, 503, "you asked for this error"),
        "timeout": TimedOut(_NAME, "first_token", settings().first_token_timeout),
        "hang": "hang",
        "cut": "cut",
        "mid-stream": "mid-stream",
        "middle": "mid-stream",
    }


def _fault(words: set[str]) -> ModelError | str | None:
    return next((fault for word, fault in faults().items() if word in words), None)


async def _paced(events: Iterator[ModelEvent], gap: float) -> AsyncGenerator[ModelEvent]:
    """Keeps the average speed also where single sleeps are inexact."""
    loop = asyncio.get_running_loop()
    due = loop.time() + gap
    for number, event in enumerate(events):
        yield event
        wait = due - loop.time()
        if wait > 0 or number % 20 == 0:
            await asyncio.sleep(max(wait, 0))
        due += gap


def gradient(size: int = 96) -> bytes:
    """A PNG of `size` x `size` pixels, a soft gradient."""
    rows = b"".join(
        b"\x00" + bytes(value for x in range(size) for value in (60 + 150 * x // size, 90 + 100 * y // size, 180))
        for y in range(size)
    )

    def block(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + block(b"IHDR", header) + block(b"IDAT", zlib.compress(rows)) + block(b"IEND", b"")


def _prompt(request: ChatRequest) -> str:
    """What the person said last, without the files before it."""
    said = next((message for message in reversed(request.messages) if message.role == "user"), None)
    texts = [part.text for part in said.parts if isinstance(part, TextPart)] if said else []
    return texts[-1] if texts else ""


def _words(request: ChatRequest) -> set[str]:
    return set(re.findall(r"[a-z]+(?:-[a-z]+)*", _prompt(request)[:2000].lower()))
