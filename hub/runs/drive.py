"""One target from its prompt to its last event."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import aclosing
from dataclasses import asdict
from time import monotonic
from typing import Any, cast

import structlog

from hub.db.who import Who
from hub.errors import HubError
from hub.models.types import (
    ChatModel,
    ChatRequest,
    Done,
    Image,
    ModelEvent,
    Notice,
    Reasoning,
    Text,
    ToolCall,
    Usage,
)
from hub.runs.live import LiveRun
from hub.runs.records import OutcomeStatus, image_data

OpenModel = Callable[[Who, str], ChatModel]

_LARGEST_IMAGE = 8_000_000
log = structlog.get_logger(__name__)


class _Drive:
    """Publishes what a model says, and keeps its times."""

    def __init__(self, live: LiveRun, index: int, touch: Callable[[LiveRun], None]) -> None:
        self._live = live
        self._index = index
        self._touch = touch
        self._began = monotonic()
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
                live.publish(index, "tool_call", data={k: v for k, v in asdict(event).items() if v or k == "index"})
            case Image():
                self._mark()
                self._image(event)
            case Usage():
                live.publish(index, "usage", data=asdict(event))
            case Notice():
                live.publish(index, "notice", _sound(event.text))
            case Done():
                self.finish = event.finish
                return
        self._touch(live)

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
    live: LiveRun, index: int, *, open_model: OpenModel, pool: Executor, touch: Callable[[LiveRun], None]
) -> None:
    """Prepares, asks and publishes; always ends with a `done` event and never raises."""
    talk = _Drive(live, index, touch)
    try:
        model, request = await asyncio.get_running_loop().run_in_executor(pool, _prepare, live, index, open_model)
        # The protocol says AsyncIterator; what comes is a generator, and closing it closes the connection.
        stream = cast("Any", model.stream(request))
        async with aclosing(stream):
            async for event in stream:
                talk.take(event)
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
