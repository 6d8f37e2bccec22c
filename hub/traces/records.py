"""The shapes of a trace. All milliseconds count from the beginning of the answer, pauses left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple

from pydantic import TypeAdapter

from hub.models.types import Usage
from hub.runs.records import Call, Step, ToolAnswer

Kind = Literal["step", "tool", "pause", "agent"]
State = Literal["done", "running", "waiting", "error", "cancelled", "interrupted", "lost", "kept"]
"""How something stands. "lost": it is not known whether it ran; "kept": it comes from another answer."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A call that waited for the person; `replied_at` None while it does, times None when they were not kept."""

    call: str
    title: str
    asked_at: datetime | None = None
    icon: str = ""
    reply: str = ""
    replied_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """What one model did: an answer, or what a sub-agent was asked under it.

    A sub-agent has a `name`, an `avatar` (a sign or two letters on the colour of `hue`, in degrees), its `task`, the
    `call` of a tool that asked it and the work that it belongs to (`parent`, "" for the answer). Times in its `steps`
    and `results` count from its own beginning. `cost` is in US dollars with everything beneath, None is unknown.
    """

    id: str
    status: State
    steps: tuple[Step, ...] = ()
    calls: tuple[Call, ...] = ()
    results: tuple[ToolAnswer, ...] = ()
    pauses: tuple[Pause, ...] = ()
    usage: Usage | None = None
    cost: float | None = None
    started_at: datetime | None = None
    first_token_ms: int | None = None
    total_ms: int | None = None
    error: str = ""
    parent: str = ""
    call: str = ""
    name: str = ""
    avatar: str = ""
    hue: int | None = None
    task: str = ""
    text: str = ""
    model_label: str = ""


class Part(NamedTuple):
    """Text under a title: arguments, a result, a task."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Span:
    """One row of a timeline. `began_ms` None: not known, or in another answer; `ms` None: not over, or not known.

    The `ms` of a pause is the person's time, which no other row counts. `prompt` is how many messages of the trace's
    prompt a step was sent; None when that is not kept. `cost` None is unknown, 0 nothing. `icon` is the name of a
    Material symbol, an `avatar` is as in `Work`.
    """

    id: str
    kind: Kind
    label: str
    status: State = "done"
    began_ms: int | None = None
    ms: int | None = None
    first_token_ms: int | None = None
    usage: Usage | None = None
    cost: float | None = 0.0
    said: str = ""
    icon: str = ""
    avatar: str = ""
    hue: int | None = None
    key: str = ""
    model: str = ""
    parts: tuple[Part, ...] = ()
    prompt: int | None = None
    spans: tuple[Span, ...] = ()

    def all(self) -> Iterator[Span]:
        """Itself and everything under it."""
        yield self
        for one in self.spans:
            yield from one.all()


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a message of a prompt, with our estimate of its `tokens`; `title` names what a room put in."""

    text: str
    tokens: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message of a prompt as it was sent; with the role "tools" the descriptions of all tools."""

    role: str
    pieces: tuple[Piece, ...]

    @property
    def tokens(self) -> int:
        """About how many."""
        return sum(piece.tokens for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Trace:
    """What an answer did. `prompt` is the last request, of which earlier ones were sent the beginning; `request` is it
    as it went out, without any key (None: not kept). `cost` (US dollars, None unknown) is of everything together.

    `note` says what cannot be shown.
    """

    message: str
    conversation: str
    title: str
    status: State
    model: str = ""
    agent: str = ""
    started_at: datetime | None = None
    first_token_ms: int | None = None
    total_ms: int | None = None
    cost: float | None = None
    error: str = ""
    spans: tuple[Span, ...] = ()
    prompt: tuple[Sent, ...] = ()
    request: dict[str, Any] | None = field(default=None, hash=False)
    note: str = ""

    def all(self) -> Iterator[Span]:
        """Every row, those of sub-agents too."""
        for one in self.spans:
            yield from one.all()

    def plain(self) -> dict[str, Any]:
        """All of it as JSON takes it, but for the request."""
        made = TypeAdapter(Trace).dump_python(self, mode="json", exclude={"request", "prompt"})
        return {**made, "usage": None if self.usage is None else asdict(self.usage)}

    @property
    def usage(self) -> Usage | None:
        """Tokens of all requests together, those of sub-agents too; None when no provider has counted any."""
        total: Usage | None = None
        for one in self.all():
            if one.kind == "step" and one.usage is not None:
                total = one.usage if total is None else total + one.usage
        return total

    def count(self, *kinds: Kind) -> int:
        """How many rows there are of these kinds."""
        return sum(one.kind in kinds for one in self.all())

    @property
    def errors(self) -> int:
        """How many steps and calls failed; a sub-agent that failed with a step of its own counts once."""
        failed = [one for one in self.all() if one.status == "error"]
        return sum(not any(inner.status == "error" for inner in one.spans) for one in failed)
