"""What an agent is: how it is made, its versions, and what came of it when another agent asked it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from hub.models.types import Params, Usage
from hub.runs.records import Call, Limits, RunStatus, Step, Timing, ToolAnswer
from hub.turns import Waiting

Memory = Literal["full", "read", "off"]
"""What an agent has of the person's memory: it reads and learns, it reads only, or neither."""

LIMITS = Limits()
LONGEST_NAME = 80
LONGEST_DESCRIPTION = 500
LONGEST_INSTRUCTIONS = 40_000
LONGEST_STARTER = 300
LONGEST_AVATAR = 8
LARGEST_SCHEMA = 20_000
MOST = {"fallbacks": 5, "tools": 300, "skills": 300, "always": 20, "collections": 50, "helpers": 20, "successors": 20,
        "starters": 8}  # fmt: skip
LONGEST_ID = 300
MOST_STEPS = 100
LARGEST_NUMBER = 2**53
"""Larger whole numbers are not the same in every program."""


@dataclass(frozen=True, slots=True)
class AgentSpec:
    """How an agent is made: all that a version keeps and an export carries.

    `model` "" is the person's default; `fallbacks` are asked in their order when it cannot answer. `tools` are ids of
    tools and of sets ("group:Payments"), None is whatever is on in the chat, () is none; `skills` likewise, by name,
    and those in `always` are in every prompt. `collections` are ids of documents. With `asks` it may ask the person.
    `helpers` are agents that it may ask, `successors` those that it may hand the chat over to, by id. `schema` is a
    JSON schema that its answers must fit. `avatar` is a sign or two letters on the colour of `hue` (degrees).
    """

    name: str
    description: str = ""
    instructions: str = ""
    model: str = ""
    fallbacks: tuple[str, ...] = ()
    params: Params = field(default_factory=Params)
    tools: tuple[str, ...] | None = None
    skills: tuple[str, ...] | None = None
    always: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    memory: Memory = "full"
    asks: bool = False
    helpers: tuple[str, ...] = ()
    successors: tuple[str, ...] = ()
    limits: Limits = LIMITS
    schema: Mapping[str, Any] | None = field(default=None, hash=False)
    starters: tuple[str, ...] = ()
    avatar: str = ""
    hue: int = 210


@dataclass(frozen=True, slots=True)
class Agent:
    """An agent as somebody who may use it sees it. `everybody` may use it, or the `people` (ids) that it is shared
    with; only its owner (`mine`) changes it, and only they see whom it is shared with. `draft`: it has changes that are
    tried and not saved."""

    id: str
    owner: str
    spec: AgentSpec
    version: int
    mine: bool
    everybody: bool = False
    people: tuple[str, ...] = ()
    draft: bool = False
    uses: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AgentVersion:
    """One state of an agent; `why` says where it came from in a few words."""

    number: int
    spec: AgentSpec
    at: datetime
    why: str = ""


@dataclass(frozen=True, slots=True)
class AskRecord:
    """What came of one agent that was asked by another, under `answer`, the message that it all belongs to.

    `parent` is the ask that asked ("" is the answer itself), `call` the id of its tool call there, `depth` from 1.
    `waits` are calls that need the person. `usage` and `cost` (US dollars, None unknown) are with everything beneath.
    `run` is the newest run that it was answered in; while `status` is running, its text is in the events of that.
    `files` are ids of pictures and files that were made on the way.
    """

    id: str
    answer: str
    parent: str
    call: str
    depth: int
    agent: str
    name: str
    avatar: str
    hue: int
    version: int
    task: str
    status: RunStatus
    text: str = ""
    model: str = ""
    model_label: str = ""
    steps: tuple[Step, ...] = ()
    tool_calls: tuple[Call, ...] = ()
    tool_results: tuple[ToolAnswer, ...] = ()
    waits: tuple[Waiting, ...] = ()
    usage: Usage | None = None
    cost: float | None = None
    timing: Timing | None = None
    error: Mapping[str, Any] | None = field(default=None, hash=False)
    notices: tuple[str, ...] = ()
    run: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """An agent that an import brought in, and what of it could not come."""

    agent: Agent
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A field in which two states of an agent differ: what it is called, and how, as a unified diff without a head."""

    field: str
    diff: str
