"""The rounds of one answer: ask, have the tools that the model calls answer, ask again with what they gave."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from time import monotonic

import structlog

from hub import tracing
from hub.models.types import ChatMessage, ChatRequest, Notice, Part, TextPart, ToolUse
from hub.runs.lane import Lane
from hub.runs.records import Target, ToolAnswer, Tools
from hub.runs.speaker import Speaker
from hub.runs.talk import Talk
from hub.turns import Waiting

MOST_REPEATS = 3
"""Times that the same tool is called with the same arguments before the model is told to stop."""
MOST_CALLS = 32
"""Calls of one round that are answered; what a model asks for beyond is refused."""
log = structlog.get_logger(__name__)


class Rounds:
    """One target at work with its tools."""

    def __init__(self, talk: Talk, target: Target, speaker: Speaker, lane: Lane) -> None:
        self._talk = talk
        self._target = target
        self._speaker = speaker
        self._lane = lane
        self._seen = Counter[tuple[str, str]]()
        self._cost: float | None = 0.0
        self._tokens = 0

    async def go(self, request: ChatRequest) -> bool:
        """Goes on until the model calls no tool any more; True when another run must go on: the person is asked first,
        or something else is attached from now on."""
        tools = self._target.tools
        if self._target.pending and tools is not None:
            found = await self._answers(self._target.pending, tools)
            if found is None:
                return True
            request = with_results(request, found)
            self._talk.part(self._target.said)
        elif request.messages and request.messages[-1].role == "tool":
            self._talk.part(self._target.said)
        step = 0
        while True:
            before = len(self._talk.said())
            await self._ask(request)
            step += 1
            calls = self._talk.over(self._speaker.price)
            if not calls or tools is None or not request.tools:
                return False
            found = await self._answers(calls, tools)
            if found is None:
                return True
            request = _with_calls(request, self._talk.said()[before:], calls)
            request = self._within(with_results(request, found), step)
            self._talk.part()

    async def _ask(self, request: ChatRequest) -> None:
        if self._target.before is not None:
            await self._lane.run(partial(self._target.before, self._spent()))
        self._talk.ask()
        async with aclosing(self._speaker.events(request)) as stream:
            async for event in stream:
                self._talk.take(event)

    def _within(self, request: ChatRequest, step: int) -> ChatRequest:
        """`request` as it is, or without tools when the answer has come to one of its limits."""
        reached = self._reached(step)
        if not reached:
            return request
        self._talk.take(Notice(f"{reached} The model was asked to end without more tools."))
        return replace(request, tools=())

    def _reached(self, step: int) -> str:
        """The limit that was reached, as a sentence; empty when none was."""
        limits, spent = self._target.limits, self._talk.spent
        if step >= limits.steps:
            return f"This answer took {step} steps, as many as it may."
        if max(self._seen.values()) > MOST_REPEATS:
            return "The model kept calling the same tool with the same arguments."
        tokens = self._tokens + (spent.input + spent.output if spent else 0)
        if limits.tokens is not None and tokens >= limits.tokens:
            return f"This answer has used {tokens:,} tokens of the {limits.tokens:,} that it may use."
        cost = self._spent()
        if limits.cost is not None and (cost is None or cost >= limits.cost):
            known = "an unknown amount" if cost is None else f"${cost:.4f}"
            return f"This answer has cost {known} of the ${limits.cost:.4f} that it may cost."
        return ""

    def _spent(self) -> float | None:
        """US dollars of the model and its tools so far; None when a price is not known."""
        spent = self._talk.spent
        own = self._speaker.price.cost(spent) if spent else 0.0
        return None if own is None or self._cost is None else own + self._cost

    async def _answers(self, calls: Sequence[ToolUse], tools: Tools) -> list[ToolAnswer] | None:
        """What the calls gave, in their order, each published as soon as it is there; None when another run goes on
        with them. Those that need not wait are made all the same."""
        self._seen.update((call.name, call.arguments) for call in calls)
        found = await asyncio.gather(*(self._one(call, tools, at) for at, call in enumerate(calls)))
        given = [one for one in found if isinstance(one, ToolAnswer)]
        for answer in given:
            self._count(answer)
        ends = len(given) < len(found) or any(one.attach is not None for one in given)
        return None if ends else given

    async def _one(self, call: ToolUse, tools: Tools, at: int) -> ToolAnswer | Waiting:
        found = await self._answer(call, tools) if at < MOST_CALLS else _too_many(call)
        if isinstance(found, Waiting):
            self._talk.waits(found)
        else:
            self._talk.answered(found)
        return found

    def _count(self, answer: ToolAnswer) -> None:
        self._cost = None if self._cost is None or answer.cost is None else self._cost + answer.cost
        if answer.usage is not None:
            self._tokens += answer.usage.input + answer.usage.output

    async def _answer(self, call: ToolUse, tools: Tools) -> ToolAnswer | Waiting:
        """What one call gave. A tool has its own time; whatever goes wrong in it is an answer too."""
        if self._seen[call.name, call.arguments] > MOST_REPEATS:
            return ToolAnswer(call.id, call.name, "You have asked this already; use the earlier answer.", error=True)
        began, seconds = monotonic(), tools.seconds(call)
        self._talk.begins(call)
        try:
            with tracing.span("tool", tool=call.name):
                found = await asyncio.wait_for(self._lane.run(partial(tools.call, call)), seconds)
        except TimeoutError:
            text = f"{call.name} did not answer within {seconds:.0f} seconds."
        except Exception as error:
            log.exception("tool_failed", tool=call.name)
            text = f"{call.name} failed in the hub ({type(error).__name__})."
        else:
            return found if isinstance(found, Waiting) else self._timed(found, began)
        return self._timed(ToolAnswer(call.id, call.name, text, said=text, error=True), began)

    def _timed(self, answer: ToolAnswer, began: float) -> ToolAnswer:
        start = self._talk.ms(began)
        return replace(answer, began_ms=start, ms=self._talk.ms(monotonic()) - start)


def _too_many(call: ToolUse) -> ToolAnswer:
    text = f"Not run: at most {MOST_CALLS} tools can be called at once. Call it again on its own."
    return ToolAnswer(call.id, call.name, text, said=text, error=True)


def _with_calls(request: ChatRequest, text: str, calls: Sequence[ToolUse]) -> ChatRequest:
    """`request` with what the model said and called."""
    parts = (TextPart(text.strip()),) if text.strip() else ()
    return replace(request, messages=(*request.messages, ChatMessage("assistant", parts, tuple(calls))))


def with_results(request: ChatRequest, answers: Sequence[ToolAnswer]) -> ChatRequest:
    """`request` with what tools gave; their pictures follow in a message of their own, as providers want it."""
    results = [ChatMessage("tool", (TextPart(one.text),), tool_call_id=one.id) for one in answers]
    shown: list[Part] = []
    for one in answers:
        for image in one.images if request.sees else ():
            shown += [TextPart(f"Picture from {one.name}:"), image.part]
    more = (ChatMessage("user", tuple(shown)),) if shown else ()
    return replace(request, messages=(*request.messages, *results, *more))
