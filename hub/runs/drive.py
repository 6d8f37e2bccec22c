"""One target from its prompt to its last event, through as many rounds of tool calls as the model asks for."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import asdict, replace
from functools import partial
from time import monotonic
from typing import Any, cast

import structlog

from hub.db.who import Who
from hub.errors import HubError
from hub.models.types import (
    ChatMessage,
    ChatModel,
    ChatRequest,
    Done,
    Image,
    ModelEvent,
    Notice,
    Reasoning,
    Text,
    TextPart,
    ToolCall,
    ToolUse,
    Usage,
)
from hub.runs.lane import Lane
from hub.runs.live import LiveRun
from hub.runs.records import OutcomeStatus, ToolAnswer, image_data

OpenModel = Callable[[Who, str], ChatModel]

MOST_ROUNDS = 25
"""Times that one answer may come back with tool calls."""
MOST_REPEATS = 3
"""Times that the same tool is called with the same arguments before the model is told to stop."""
TOOL_SECONDS = 60.0
_LARGEST_IMAGE = 8_000_000
log = structlog.get_logger(__name__)


class _Drive:
    """Publishes what a model says, and keeps its times."""

    def __init__(self, live: LiveRun, index: int, touch: Callable[[LiveRun], None]) -> None:
        self._live = live
        self._index = index
        self._touch = touch
        self._began = monotonic()
        self._calls_before = 0
        self._spent: Usage | None = None
        self._now: Usage | None = None
        self._first: float | None = None
        self._reasoning: float | None = None
        self._reasoned: float | None = None
        self.finish = ""

    def take(self, event: ModelEvent) -> None:
        """Publishes one event of the model."""
        live, index = self._live, self._index
        match event:
            case Text():
                if event.text:
                    self._mark()
                    live.publish(index, "text", _sound(event.text))
            case Reasoning():
                if event.text:
                    self._mark(reasoning=True)
                    live.publish(index, "reasoning", _sound(event.text))
            case ToolCall():
                self._mark()
                numbered = replace(event, index=self._calls_before + event.index)
                live.publish(index, "tool_call", data={k: v for k, v in asdict(numbered).items() if v or k == "index"})
            case Image():
                self._mark()
                self._image(event)
            case Usage():
                self._now = event
                live.publish(index, "usage", data=asdict(event if self._spent is None else self._spent + event))
            case Notice():
                live.publish(index, "notice", _sound(event.text))
            case Done():
                self.finish = event.finish
                return
        self._touch(live)

    def round_over(self) -> tuple[ToolUse, ...]:
        """Ends one request of several; the calls that the model made in it."""
        calls = self._live.folds[self._index].calls[self._calls_before :]
        self._calls_before += len(calls)
        if self._now is not None:
            self._spent = self._now if self._spent is None else self._spent + self._now
            self._now = None
        return calls

    def answered(self, answer: ToolAnswer) -> None:
        """Publishes what a tool gave."""
        data = {name: value for name, value in asdict(answer).items() if name != "text"}
        self._live.publish(self._index, "tool_result", _sound(answer.text), data)
        self._touch(self._live)

    def said(self) -> str:
        """All text so far."""
        return self._live.folds[self._index].text

    def part(self) -> None:
        """A new paragraph, when there is text and more may come."""
        if self.said() and not self.said().endswith("\n\n"):
            self._live.publish(self._index, "text", "\n\n")

    def _image(self, image: Image) -> None:
        if len(image.data) <= _LARGEST_IMAGE:
            self._live.publish(self._index, "image", data=image_data(image))
        else:
            size = len(image.data) // 1_000_000
            self._live.publish(self._index, "notice", f"The model sent a picture of {size} MB, too large to keep.")

    def _mark(self, reasoning: bool = False) -> None:
        if self._first is None:
            self._first = monotonic()
        if reasoning:
            if self._reasoning is None:
                self._reasoning = monotonic()
        elif self._reasoning is not None and self._reasoned is None:
            self._reasoned = monotonic()

    def end(self, status: OutcomeStatus, error: dict[str, Any] | None = None) -> None:
        """Publishes the error, if any, and the target's last event."""
        if error is not None:
            self._live.publish(self._index, "error", data=error)
        ended = monotonic()
        reasoned = self._reasoned or ended
        data = {
            "status": status,
            "finish": self.finish,
            "first_token_ms": None if self._first is None else _ms(self._first - self._began),
            "total_ms": _ms(ended - self._began),
            "reasoning_ms": None if self._reasoning is None else _ms(reasoned - self._reasoning),
        }
        self._live.publish(self._index, "done", data=data)
        self._touch(self._live)


async def drive(
    live: LiveRun, index: int, *, open_model: OpenModel, lane: Lane, touch: Callable[[LiveRun], None]
) -> None:
    """Prepares, asks and publishes; always ends with a `done` event and never raises."""
    talk = _Drive(live, index, touch)
    try:
        model, request = await lane.run(partial(_prepare, live, index, open_model))
        await _rounds(live, index, talk, model, request, lane)
    except asyncio.CancelledError:
        talk.end(live.stop or "cancelled")
    except HubError as error:
        log.info("target_failed", run=live.record.id, kind=error.kind)
        talk.end("error", dict(error.record()))
    except Exception as error:
        log.exception("target_failed", run=live.record.id)
        sentence = f"Something went wrong in the hub ({type(error).__name__})."
        talk.end("error", {"kind": "internal", "message": sentence, "hint": "Try again; the hub's log says more."})
    else:
        talk.end("done")


async def _rounds(live: LiveRun, index: int, talk: _Drive, model: ChatModel, request: ChatRequest, lane: Lane) -> None:
    """Asks, has the tools that the model calls answer, and asks again with their answers."""
    call_tool, seen = live.targets[index].call_tool, Counter[tuple[str, str]]()
    for left in range(MOST_ROUNDS, -1, -1):
        before = len(talk.said())
        # The protocol says AsyncIterator; what comes is a generator, and closing it closes the connection.
        stream = cast("Any", model.stream(request))
        async with aclosing(stream):
            async for event in stream:
                talk.take(event)
        calls = talk.round_over()
        if not calls or call_tool is None or not request.tools:
            return
        seen.update((call.name, call.arguments) for call in calls)
        answers = await asyncio.gather(*(_answer(call, call_tool, lane, seen) for call in calls))
        for answer in answers:
            talk.answered(answer)
        request = _with_answers(request, talk.said()[before:], calls, answers)
        if left <= 1 or max(seen.values()) > MOST_REPEATS:
            talk.take(Notice("The model kept calling tools; it was asked to answer without them."))
            request = replace(request, tools=())
        live.sent(index, model.payload(request, stream=True))
        talk.part()


async def _answer(
    call: ToolUse, call_tool: Callable[[ToolUse], ToolAnswer], lane: Lane, seen: Counter[tuple[str, str]]
) -> ToolAnswer:
    """What one call gave. A tool has its own time; whatever goes wrong in it is an answer too."""
    if seen[call.name, call.arguments] > MOST_REPEATS:
        return ToolAnswer(call.id, call.name, "You have asked this already; use the earlier answer.", error=True)
    began = monotonic()
    try:
        work = lane.run(partial(call_tool, call))
        return replace(await asyncio.wait_for(work, TOOL_SECONDS), ms=_ms(monotonic() - began))
    except TimeoutError:
        text = f"{call.name} did not answer within {TOOL_SECONDS:.0f} seconds."
    except Exception as error:
        log.exception("tool_failed", tool=call.name)
        text = f"{call.name} failed in the hub ({type(error).__name__})."
    return ToolAnswer(call.id, call.name, text, said=text, error=True, ms=_ms(monotonic() - began))


def _with_answers(
    request: ChatRequest, text: str, calls: Sequence[ToolUse], answers: Sequence[ToolAnswer]
) -> ChatRequest:
    """`request` with what the model said and called, and what the tools gave."""
    parts = (TextPart(text.strip()),) if text.strip() else ()
    results = [ChatMessage("tool", (TextPart(one.text),), tool_call_id=one.id) for one in answers]
    return replace(request, messages=(*request.messages, ChatMessage("assistant", parts, tuple(calls)), *results))


def _prepare(live: LiveRun, index: int, open_model: OpenModel) -> tuple[ChatModel, ChatRequest]:
    target = live.targets[index]
    request = target.prepare()
    model = open_model(live.who, target.model)
    live.sent(index, model.payload(request, stream=True))
    return model, request


def _sound(text: str) -> str:
    """`text` without lone surrogates, which neither JSON nor BSON can carry."""
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode("utf-8")


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
