"""What one target says, published as events with its times."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import asdict, replace
from time import monotonic
from typing import Any

from hub.models.types import Done, Image, ModelEvent, Notice, Price, Reasoning, Text, ToolCall, ToolUse, Usage
from hub.runs.live import LiveRun
from hub.runs.records import Call, OutcomeStatus, Step, ToolAnswer, image_data
from hub.turns import Waiting

_LARGEST_IMAGE = 8_000_000


class Talk:
    """Publishes what a model says and what its tools give, and keeps the times and the usage."""

    def __init__(self, live: LiveRun, index: int, touch: Callable[[LiveRun], None]) -> None:
        self._live = live
        self._index = index
        self._touch = touch
        self._began = self._asked = monotonic()
        self._round = 0
        self._calls_before = 0
        self._ids: dict[int, str] = {}
        self._now: Usage | None = None
        self._first: float | None = None
        self._first_here: float | None = None
        self._reasoning: float | None = None
        self._reasoned: float | None = None
        self.spent: Usage | None = None
        """Of all requests that are over."""
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
                self._call(event)
            case Image():
                self._mark()
                self._image(event)
            case Usage():
                self._now = event
                live.publish(index, "usage", data=asdict(event if self.spent is None else self.spent + event))
            case Notice():
                live.publish(index, "notice", _sound(event.text))
            case Done():
                self.finish = event.finish
                return
        self._touch(live)

    def ask(self) -> None:
        """A request begins."""
        self._asked, self._first_here = monotonic(), None

    def over(self, price: Price) -> tuple[Call, ...]:
        """Ends one request of a model with this price; the calls that it made in it."""
        calls = self._live.folds[self._index].calls[self._calls_before :]
        self._calls_before += len(calls)
        if self._now is not None:
            self.spent = self._now if self.spent is None else self.spent + self._now
        first = None if self._first_here is None else self.ms(self._first_here)
        cost = None if self._now is None else price.cost(self._now)
        step = Step(self._round, self.ms(self._asked), first, self.ms(monotonic()), self._now, self.finish, cost)
        self._live.publish(self._index, "step", data=asdict(step))
        self._now = None
        self._round += 1
        return calls

    def begins(self, call: ToolUse) -> None:
        """Publishes that a tool runs now."""
        self._live.publish(self._index, "tool_start", data={"id": call.id})
        self._touch(self._live)

    def answered(self, answer: ToolAnswer) -> None:
        """Publishes what a tool gave, its images for the person first."""
        for image in answer.images:
            self._image(image)
        kept = asdict(replace(answer, images=()))
        data = {name: value for name, value in kept.items() if name not in ("text", "images")}
        self._live.publish(self._index, "tool_result", _sound(answer.text), data)
        self._touch(self._live)

    def waits(self, waiting: Waiting) -> None:
        """Publishes that the person must be asked."""
        self._live.publish(self._index, "tool_wait", data=asdict(waiting))
        self._touch(self._live)

    def said(self) -> str:
        """All text so far."""
        return self._live.folds[self._index].text

    def part(self, before: str = "") -> None:
        """A new paragraph, when there is text (`before` it, of an answer that goes on) and more may come."""
        text = self.said() or before
        if text and not text.endswith("\n\n"):
            self._live.publish(self._index, "text", "\n\n")

    def _call(self, event: ToolCall) -> None:
        index = self._calls_before + event.index
        if event.id and index not in self._ids:
            self._ids[index] = self._own_id(event.id)
        numbered = asdict(replace(event, index=index, id=self._ids.get(index, "")))
        data = {name: value for name, value in numbered.items() if value or name == "index"}
        self._live.publish(self._index, "tool_call", data=data | {"round": self._round})

    def _own_id(self, given: str) -> str:
        """The id of a call, each once in an answer: what is allowed by its id must mean one call."""
        taken = {*self._ids.values(), *self._live.targets[self._index].taken}
        return given if given not in taken else f"{given}_{secrets.token_hex(4)}"

    def _image(self, image: Image) -> None:
        if len(image.data) <= _LARGEST_IMAGE:
            self._live.publish(self._index, "image", data=image_data(image))
        else:
            size = len(image.data) // 1_000_000
            self._live.publish(self._index, "notice", f"A picture of {size} MB came, too large to keep.")

    def _mark(self, reasoning: bool = False) -> None:
        moment = monotonic()
        if self._first is None:
            self._first = moment
        if self._first_here is None:
            self._first_here = moment
        if reasoning:
            if self._reasoning is None:
                self._reasoning = moment
        elif self._reasoning is not None and self._reasoned is None:
            self._reasoned = moment

    def end(self, status: OutcomeStatus, error: dict[str, Any] | None = None) -> None:
        """Publishes the error, if any, and the target's last event."""
        if error is not None:
            self._live.publish(self._index, "error", data=error)
        ended = monotonic()
        reasoned = self._reasoned or ended
        data = {
            "status": status,
            "finish": self.finish,
            "first_token_ms": None if self._first is None else self.ms(self._first),
            "total_ms": self.ms(ended),
            "reasoning_ms": None if self._reasoning is None else round((reasoned - self._reasoning) * 1000),
        }
        self._live.publish(self._index, "done", data=data)
        self._touch(self._live)

    def ms(self, moment: float) -> int:
        """A moment of the monotonic clock in milliseconds from the start."""
        return round((moment - self._began) * 1000)


def _sound(text: str) -> str:
    """`text` without lone surrogates, which neither JSON nor BSON can carry."""
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode("utf-8")
