"""The model of one target, and those that stand in for it when it cannot answer."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from typing import Any, cast

from hub import tracing
from hub.db.who import Who
from hub.models.errors import ModelError
from hub.models.in_shape import InShape
from hub.models.text_protocol import InWords
from hub.models.types import ChatMessage, ChatModel, ChatRequest, ImagePart, ModelEvent, Notice, TextPart, Usage
from hub.runs.lane import Lane
from hub.runs.live import LiveRun
from hub.runs.records import UNPRICED, Fallback

OpenModel = Callable[[Who, str], ChatModel]
WHY = {
    "no_key": "no key",
    "refused_key": "the key was refused",
    "no_credit": "no credit",
    "rate_limited": "rate limited",
    "network": "cannot be reached",
    "provider_down": "the provider failed",
    "timeout": "no answer in time",
    "model_gone": "not there any more",
    "context_too_long": "the conversation is too long for it",
    "stream_ended": "the connection ended",
    "no_api": "its address answers no requests",
}
"""What another model may not suffer from, in a few words. What a provider refuses for its content or its form is not
tried elsewhere."""


class Speaker:
    """Belongs to one target. Asks its model, and the next one when a model fails before it has said anything; it stays
    with that one. Each request is noted as it is sent."""

    def __init__(self, live: LiveRun, index: int, open_model: OpenModel, lane: Lane) -> None:
        target = live.targets[index]
        self._live, self._index, self._open_model, self._lane = live, index, open_model, lane
        self._name, self._label, self._left = target.model, target.label, list(target.fallbacks)
        self._counts = bool(target.fallbacks)
        self._stand_in: Fallback | None = None
        self._models: dict[bool, ChatModel] = {}
        self._error: ModelError | None = None
        self._failed: list[str] = []
        self._noted = self._unpriced = False
        self.price = target.price

    def begin(self, request: ChatRequest, *, sends: bool) -> None:
        """Opens the model, on a thread; with `sends` this very request is the first. Raises what opening raises, unless
        another model stands in."""
        try:
            model = self._open(request)
        except ModelError as error:
            if not self._left:
                raise
            self._error = error
            return
        if sends:
            self._live.sent(self._index, model.payload(request, stream=True))
            self._noted = True

    async def events(self, request: ChatRequest) -> AsyncGenerator[ModelEvent]:
        """What the model says to `request`; raises ModelError when none of them can."""
        while True:
            said = False
            try:
                if self._error is not None:
                    raise self._error
                asked = self._fitted(request)
                model = await self._opened(asked)
                if not self._noted:
                    self._live.sent(self._index, model.payload(asked, stream=True))
                self._noted = False
                # The protocol says AsyncIterator; what comes is a generator, and closing it closes the connection.
                stream = cast("Any", (model.stream_once if self._left else model.stream)(asked))
                with tracing.span("model", inside=False, model=self._name) as more:
                    async with aclosing(stream) as events:
                        async for event in events:
                            if isinstance(event, Usage):
                                more |= {"tokens.input": event.input, "tokens.output": event.output}
                            if not said and not isinstance(event, Notice):
                                said = True
                                for notice in self._told():
                                    yield notice
                            yield self._priced(event)
                return
            except ModelError as error:
                self._error = None
                if not said:
                    self._failed.append(
                        f"{self._label or self._name} could not answer ({WHY.get(error.kind, 'failed')})."
                    )
                if said or not self._left or error.kind not in WHY:
                    for notice in () if said or not self._counts else self._told(answered=False):
                        yield notice
                    raise
                self._next()

    def _told(self, *, answered: bool = True) -> Iterator[Notice]:
        """Says which models could not answer, once."""
        if answered and self._failed:
            yield Notice(f"{' '.join(self._failed)} {self._label or self._name} answered.")
        elif len(self._failed) > 1:
            yield Notice(" ".join(self._failed[:-1]))
        self._failed = []

    def _next(self) -> None:
        """The next model is the one that answers from here on."""
        one = self._stand_in = self._left.pop(0)
        self._name, self._label, self._models, self._noted = one.model, one.label, {}, False
        self.price = UNPRICED if self._unpriced else one.price
        known = [self.price.input, self.price.output, self.price.cached]
        data = {"model": one.model, "label": one.label, "context": {**one.context, "price": known}}
        self._live.publish(self._index, "model", data=data)

    def _fitted(self, request: ChatRequest) -> ChatRequest:
        """`request` as the model that stands in takes it."""
        one = self._stand_in
        if one is None:
            return request
        called = bool(request.tools) or any(message.role == "tool" for message in request.messages)
        messages = request.messages if one.sees else tuple(map(_unseen, request.messages))
        in_words = one.in_words and called
        return replace(request, messages=messages, in_words=in_words, sees=one.sees, takes_json=one.takes_json)

    async def _opened(self, request: ChatRequest) -> ChatModel:
        if request.in_words not in self._models:
            await self._lane.run(partial(self._open, request))
        return self._models[request.in_words]

    def _open(self, request: ChatRequest) -> ChatModel:
        model = self._open_model(self._live.who, self._name)
        if request.in_words:
            model = InWords(model)
        if request.schema is not None:
            model = InShape(model)
        self._models[request.in_words] = model
        return model

    def _priced(self, event: ModelEvent) -> ModelEvent:
        """Where several models may answer, usage with its cost: they have different prices."""
        if not isinstance(event, Usage) or not self._counts:
            return event
        priced = event if event.cost is not None else replace(event, cost=self.price.cost(event))
        self._unpriced = self._unpriced or priced.cost is None
        return priced


def _unseen(message: ChatMessage) -> ChatMessage:
    """A message for a model that takes no pictures."""
    parts = (
        TextPart("[a picture that you cannot see]") if isinstance(one, ImagePart) else one for one in message.parts
    )
    return replace(message, parts=tuple(parts))
