"""What a run is made of: what is asked, the events that come, and what came out in the end."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, Protocol, TypeVar

from hub.models.types import ChatRequest, Image, ModelInfo, Price, ToolUse, Usage
from hub.turns import Waiting

RunStatus = Literal["running", "done", "cancelled", "interrupted", "error", "waiting"]
OutcomeStatus = Literal["done", "cancelled", "interrupted", "error", "waiting"]
EventType = Literal[
    "text", "reasoning", "tool_call", "tool_start", "tool_result", "tool_wait", "usage", "step", "notice", "image",
    "error", "done", "end", "model",
]  # fmt: skip

NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Call(ToolUse):
    """A tool call where it stands in an answer: in which request for it (`round`, from 0), and after how many
    characters of its text (`at`). Calls of one round were made at the same time."""

    round: int = 0
    at: int = 0


@dataclass(frozen=True, slots=True)
class ToolAnswer:
    """What came of one tool call, as it is published and kept; `id` is that of the call, `name` the tool that ran,
    with the `arguments` that it got when they are not those of the call. It ran from `began_ms` (milliseconds from the
    start of the run; None: it did not) for `ms`.

    `text` goes to the model, `said` (a few words), `title`, `group` and `icon` are for the person; `sources` are plain
    data of the owning room, `about` too; `files` are ids. A call that failed says so in `text`. `usage` and `cost` are
    of models that the tool asked. With `attach` the answer goes on in another run, for which that is attached to its
    conversation.
    """

    id: str
    name: str
    text: str
    title: str = ""
    icon: str = ""
    said: str = ""
    error: bool = False
    ms: int = 0
    sources: tuple[dict[str, Any], ...] = ()
    group: str = ""
    key: str = ""
    arguments: str = ""
    about: Mapping[str, Any] = field(default_factory=dict[str, Any], hash=False)
    usage: Usage | None = None
    cost: float | None = 0.0
    images: tuple[Image, ...] = ()
    files: tuple[str, ...] = ()
    attach: Mapping[str, Any] | None = field(default=None, hash=False)
    began_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One request of an answer: milliseconds from the start of the run, tokens, US dollars (None is unknown)."""

    number: int
    began_ms: int
    first_token_ms: int | None
    ended_ms: int
    usage: Usage | None = None
    finish: str = ""
    cost: float | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """How far one answer may go by itself: requests to the model, tokens in and out together, US dollars (None is
    without). When one is reached the model is asked to end without tools, and the person is told."""

    steps: int = 25
    tokens: int | None = None
    cost: float | None = None

    def within(self, other: Limits) -> Limits:
        """The smaller one of each."""
        tokens, cost = _smaller(self.tokens, other.tokens), _smaller(self.cost, other.cost)
        return Limits(min(self.steps, other.steps), tokens, cost)


N = TypeVar("N", int, float)


def _smaller(one: N | None, other: N | None) -> N | None:
    known = [limit for limit in (one, other) if limit is not None]
    return min(known) if known else None


class Tools(Protocol):
    """What answers the tool calls of one target; called in the engine's threads, several at once."""

    def call(self, use: ToolUse) -> ToolAnswer | Waiting:
        """Runs a call, or says that the person must be asked first. What is wrong with it is an answer too."""
        ...

    def seconds(self, use: ToolUse) -> float:
        """How long the call may take."""
        ...


UNPRICED = Price()


@dataclass(frozen=True, slots=True)
class Fallback:
    """A model that stands in for one that cannot answer. `context` goes over that of the target then; the rest is how
    it is asked (`hub.models.types.ChatRequest`)."""

    model: str
    label: str = ""
    price: Price = UNPRICED
    context: Mapping[str, Any] = field(default_factory=dict[str, Any], hash=False)
    in_words: bool = False
    sees: bool = False
    takes_json: bool = False

    @classmethod
    def of(cls, info: ModelInfo) -> Fallback:
        """The model of the catalogue as one that stands in."""
        can = info.abilities
        return cls(
            info.id,
            info.label,
            info.price,
            {"window": info.context},
            in_words=can is None or "tools" not in can,
            sees=can is None or "vision" in can,
            takes_json=can is not None and "json" in can,
        )


@dataclass(frozen=True, slots=True)
class Target:
    """One model that is asked in a run.

    `prepare` is a plain function run in the engine's thread pool when the run starts; it reads what it needs from the
    stores and returns the prompt. An exception in it becomes the error of this target and touches no other.
    `context` is what the owning room needs at the end (such as the message to write); it is stored, so it must be
    plain data that BSON takes. `tools` answers the tool calls of the model; with it the model is asked again with the
    answers until it calls none. Without it tool calls end the answer. `pending` are calls that the prompt ends with and
    that are made first, in an answer that goes on after `said` of it was there and with calls whose ids are `taken`.
    `fallbacks` are asked in their order when a model cannot answer. `price` is what `limits` count in. `veiled`:
    whoever watches is not told what would give the model away. `before` is called on a thread before each request, with
    the US dollars that this run has taken so far (None unknown); the HubError that it raises ends the answer.
    """

    model: str
    prepare: Callable[[], ChatRequest]
    label: str = ""
    tools: Tools | None = None
    context: dict[str, Any] = field(default_factory=dict[str, Any])
    veiled: bool = False
    pending: tuple[ToolUse, ...] = ()
    said: str = ""
    taken: frozenset[str] = frozenset()
    limits: Limits = Limits()
    price: Price = UNPRICED
    fallbacks: tuple[Fallback, ...] = ()
    before: Callable[[float | None], None] | None = None


class Event(NamedTuple):
    """One event of a run. `seq` counts from 1 without gaps; `target` is -1 for events of the whole run.

    `text` is set for "text", "reasoning" and "notice"; everything else is in `data`, which must not be changed.
    """

    seq: int
    target: int
    type: EventType
    text: str = ""
    data: Mapping[str, Any] = NOTHING

    def wire(self) -> dict[str, Any]:
        """The JSON form: {"seq", "target", "type", ...}."""
        out: dict[str, Any] = {"seq": self.seq, "target": self.target, "type": self.type}
        if self.text:
            out["text"] = self.text
        out.update(self.data)
        return out


@dataclass(frozen=True, slots=True)
class TargetRecord:
    """A target as it is stored. Of a `veiled` one only the label may be shown."""

    model: str
    label: str
    context: dict[str, Any]
    status: RunStatus = "running"
    veiled: bool = False


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run as its owner may see it. `kind` names the room that started it, `context` is that room's own."""

    id: str
    owner: str
    kind: str
    status: RunStatus
    targets: tuple[TargetRecord, ...]
    context: dict[str, Any]
    started_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds from the start of the run; None when it never came to that or the process died."""

    started_at: datetime
    first_token_ms: int | None
    total_ms: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that came out of one target, whole or not. `model`, `label` and `context` are of the model that answered.

    `reasoning_ms` is the time from the first reasoning to the first other output. `error` is {kind, message, hint}.
    `payload` is the request body exactly as it was sent, without any key; None when nothing was sent.
    `usage.cost` is set when the provider reports the cost itself.
    """

    target: int
    model: str
    label: str
    context: dict[str, Any]
    status: OutcomeStatus
    text: str
    reasoning: str
    reasoning_ms: int | None
    tool_calls: tuple[Call, ...]
    tool_answers: tuple[ToolAnswer, ...]
    waits: tuple[Waiting, ...]
    steps: tuple[Step, ...]
    images: tuple[Image, ...]
    usage: Usage | None
    timing: Timing
    error: dict[str, Any] | None
    notices: tuple[str, ...]
    finish: str
    payload: dict[str, Any] | None

    @property
    def answered(self) -> bool:
        """Whether anything came that is worth keeping."""
        return bool(self.text or self.reasoning or self.tool_calls or self.images)


def image_data(image: Image) -> dict[str, Any]:
    """The event form of an image: {"mime", "data": base64}."""
    return {"mime": image.mime, "data": base64.b64encode(image.data).decode("ascii")}


def image_from(data: Mapping[str, Any]) -> Image:
    """The image in an event."""
    return Image(str(data["mime"]), base64.b64decode(data["data"]))
