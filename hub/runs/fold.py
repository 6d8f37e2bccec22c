"""Folding the events of a run into what came out: the same for a run that ends and for one that is found dead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from hub.models.types import Image, Usage
from hub.runs.records import (
    Call,
    Event,
    Outcome,
    OutcomeStatus,
    Step,
    TargetRecord,
    Timing,
    ToolAnswer,
    Waiting,
    image_from,
)
from hub.turns import Question

_STATUSES: tuple[OutcomeStatus, ...] = ("done", "cancelled", "interrupted", "error", "waiting")


class _Call:
    """A tool call that is still being written."""

    def __init__(self, at: int) -> None:
        self.id = ""
        self.name = ""
        self.arguments: list[str] = []
        self.round = 0
        self.at = at

    def add(self, data: Mapping[str, Any]) -> None:
        self.id = data.get("id") or self.id
        self.name = data.get("name") or self.name
        self.round = data.get("round", self.round)
        self.arguments.append(data.get("arguments", ""))


class Fold:
    """Collects the events of one target; `outcome` may be asked for at any time."""

    def __init__(self, index: int, target: TargetRecord, started_at: datetime) -> None:
        self._index = index
        self._target = target
        self._started_at = started_at
        self._text: list[str] = []
        self._reasoning: list[str] = []
        self._calls: dict[int, _Call] = {}
        self._answers: list[ToolAnswer] = []
        self._waits: list[Waiting] = []
        self._steps: list[Step] = []
        self._length = 0
        self._images: list[Image] = []
        self._notices: list[str] = []
        self._usage: Usage | None = None
        self._error: dict[str, Any] | None = None
        self._done: Mapping[str, Any] | None = None
        self.payload: dict[str, Any] | None = None

    @property
    def finished(self) -> bool:
        """Whether the target has said its last word."""
        return self._done is not None

    @property
    def text(self) -> str:
        """All text so far."""
        return "".join(self._text)

    @property
    def calls(self) -> tuple[Call, ...]:
        """The tool calls so far."""
        return tuple(Call(c.id, c.name, "".join(c.arguments), c.round, c.at) for _, c in sorted(self._calls.items()))

    def add(self, event: Event) -> None:
        """Takes the next event of this target."""
        match event.type:
            case "text":
                self._text.append(event.text)
                self._length += len(event.text)
            case "reasoning":
                self._reasoning.append(event.text)
            case "tool_call":
                self._calls.setdefault(event.data["index"], _Call(self._length)).add(event.data)
            case "image":
                self._images.append(image_from(event.data))
            case "usage":
                self._usage = Usage(**event.data)
            case "notice":
                self._notices.append(event.text)
            case "error":
                self._error = dict(event.data)
            case "done":
                self._done = event.data
            case "tool_result":
                self._answers.append(ToolAnswer(text=event.text, **_typed(event.data)))
            case "tool_wait":
                self._waits.append(_waiting(event.data))
            case "step":
                self._steps.append(Step(**_typed(event.data)))
            case "model":
                context = {**self._target.context, **event.data["context"]}
                name, label = event.data["model"], event.data["label"]
                self._target = replace(self._target, model=name, label=label, context=context)
            case "tool_start" | "end":
                pass

    def outcome(self, status: OutcomeStatus | None = None) -> Outcome:
        """What came out so far; without a `done` event it counts as `status`, by default interrupted."""
        done = self._done or {}
        said = done.get("status")
        return Outcome(
            target=self._index,
            model=self._target.model,
            label=self._target.label,
            context=self._target.context,
            status=said if said in _STATUSES else status or "interrupted",
            text=self.text,
            reasoning="".join(self._reasoning),
            reasoning_ms=done.get("reasoning_ms"),
            tool_calls=self.calls,
            tool_answers=tuple(self._answers),
            waits=tuple(self._waits),
            steps=tuple(self._steps),
            images=tuple(self._images),
            usage=self._usage,
            timing=Timing(self._started_at, done.get("first_token_ms"), done.get("total_ms")),
            error=self._error,
            notices=tuple(self._notices),
            finish=str(done.get("finish", "")),
            payload=self.payload,
        )


def _typed(data: Mapping[str, Any]) -> dict[str, Any]:
    """Event data whose usage is a record, and whose files are a tuple."""
    usage, files = data.get("usage"), data.get("files")
    made = {**data, "files": tuple(files)} if files else dict(data)
    return {**made, "usage": Usage(**usage)} if usage else made


def _waiting(data: Mapping[str, Any]) -> Waiting:
    given: dict[str, Any] = {**data, "questions": tuple(Question(**one) for one in data.get("questions", ()))}
    return Waiting(**given)
