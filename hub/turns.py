"""What rooms give each other around a turn of chat, through `hub.hooks`: context, tools, sources, exchanges.

Rooms do not import each other. Chat makes a `Turn` of what is asked and where; memory and documents answer with a
`Block` for the prompt and with tools; chat tells of an `Exchange` once it is stored.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Lock
from typing import Any, Literal

from hub.db.who import Who
from hub.models.types import Image, ModelInfo, ToolSpec, Usage

EVERYWHERE = ""
"""The scope of what belongs to no project."""


def project_scope(project: str | None) -> str:
    """The scope of a project's things; `EVERYWHERE` without one."""
    return f"project:{project}" if project else EVERYWHERE


@dataclass(frozen=True, slots=True)
class Source:
    """Something an answer was given and may cite: a passage, a fact, an earlier message.

    `item` is its id in the room of its `kind`, `text` the passage as it went in, `place` where it stands in words
    ("page 3 · Water"), `score` how well it fitted (None when nothing was ranked), `about` plain data that its room
    needs to open it. `number` is what "[1]" in the answer points to; 0 is not cited by number.
    """

    kind: Literal["document", "memory", "message", "web"]
    item: str
    title: str
    text: str
    place: str = ""
    score: float | None = None
    about: Mapping[str, Any] = field(default_factory=dict[str, Any], hash=False)
    number: int = 0


class Citations:
    """Hands out the numbers of one answer; from any thread. The same passage keeps its number. `before` are the sources
    that an answer has already which goes on."""

    def __init__(self, before: Iterable[Source] = ()) -> None:
        self._lock = Lock()
        self._known = {(one.kind, one.item, one.text): one for one in before if one.number}
        self._last = max((one.number for one in self._known.values()), default=0)

    def cite(self, source: Source) -> Source:
        """`source` with its number, from 1."""
        key = (source.kind, source.item, source.text)
        with self._lock:
            if key not in self._known:
                self._last += 1
                self._known[key] = replace(source, number=self._last)
            return self._known[key]

    def known(self) -> tuple[Source, ...]:
        """What has a number so far, in the order of the numbers."""
        with self._lock:
            return tuple(sorted(self._known.values(), key=lambda one: one.number))

    def copy(self) -> Citations:
        """The numbers so far, to be gone on from by another answer that was given the same."""
        return Citations(self.known())


_DATA = re.compile(r"(?s)<data\b[^>]*>.*?(?:</data>|\Z)")


def own_words(text: str) -> str:
    """What a person has said in a message, without the data that was filled into it (`<data>`)."""
    return _DATA.sub(" ", text)


Before = Callable[[float | None], None]
"""Asked before each request to a model, with the US dollars that its run has taken (None unknown); raises HubError when
it must not be sent."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One model about to answer. `question` is the newest message of the person, `asked` its id, `answer` the id of the
    empty answer.

    `budget`: tokens that all blocks together may take, None when the model's window is unknown. `attached`: what rooms
    keep on the conversation, by room. A `temporary` chat neither reads nor leaves memory. `said` are the person's own
    earlier messages on this branch of the chat. `alone`: no other model answers the same at the same time. Where it is
    not `attended` nobody can be asked, and what would have to be asked is refused; `only` are the tools that may run
    then (stable ids; None is any), and `before` is asked before each request of an agent that this one asks.
    """

    who: Who
    conversation: str
    answer: str
    question: str
    model: ModelInfo
    scope: str = EVERYWHERE
    temporary: bool = False
    budget: int | None = None
    attached: Mapping[str, Any] = field(default_factory=dict[str, Any], hash=False)
    citations: Citations = field(default_factory=Citations)
    asked: str = ""
    said: tuple[str, ...] = ()
    alone: bool = False
    attended: bool = True
    only: frozenset[str] | None = None
    before: Before | None = field(default=None, compare=False)

    @property
    def takes_tools(self) -> bool:
        """Whether the model is known to call tools by itself; the others are told how in words
        (`hub.models.text_protocol`)."""
        return self.model.abilities is not None and "tools" in self.model.abilities


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of context that a room puts into the prompt.

    `place`: "system" stands with the system prompt and should rarely change (the provider's cache), "turn" stands
    before the question. `title` and `tokens` are for "What went in"; `notices` are sentences for the person. A block
    without `text` only says or shows something.
    """

    room: str
    title: str
    text: str
    tokens: int
    place: Literal["system", "turn"] = "turn"
    sources: tuple[Source, ...] = ()
    notices: tuple[str, ...] = ()


calling: ContextVar[str] = ContextVar("calling", default="")
"""The id of the call that a tool answers, on the thread on which it does."""

SECONDS = 60.0
"""The time of a tool that says nothing of its own."""

Permission = Literal["always", "ask", "never"]
"""What happens when a model calls a tool: it runs, the person is asked first, or it is refused."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that a tool wants to know of the person. Without `choices` any text is an answer."""

    name: str
    text: str
    choices: tuple[str, ...] = ()
    several: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """A tool call that needs the person first: leave to run, or answers to `questions`. `arguments` is what the tool
    would get, as JSON; `why` says who wants it asked."""

    id: str
    name: str
    tool: str
    title: str = ""
    icon: str = ""
    group: str = ""
    key: str = ""
    arguments: str = ""
    why: str = ""
    version: str = ""
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What the person said to a call that waited: that it may run with exactly these `arguments`, or the `answers` to
    what the tool asked, by the names of the questions. `allowed` None: nothing, it is made like any other call."""

    allowed: bool | None
    tool: str = ""
    version: str = ""
    arguments: str = ""
    answers: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)


@dataclass(frozen=True, slots=True)
class ToolFile:
    """A file that a tool made."""

    name: str
    mime: str
    data: bytes


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool gave: `text` for the model, `said` in a few words for the person.

    `text` goes to the model marked as data that nobody vouches for, unless it is `ours`: a sentence of the hub itself.
    `images` are shown to the person, and to a model that sees; `files` are kept for the person, and their text is read
    by the model; `kept` are ids of files that are kept already. `usage` and `cost` (US dollars; None is unknown) are of
    models that the tool itself asked, and count to the answer. `about` is plain data that the tool's room needs to show
    more. `asks`: the tool cannot go on without the person; the answer pauses, and what they say becomes the result.
    `waits`: a call that the tool itself wants to make needs the person; what they say goes to `Tool.resume`.
    `attach`: the conversation has this attached from now on, and the answer goes on with it.
    """

    text: str
    said: str = ""
    error: bool = False
    sources: tuple[Source, ...] = ()
    images: tuple[Image, ...] = ()
    files: tuple[ToolFile, ...] = ()
    kept: tuple[str, ...] = ()
    ours: bool = False
    usage: Usage | None = None
    cost: float | None = 0.0
    about: Mapping[str, Any] = field(default_factory=dict[str, Any], hash=False)
    asks: tuple[Question, ...] = ()
    waits: Waiting | None = None
    attach: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool of a room for one turn.

    `call` takes the arguments as the model gave them, one JSON object that fits `spec.parameters`; it runs on a thread,
    may be called several times at once, and may raise HubError, whose sentence goes to the model. It is called only
    when it is allowed: `permission` is what holds where nobody has decided anything, "always" only for tools that read
    what the person may read and change nothing outside of the hub.

    `id` names the tool for good ("mcp:<server>/<name>"), for what is decided about it; `version` changes when it does
    something else under the same name, and what was decided to be always allowed is asked again then. `group` is the
    set that it belongs to, as it is shown. A `resident` tool is always in the prompt, others may have to be found.
    `key` is the argument that tells its calls apart in one line ("" is the first). `seconds` is its time. With `decide`
    the tool's own word on permission depends on the arguments. `resume` goes on with a call whose result had `waits`.
    """

    spec: ToolSpec
    title: str
    icon: str
    call: Callable[[dict[str, Any]], ToolResult]
    id: str = ""
    group: str = ""
    permission: Permission = "always"
    resident: bool = False
    key: str = ""
    seconds: float = SECONDS
    version: str = ""
    decide: Callable[[dict[str, Any]], Permission] | None = None
    resume: Callable[[dict[str, Any], Reply], ToolResult] | None = None

    @property
    def name(self) -> str:
        """What the model calls it by."""
        return self.spec.name

    @property
    def stable_id(self) -> str:
        """Its id; a tool of the hub's own rooms goes by its name."""
        return self.id or f"hub:{self.spec.name}"


@dataclass(frozen=True, slots=True)
class Note:
    """A few words of a room under an answer, such as what it learned from it. They lead to `page`, with `query`."""

    text: str
    page: str
    query: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)


@dataclass(frozen=True, slots=True)
class Said:
    """A stored message, for other rooms. `time` is UTC; `model` is the id of the one that answered."""

    message: str
    role: Literal["user", "assistant", "system"]
    text: str
    time: datetime
    model: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    """What was asked and answered, once the answer is stored. `before` are the messages just above, oldest first;
    `summary` stands for what is older still ("" when there is none), `attached` is as in a `Turn`."""

    who: Who
    conversation: str
    title: str
    scope: str
    temporary: bool
    asked: Said
    answered: Said
    before: tuple[Said, ...] = ()
    summary: str = ""
    attached: Mapping[str, Any] = field(default_factory=dict[str, Any], hash=False)
