"""From the chunks of a chat completion to typed events: the one reader of deltas, for streams and whole answers."""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any, cast

import orjson

from hub.models.text_tools import TextTools
from hub.models.think import ThinkTags
from hub.models.types import (
    Answer,
    Done,
    Image,
    ModelEvent,
    Notice,
    Reasoning,
    Text,
    ToolCall,
    ToolUse,
    Usage,
)

Json = dict[str, Any]


@dataclass(slots=True)
class _Call:
    index: int
    id: str
    name: str
    arguments: str = ""


class Deltas:
    """Reads chunks of one answer. `tools` are the names that may be called; with none, text is never a call.

    Set `estimated` when the usage is not the provider's own.
    """

    def __init__(self, tools: Collection[str] = ()) -> None:
        self.finish = ""
        self.usage: Usage | None = None
        self.begun = False
        self.ended = False
        self.estimated = False
        self._think: ThinkTags | None = ThinkTags()
        self._text_tools = TextTools(tools) if tools else None
        self._calls: list[_Call] = []
        self._by_index: dict[int, _Call] = {}

    def feed(self, chunk: Json) -> list[ModelEvent]:
        """The events in one chunk (or in one whole answer, which has "message" for "delta")."""
        if usage := chunk.get("usage"):
            self.usage = usage_of(usage)
        choices = chunk.get("choices")
        if not choices:
            return []
        choice: Json = choices[0]
        events: list[ModelEvent] = []
        if delta := choice.get("delta") or choice.get("message"):
            self._delta(delta, events)
        if finish := choice.get("finish_reason"):
            self.finish = str(finish)
        if events:
            self.begun = True
        return events

    def end(self) -> list[ModelEvent]:
        """What is held back, the ends of the tool calls, the usage and Done."""
        events: list[ModelEvent] = []
        if self._think is not None:
            self._passed(self._think.end(), events)
        if self._text_tools is not None:
            self._pieces(self._text_tools.end(), events)
        events.extend(ToolCall(call.index, call.id, call.name, done=True) for call in self._calls)
        if not events and not self.begun and self.finish in ("", "stop"):
            events.append(Notice("The model ended its answer without saying anything."))
        if self.usage is not None:
            events.append(replace(self.usage, estimated=self.estimated))
        finish = self.finish or "stop"
        events.append(Done("tool_calls" if self._calls and finish in ("stop", "function_call") else finish))
        return events

    def _delta(self, delta: Json, events: list[ModelEvent]) -> None:
        if thought := delta.get("reasoning_content") or delta.get("reasoning"):
            events.append(Reasoning(_plain(thought)))
        elif thought := _details(delta.get("reasoning_details") or ()):
            events.append(Reasoning(thought))
        if content := delta.get("content"):
            if isinstance(content, str):
                self._content(content, events)
            else:
                self._parts(content, events)
        if refusal := delta.get("refusal"):
            events.append(Text(str(refusal)))
        if calls := delta.get("tool_calls"):
            self._tool_calls(calls, events)
        if images := delta.get("images"):
            events.extend(_image(image) for image in images)

    def _content(self, text: str, events: list[ModelEvent]) -> None:
        if self._think is None:
            self._shown(text, events)
        else:
            self._passed(self._think.feed(text), events)
            if self._think.finished:
                self._think = None

    def _passed(self, pieces: Iterable[Text | Reasoning], events: list[ModelEvent]) -> None:
        for piece in pieces:
            if isinstance(piece, Reasoning):
                events.append(piece)
            else:
                self._shown(piece.text, events)

    def _shown(self, text: str, events: list[ModelEvent]) -> None:
        if self._text_tools is None:
            events.append(Text(text))
        else:
            self._pieces(self._text_tools.feed(text), events)

    def _pieces(self, pieces: Iterable[str | ToolUse], events: list[ModelEvent]) -> None:
        for piece in pieces:
            if isinstance(piece, str):
                events.append(Text(piece))
            else:
                call = _Call(len(self._calls), piece.id, piece.name)
                self._calls.append(call)
                events.append(ToolCall(call.index, call.id, call.name, piece.arguments))

    def _parts(self, parts: Iterable[Json], events: list[ModelEvent]) -> None:
        """Content as a list: Mistral's reasoning models, and images of some gateways."""
        for part in parts:
            kind = part.get("type")
            if kind == "thinking":
                events.append(Reasoning(_plain(part.get("thinking"))))
            elif kind == "image_url":
                events.append(_image(part))
            elif text := part.get("text"):
                self._content(str(text), events)

    def _tool_calls(self, pieces: Iterable[Json], events: list[ModelEvent]) -> None:
        """Some servers leave the index out, give every call the index 0, repeat the id, or give no id at all."""
        if self._text_tools is not None:
            self._pieces(self._text_tools.end(), events)
            self._text_tools = None
        for position, piece in enumerate(pieces):
            function: Json = piece.get("function") or {}
            given = piece.get("index")
            index = given if isinstance(given, int) else position
            call_id, name = str(piece.get("id") or ""), str(function.get("name") or "")
            call = self._by_index.get(index)
            if call is None or (call_id and call_id != call.id and name):
                call = _Call(len(self._calls), call_id or f"call_{secrets.token_hex(8)}", name)
                self._calls.append(call)
                self._by_index[index] = call
            elif name and not call.name:
                call.name = name
            arguments = function.get("arguments")
            text = arguments if isinstance(arguments, str) else orjson.dumps(arguments).decode() if arguments else ""
            events.append(ToolCall(call.index, call.id, call.name, text))


def usage_of(usage: Json) -> Usage:
    """The provider's count; missing parts are 0, a missing cost is unknown."""
    prompt = _dict(usage.get("prompt_tokens_details"))
    completion = _dict(usage.get("completion_tokens_details"))
    cost = usage.get("cost")
    return Usage(
        input=int(usage.get("prompt_tokens") or 0),
        output=int(usage.get("completion_tokens") or 0),
        cached=int(prompt.get("cached_tokens") or usage.get("prompt_cache_hit_tokens") or 0),
        reasoning=int(completion.get("reasoning_tokens") or 0),
        cost=float(cost) if isinstance(cost, int | float) else None,
    )


def answer_of(events: Iterable[ModelEvent]) -> Answer:
    """The whole answer that `events` tell."""
    answer = Answer("", "", (), None, "stop")
    text: list[str] = []
    thoughts: list[str] = []
    calls: dict[int, ToolUse] = {}
    notices: list[str] = []
    images: list[Image] = []
    for event in events:
        match event:
            case Text():
                text.append(event.text)
            case Reasoning():
                thoughts.append(event.text)
            case ToolCall():
                known = calls.get(event.index, ToolUse("", "", ""))
                calls[event.index] = ToolUse(
                    event.id or known.id, event.name or known.name, known.arguments + event.arguments
                )
            case Usage():
                answer = replace(answer, usage=event)
            case Notice():
                notices.append(event.text)
            case Done():
                answer = replace(answer, finish=event.finish)
            case Image():
                images.append(event)
    return replace(
        answer,
        text="".join(text),
        reasoning="".join(thoughts),
        tool_calls=tuple(calls[index] for index in sorted(calls)),
        notices=tuple(notices),
        images=tuple(images),
    )


def _image(part: Json) -> Image | Notice:
    url = str(_dict(part.get("image_url")).get("url") or part.get("url") or "")
    head, comma, data = url.partition(",")
    if not comma or not head.startswith("data:") or not head.endswith(";base64"):
        return Notice("The model answered with an image in a form that cannot be shown here.")
    try:
        return Image(head[5:-7] or "image/png", base64.b64decode(data, validate=True))
    except (binascii.Error, ValueError):
        return Notice("The model answered with an image that is damaged.")


def _details(details: Iterable[Json]) -> str:
    return "".join(str(detail.get("text") or detail.get("summary") or "") for detail in details)


def _plain(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(_plain(_dict(part).get("text")) for part in cast(list[object], value))
    return ""


def _dict(value: object) -> Json:
    return cast(Json, value) if isinstance(value, dict) else {}
