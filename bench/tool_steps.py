"""What the hub adds to an answer with tools: the time of a step over the tool itself, and the prompt with 300 tools.

A fake provider on loopback calls a tool in every round, whose own time is written down. A step is everything from the
last byte of one request to the first of the next; what is left of it without the tool is the hub's. Beside it the same
requests are sent by the provider's own client class one after the other, without an engine.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median, quantiles
from typing import Any

from bench.extraction import stores
from bench.result import Bar
from hub import chat, hooks, runs
from hub.db.who import Who
from hub.models import catalogue, connections
from hub.models.estimate import tokens
from hub.models.resolve import open_model
from hub.models.types import ChatMessage, ChatRequest, ModelInfo, TextPart, ToolSpec
from hub.tools import Belt
from hub.tools.shelf import described
from hub.turns import Tool, ToolResult, Turn
from tests.fakes.openai_server import FakeServer
from tests.fakes.toolsets import tools as toolsets

ROUNDS = 20
WHO = Who("anna", "Anna")
SPEC = ToolSpec("note", "Notes a number.", {"type": "object", "properties": {"number": {"type": "integer"}}})


class Notes:
    """A room with one tool that is done at once."""

    def __init__(self) -> None:
        self.spent: list[float] = []

    @hooks.implementation
    def tools(self, turn: Turn) -> Sequence[Tool]:
        return (Tool(SPEC, "Note", "edit_note", self._note),)

    def _note(self, given: dict[str, Any]) -> ToolResult:
        began = time.perf_counter()
        text = f"{given['number']} is noted."
        self.spent.append(time.perf_counter() - began)
        return ToolResult(text)


def measure(repeats: int) -> tuple[tuple[Bar, ...], dict[str, Any]]:
    """Answers with `ROUNDS` rounds of calls, `repeats` times."""
    notes = Notes()
    hooks.plugins().register(notes, "bench.notes")
    with stores(), FakeServer() as server:
        made = connections.add(WHO, "openai_compatible", name="Fake", key="k", base_url=server.url)
        model = f"{made.id}/fake-caller"
        catalogue.mark(WHO, model, hidden=False)
        chat.start()
        _answer(model)
        steps = [one for _ in range(repeats) for one in _answer(model)]
        alone = [asyncio.run(_request(model)) for _ in range(ROUNDS)][1:]
        prompt = _prompt()
        runs.shut_down(1)
    hooks.plugins().unregister(notes)
    added = median(steps) - 1000 * median(notes.spent)
    bars = (
        Bar("added to a tool's own time, a step", added, "ms", 15),
        Bar("prompt tokens with 300 tools of 12 servers", prompt["deferred"], "tokens", 4000),
    )
    detail = {
        "p95 of a step": round(quantiles(steps, n=20)[-1], 1),
        "request alone (ms)": round(1000 * median(alone), 1),
    }
    return bars, {**detail, "tokens of all 300": prompt["all"], "rounds": ROUNDS}


def _answer(model: str) -> list[float]:
    """Milliseconds between the end of each request and the beginning of the next, the tool's own time in it."""
    lines = "\n".join(f'call note {{"number": {number}}}' for number in range(ROUNDS))
    attached = {"tools": {"mode": "on", "on": ["hub:note"], "off": ["group:Built in", "group:Memory"]}}
    sent = chat.send(WHO, text=f"Note these.\n{lines}", targets=[(model, None)], attached=attached)
    assert sent.run and runs.wait(sent.run, timeout=60)
    steps = chat.get_message(WHO, sent.answers[0]).steps
    assert len(steps) == ROUNDS + 1, len(steps)
    return [float(after.began_ms - before.ended_ms) for before, after in pairwise(steps)]


async def _request(model: str) -> float:
    request = ChatRequest((ChatMessage("user", (TextPart("Hello"),)),))
    began = time.perf_counter()
    async for _ in open_model(WHO, model).stream(request):
        pass
    return time.perf_counter() - began


def _prompt() -> dict[str, int]:
    """Tokens that tools take in a prompt of a model with a window of 128,000: of all 300, and of what is told first."""
    given = toolsets()
    model = ModelInfo("c/m", "m", "c", "C", "openai", "M", context=128_000, abilities=frozenset({"tools"}))
    turn = Turn(WHO, "0" * 24, "1" * 24, "Hello", model)
    belt = Belt(turn, tools=given)
    told = [described(replace(given[0], spec=spec)) for spec in belt.specs]
    blocks = sum(block.tokens for block in belt.blocks())
    return {"all": sum(tokens(described(tool)) for tool in given), "deferred": sum(map(tokens, told)) + blocks}
