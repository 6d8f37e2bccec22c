"""What goes into a model and what comes out: the words every room shares."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

Role = Literal["system", "user", "assistant", "tool"]


@dataclass(frozen=True, slots=True)
class TextPart:
    """Plain text."""

    text: str


@dataclass(frozen=True, slots=True)
class ImagePart:
    """An image as bytes with its MIME type."""

    mime: str
    data: bytes


Part = TextPart | ImagePart


@dataclass(frozen=True, slots=True)
class ToolUse:
    """A finished tool call of an assistant message; `arguments` is JSON text as the model wrote it."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message of a prompt. `tool_call_id` is set on role "tool" only."""

    role: Role
    parts: tuple[Part, ...]
    tool_calls: tuple[ToolUse, ...] = ()
    tool_call_id: str | None = None

    @property
    def text(self) -> str:
        """All text of the message."""
        return "".join(part.text for part in self.parts if isinstance(part, TextPart))


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool that the model may call; `parameters` is a JSON schema."""

    name: str
    description: str
    parameters: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Params:
    """How to answer. None means: the provider's own default, the parameter is not sent."""

    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    reasoning_effort: Literal["minimal", "low", "medium", "high"] | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()
    json_mode: bool = False


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """A whole prompt. A last message of role "assistant" is text to be continued.

    `in_words`: the model is told of tools in words, as it has none of its own (`hub.models.text_protocol`). `sees`: it
    takes pictures. With a `schema` the answer must fit that JSON schema (`hub.models.in_shape`); `takes_json`: its
    provider can hold it to JSON.
    """

    messages: tuple[ChatMessage, ...]
    params: Params = field(default_factory=Params)
    tools: tuple[ToolSpec, ...] = ()
    in_words: bool = False
    sees: bool = False
    schema: Mapping[str, Any] | None = field(default=None, hash=False)
    takes_json: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Reasoning:
    """A piece of the model's reasoning."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A piece of a tool call: pieces with one `index` belong together, `arguments` is appended.

    `done` is True on the last piece of a call; then `id` and `name` are set.
    """

    index: int
    id: str = ""
    name: str = ""
    arguments: str = ""
    done: bool = False


@dataclass(frozen=True, slots=True)
class Image:
    """An image that the model made."""

    mime: str
    data: bytes

    @property
    def part(self) -> ImagePart:
        """The image as a piece of a prompt."""
        return ImagePart(self.mime, self.data)


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the provider counts them; `cached` is part of `input`, `reasoning` part of `output`.

    `cost` is in US dollars when the provider itself reports it, else None. `estimated` marks our own count.
    """

    input: int
    output: int
    cached: int = 0
    reasoning: int = 0
    cost: float | None = None
    estimated: bool = False

    def __add__(self, other: Usage) -> Usage:
        """Both together; the cost is known only when both are."""
        return Usage(
            self.input + other.input,
            self.output + other.output,
            self.cached + other.cached,
            self.reasoning + other.reasoning,
            None if self.cost is None or other.cost is None else self.cost + other.cost,
            self.estimated or other.estimated,
        )


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the person should know, such as a parameter that the server refused and was left out."""

    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """The last event. `finish` is the provider's word: stop, length, tool_calls, content_filter."""

    finish: str = "stop"


ModelEvent = Text | Reasoning | ToolCall | Image | Usage | Notice | Done


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer."""

    text: str
    reasoning: str
    tool_calls: tuple[ToolUse, ...]
    usage: Usage | None
    finish: str
    notices: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()


class ChatModel(Protocol):
    """One model at one connection. Raises `hub.models.errors.ModelError`.

    Retries happen in here only, but for `ask_once` and `stream_once`, whose callers keep limits and waits of their own.
    """

    name: str

    def payload(self, request: ChatRequest, *, stream: bool) -> dict[str, Any]:
        """The request body exactly as it will be sent, image bytes shortened; it never holds a key."""
        ...

    async def complete(self, request: ChatRequest) -> Answer:
        """The whole answer in one piece."""
        ...

    def stream(self, request: ChatRequest) -> AsyncIterator[ModelEvent]:
        """Typed events; `Done` comes last, an early end of the connection raises `StreamEnded`."""
        ...

    async def ask_once(self, request: ChatRequest) -> Answer:
        """The whole answer in one attempt."""
        ...

    def stream_once(self, request: ChatRequest) -> AsyncGenerator[ModelEvent]:
        """The events of one attempt; closing the generator breaks the connection."""
        ...


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens; None is unknown, never free."""

    input: float | None = None
    output: float | None = None
    cached: float | None = None

    def cost(self, usage: Usage) -> float | None:
        """US dollars for `usage`, or None when a price that is needed is unknown."""
        if usage.cost is not None:
            return usage.cost
        if self.input is None or self.output is None:
            return None
        cached_price = self.cached if self.cached is not None else self.input
        fresh = max(usage.input - usage.cached, 0)
        return (fresh * self.input + usage.cached * cached_price + usage.output * self.output) / 1_000_000


Ability = Literal["vision", "tools", "reasoning", "json", "audio"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A model as its provider lists it. None is unknown; `price` is in US dollars for a million tokens."""

    name: str
    title: str = ""
    context: int | None = None
    output_limit: int | None = None
    price: Price = field(default_factory=Price)
    abilities: frozenset[Ability] | None = None
    params: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model in the catalogue. `id` is "<connection id>/<provider's name>" and is what a target names.

    `context` and `output_limit` are tokens; None is unknown. `abilities` None is unknown.
    `params` are the names in `Params` that the model takes; None means all are offered.
    """

    id: str
    name: str
    connection: str
    connection_name: str
    provider: str
    title: str
    context: int | None = None
    output_limit: int | None = None
    price: Price = field(default_factory=Price)
    abilities: frozenset[Ability] | None = None
    params: frozenset[str] | None = None
    family: str = ""
    alias: str = ""
    favourite: bool = False
    hidden: bool = False
    local: bool = False
    demo: bool = False

    @property
    def label(self) -> str:
        """What the person calls it: the alias, else the title."""
        return self.alias or self.title
