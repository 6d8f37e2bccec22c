"""What a comparison is made of, as pages, components and routes see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from hub.chat.records import ErrorRecord, Message, Queued
from hub.models.types import Params, Usage

MergeKind = Literal["fuse", "guided", "table", "own"]
MergeStatus = Literal["streaming", "done", "cancelled", "interrupted", "error"]
MOST_PANES = 24


@dataclass(frozen=True, slots=True)
class Pane:
    """One model that answers in a comparison: a branch of its conversation. `head` is the branch's newest message.

    `letter` names it while names are hidden. `model` and `label` are empty as long as the person must not know.
    """

    id: str
    letter: str
    model: str
    label: str
    params: Params
    head: str | None


@dataclass(frozen=True, slots=True)
class ShownPane:
    """A pane with the messages of its branch, oldest first, as far as they are shown."""

    pane: Pane
    messages: tuple[Message, ...]
    earlier: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """One line of the checklist of a guided merge."""

    text: str
    ticked: bool = True


@dataclass(frozen=True, slots=True)
class Merge:
    """One way the answers of a turn were brought together; several stand beside each other.

    `checklist` is what a guided merge found, to be ticked before the second step writes `text`.
    """

    id: str
    kind: MergeKind
    turn: int
    model: str
    label: str
    status: MergeStatus
    instruction: str = ""
    checklist: tuple[Difference, ...] = ()
    text: str = ""
    run: str | None = None
    usage: Usage | None = None
    cost: float | None = None
    error: ErrorRecord | None = None


@dataclass(frozen=True, slots=True)
class TurnVote:
    """What the person said of the answers of one turn; `ranks` by pane id, 1 the best."""

    turn: int
    ranks: dict[str, int]
    all_bad: bool = False
    reason: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """A conversation that several models answer side by side. `turns` counts the questions that went to several panes.

    With `blind` the names are hidden until the newest turn is voted on (`revealed`). `temporary`, `project` and
    `attached`, what rooms keep with it, are its conversation's.
    """

    id: str
    conversation: str
    title: str
    blind: bool
    revealed: bool
    turns: int
    panes: tuple[Pane, ...]
    merges: tuple[Merge, ...] = ()
    votes: tuple[TurnVote, ...] = ()
    created_at: datetime | None = None
    temporary: bool = False
    project: str | None = None
    attached: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Shown:
    """A comparison as the page draws it; `running` are the runs that write into it now. `waiting` are questions to
    panes that still write: each is sent when the answer `after`, which is the pane's head, has ended."""

    comparison: Comparison
    panes: tuple[ShownPane, ...]
    running: tuple[str, ...] = ()
    waiting: tuple[Queued, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What asking did: the run that writes into `panes` (None when all wait), and the panes whose question waits for
    the answer that they are still writing."""

    comparison: str
    conversation: str
    run: str | None
    panes: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Team:
    """Models, parameters and a way to merge, kept under a name."""

    id: str
    name: str
    members: Sequence[tuple[str, Params]] = field(default_factory=tuple[tuple[str, Params], ...])
    blind: bool = False
    merge: MergeKind | None = None
    merge_model: str = ""
