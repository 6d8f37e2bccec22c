"""What a schedule is: what is asked, when, how far it may go, and what became of each time that it was due."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from hub.models.types import Params, Usage
from hub.schedules.when import When

Missed = Literal["skip", "latest", "all"]
Overlap = Literal["skip", "queue", "replace"]
Place = Literal["new", "chat", "document"]
State = Literal["on", "paused"]
Status = Literal["queued", "running", "done", "failed", "missed", "skipped", "cancelled"]
Cause = Literal["time", "now", "webhook", "document", "schedule", "replay"]
Told = Literal["done", "failed", "needs", "paused"]
Shelf = Literal["unread", "read", "archived", ""]

ENDED: frozenset[Status] = frozenset({"done", "failed", "missed", "skipped", "cancelled"})
MADE_BY = "schedule"
"""The mark of documents that a schedule has written."""
LONGEST_NAME = 80
LONGEST_PROMPT = 40_000
MOST_SCHEDULES = 500
"""Living schedules of one person."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How a schedule goes about trouble.

    `missed`: what happens to times at which nobody was up: left out, only the latest is made up for, or all, none older
    than `max_age` minutes. `overlap`: what happens when it is due while it still runs. A run ends after `timeout`
    minutes and is tried `retries` times more when it fails, after `backoff` seconds, then twice as many and so on.
    `run_cap`, `month_cap`: US dollars, asked before each request; None is without. After `pause_after` failures in a
    row the schedule is paused; 0 is never.
    """

    missed: Missed = "latest"
    max_age: int = 24 * 60
    overlap: Overlap = "skip"
    timeout: int = 30
    retries: int = 2
    backoff: int = 60
    run_cap: float | None = 1.0
    month_cap: float | None = None
    pause_after: int = 5


@dataclass(frozen=True, slots=True)
class OnlyIf:
    """When a result is worth telling: always ("" kind), when its text fits the regular expression `text`, or when a
    model says that what `text` says is true of it."""

    kind: Literal["", "pattern", "model"] = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Output:
    """Where a result goes: a new chat each time, one chat (`target` is its id), or a document in a collection besides a
    new chat (`target` is the collection)."""

    place: Place = "new"
    target: str = ""
    project: str = ""


@dataclass(frozen=True, slots=True)
class Triggers:
    """What starts a schedule besides the clock: a signed `webhook`, a new document in the `collection`, the end of the
    schedule `after` in one of the ways `after_on`."""

    webhook: bool = False
    collection: str = ""
    after: str = ""
    after_on: tuple[Literal["done", "failed"], ...] = ("done",)


@dataclass(frozen=True, slots=True)
class Spec:
    """All that a person says about a schedule. `agent` or `model` answers ("" both: the person's default model).
    `channels` are ids of the person's notification channels, told of what is in `told`."""

    name: str
    prompt: str
    agent: str = ""
    model: str = ""
    params: Params = field(default_factory=Params)
    when: When | None = None
    triggers: Triggers = field(default_factory=Triggers)
    policy: Policy = field(default_factory=Policy)
    only_if: OnlyIf = field(default_factory=OnlyIf)
    output: Output = field(default_factory=Output)
    channels: tuple[str, ...] = ()
    told: tuple[Told, ...] = ("done", "failed", "needs", "paused")


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule of a person. `tools` are the only ones that its runs may use, as they were when it was saved (stable
    ids); `failures` in a row; `why` it is paused."""

    id: str
    owner: str
    spec: Spec
    state: State
    why: str = ""
    next_at: datetime | None = None
    tools: tuple[str, ...] = ()
    failures: int = 0
    has_secret: bool = False
    created_at: datetime | None = None
    updated_at: datetime | None = None
    last: Occurrence | None = None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that a schedule was due. `slot` tells it from all others of the schedule; `due_at` is when it should
    have begun. `conversation` and `answer` are where its result is ("" before it began). `needs` says what would have
    needed the person; `quiet`: it was not worth telling; `more`: further times that were missed with it. `shelf` is
    where it stands in the inbox ("" not in it)."""

    id: str
    schedule: str
    name: str
    slot: str
    cause: Cause
    due_at: datetime
    status: Status
    attempts: int = 0
    began_at: datetime | None = None
    ended_at: datetime | None = None
    conversation: str = ""
    answer: str = ""
    run: str = ""
    said: str = ""
    error: str = ""
    hint: str = ""
    needs: tuple[str, ...] = ()
    usage: Usage | None = None
    cost: float | None = 0.0
    quiet: bool = False
    more: int = 0
    shelf: Shelf = ""

    @property
    def seconds(self) -> float | None:
        """How long it took; None while it has not both begun and ended."""
        return (self.ended_at - self.began_at).total_seconds() if self.began_at and self.ended_at else None
