"""What a conversation is made of, as pages and components see it: plain frozen records."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from hub.models.types import ModelInfo, Params, Usage
from hub.runs.records import Call, Step
from hub.turns import Note, Question, Source

MessageRole = Literal["user", "assistant", "system"]
Status = Literal["streaming", "done", "interrupted", "cancelled", "error", "waiting"]
When = Literal["now", "queue", "interrupt"]
Target = tuple[str, Params]
"""One model that is asked: its id and how it shall answer."""

SHORTEST_SPAN_MS = 50
"""Below it a speed would only measure the network."""

VARIABLE = re.compile(r"\{\{\s*([A-Za-z_][\w -]*?)\s*\}\}")
"""A place to fill in, in the text of a prompt: {{name}}."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file on a message. `kind`: text, image, or pages (a document that is only pictures).

    `tokens` is our estimate of the whole file; `warning` says what the person should know about it.
    """

    id: str
    name: str
    mime: str
    size: int
    kind: str
    how: str = ""
    tokens: int = 0
    warning: str = ""


@dataclass(frozen=True, slots=True)
class FileUse:
    """How one file went into a prompt: `how` is whole, shortened, image, pages or left_out; `said` is the sentence."""

    file: str
    name: str
    how: Literal["whole", "shortened", "image", "pages", "left_out"]
    tokens: int
    of: int
    said: str


@dataclass(frozen=True, slots=True)
class BlockUse:
    """A piece of context that a room put into a prompt, as it went in."""

    room: str
    title: str
    text: str
    tokens: int


@dataclass(frozen=True, slots=True)
class ToolUsed:
    """What a tool gave for the call with the id `call`: `text` to the model, `said` in a few words for the person.

    `name` and `arguments` are of the tool that ran, where the call named another one. `key` is the argument that tells
    its calls apart, `cost` (US dollars) what models took that the tool asked, `about` what its room needs to show more.
    It ran from `began_ms`, counted as in `Step` (None: it did not, or that was not kept). `files` are the ids of what
    it made, which the answer shows.
    """

    call: str
    text: str
    title: str = ""
    icon: str = ""
    said: str = ""
    error: bool = False
    ms: int = 0
    name: str = ""
    group: str = ""
    key: str = ""
    arguments: str = ""
    about: Mapping[str, Any] = field(default_factory=dict[str, Any], hash=False)
    cost: float | None = 0.0
    began_ms: int | None = None
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A call that waits for the person until `until`: for leave to run, or for answers to `questions`. `reply` says
    what they said ("" nothing yet), at `replied_at`."""

    call: str
    name: str
    tool: str
    until: datetime
    title: str = ""
    icon: str = ""
    group: str = ""
    key: str = ""
    arguments: str = ""
    why: str = ""
    version: str = ""
    questions: tuple[Question, ...] = ()
    reply: Literal["", "allowed", "denied", "answered"] = ""
    answers: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)
    replied_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ContextUsed:
    """What went into the prompt of an answer beside the conversation itself, and what did not.

    `tokens` is our estimate of the prompt, `window` the model's (None unknown). `left_out` counts the oldest messages
    that did not fit. `summary_of` is the message up to which a summary stood in for the messages, if one did.
    """

    tokens: int
    window: int | None = None
    messages: int = 0
    left_out: int = 0
    summary_of: str | None = None
    files: tuple[FileUse, ...] = ()
    system_prompt: bool = False
    blocks: tuple[BlockUse, ...] = ()


@dataclass(frozen=True, slots=True)
class Timing:
    """When an answer started and how long it took, in milliseconds."""

    started_at: datetime | None
    first_token_ms: int | None
    total_ms: int | None

    def tokens_per_second(self, usage: Usage | None) -> float | None:
        """Output tokens for each second after the first token; None when it cannot be told, also because the whole
        answer came at once."""
        if usage is None or self.first_token_ms is None or self.total_ms is None or not usage.output:
            return None
        span = self.total_ms - self.first_token_ms
        return usage.output / (span / 1000) if span >= SHORTEST_SPAN_MS else None


@dataclass(frozen=True, slots=True)
class ErrorRecord:
    """Why an answer failed: a stable word, a sentence, the next step; `retry_after` in seconds when it was told."""

    kind: str
    message: str
    hint: str = ""
    retryable: bool = False
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a person thought of an answer."""

    value: Literal["good", "bad"]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """A summary of everything up to and including the message that it stands on; later prompts begin with it."""

    text: str
    covers: int
    model: str
    created_at: datetime
    edited: bool = False
    automatic: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """One message with its provenance.

    `siblings` are the ids of all messages with the same parent, oldest first and itself among them (`index`).
    `cost` is in US dollars, None is unknown. `images` are files that the model made. `summary`, where there is one,
    is drawn after the message. A "streaming" message has its text in the events of `run`, as target `target`.
    `sources` are what the answer was given; "[1]" in its text points to the one with that number.
    A "waiting" one goes on when the person has replied to what it has `asked`; `steps` are its requests.
    `turn` numbers a question that went to several branches at once, `agent` is the id of the agent that answered. While
    `veiled` says what an answer is called, nothing here tells whose it is.
    """

    id: str
    conversation: str
    parent: str | None
    role: MessageRole
    text: str
    status: Status
    created_at: datetime
    depth: int = 0
    siblings: tuple[str, ...] = ()
    reasoning: str = ""
    reasoning_ms: int | None = None
    model: str = ""
    model_label: str = ""
    params: Params = field(default_factory=Params)
    files: tuple[Attachment, ...] = ()
    images: tuple[Attachment, ...] = ()
    tool_calls: tuple[Call, ...] = ()
    tool_results: tuple[ToolUsed, ...] = ()
    asked: tuple[Asked, ...] = ()
    steps: tuple[Step, ...] = ()
    sources: tuple[Source, ...] = ()
    usage: Usage | None = None
    cost: float | None = None
    timing: Timing | None = None
    finish: str = ""
    error: ErrorRecord | None = None
    notices: tuple[str, ...] = ()
    run: str | None = None
    target: int = 0
    context_used: ContextUsed | None = None
    feedback: Feedback | None = None
    edited_at: datetime | None = None
    summary: Summary | None = None
    turn: int | None = None
    agent: str = ""
    veiled: str = ""

    @property
    def index(self) -> int:
        """Place among the siblings, from 0."""
        return self.siblings.index(self.id) if self.id in self.siblings else 0


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the answers of a conversation. `cost` covers priced answers only, `unpriced` counts the others."""

    input: int = 0
    output: int = 0
    cached: int = 0
    reasoning: int = 0
    cost: float = 0.0
    answers: int = 0
    unpriced: int = 0


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation. `head` is the open leaf; `model` is the id that is asked next ("" is the default).

    `attached` is what rooms keep with it, by room, such as the collections of documents that it reads.
    """

    id: str
    title: str
    created_at: datetime
    updated_at: datetime
    head: str | None = None
    title_edited: bool = False
    model: str = ""
    params: Params = field(default_factory=Params)
    system_prompt: str = ""
    pinned: bool = False
    archived: bool = False
    temporary: bool = False
    expires_at: datetime | None = None
    deleted_at: datetime | None = None
    totals: Totals = field(default_factory=Totals)
    forked_from: str | None = None
    project: str | None = None
    attached: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Queued:
    """A message that waits for the running answer `after`. `held` says why it is not sent by itself, if so."""

    id: str
    conversation: str
    text: str
    after: str
    created_at: datetime
    targets: tuple[Target, ...] = ()
    files: tuple[Attachment, ...] = ()
    held: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """A slice of a branch, oldest first. `earlier` and `later`: there are messages before it, and after it.

    `aside` is the end of the branch when it is not the open one: what answers it goes on here.
    """

    conversation: Conversation
    messages: tuple[Message, ...]
    earlier: bool = False
    queued: tuple[Queued, ...] = ()
    later: bool = False
    aside: str | None = None

    @property
    def running(self) -> tuple[str, ...]:
        """The runs that still write into these messages."""
        return tuple(dict.fromkeys(m.run for m in self.messages if m.status == "streaming" and m.run))


@dataclass(frozen=True, slots=True)
class Listing:
    """The sidebar: pinned by title, recent newest first. `earlier`: older ones exist."""

    pinned: tuple[Conversation, ...]
    recent: tuple[Conversation, ...]
    earlier: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A conversation's place in the order of the library: its time, and its id where times are equal."""

    time: datetime
    id: str


@dataclass(frozen=True, slots=True)
class LibraryPage:
    """One page of the library. `after` is where the next one begins, None when this is the last."""

    rows: tuple[Conversation, ...]
    after: Place | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """What `send` did: a run with its messages, or (`queued` set) a message that waits."""

    conversation: str
    run: str | None = None
    message: str | None = None
    answers: tuple[str, ...] = ()
    queued: str | None = None


@dataclass(frozen=True, slots=True)
class Deleted:
    """What deleting a message does or did: `moved` children hang on its parent now, `removed` went with it.

    `head` is the leaf that is open afterwards, None when nothing is left.
    """

    message: str
    removed: tuple[str, ...]
    moved: tuple[str, ...]
    head: str | None = None

    @property
    def sentence(self) -> str:
        """For the dialog or the notice."""
        others = len(self.removed) - 1
        if others > 0:
            return f"This message and {others} after it go."
        if self.moved:
            return "Only this message goes; what follows moves up."
        return "This message goes."


@dataclass(frozen=True, slots=True)
class Preset:
    """A model with parameters and a system prompt under a name."""

    id: str
    name: str
    model: str
    params: Params = field(default_factory=Params)
    system_prompt: str = ""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A text that `/name` puts into the composer."""

    id: str
    name: str
    text: str
    description: str = ""

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of the places to fill in, each once, in order."""
        return tuple(dict.fromkeys(VARIABLE.findall(self.text)))


@dataclass(frozen=True, slots=True)
class Preferences:
    """How a person likes the hub. `title_model` "" takes the first words; `when_running` is what sending does then. An
    answer with tools takes at most `most_steps` requests, `most_tokens` in and out together and `most_cost` US dollars
    (None is without)."""

    appearance: Literal["system", "light", "dark"] = "system"
    title_model: str = ""
    enter_sends: bool = True
    when_running: Literal["queue", "interrupt"] = "queue"
    auto_compact: bool = True
    show_costs: bool = True
    system_prompt: str = ""
    most_steps: Annotated[int, Field(ge=1, le=100)] = 25
    most_tokens: Annotated[int, Field(ge=1_000)] | None = None
    most_cost: Annotated[float, Field(ge=0.001)] | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """The next turn: estimated prompt `tokens`, the model's `window` and the `cost` of the prompt (None unknown).

    `left_out` counts older messages that do not fit; `notes` says in sentences what will not go in whole.
    """

    tokens: int
    window: int | None
    cost: float | None
    left_out: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """A conversation, or with `window` None a new chat. `chosen` is the id of the model that answers next; `model` is
    that model, None when its connection is gone. `models` has it in any case, listed or not. `notes` are what rooms say
    under answers, by their ids. `missed`: the message that was asked for is not there any more."""

    window: Window | None
    likes: Preferences
    models: Sequence[ModelInfo]
    recent: Sequence[str]
    chosen: str
    model: ModelInfo | None
    presets: Sequence[Preset]
    prompts: Sequence[Prompt]
    notes: Mapping[str, Sequence[Note]] = field(default_factory=dict[str, Sequence[Note]], hash=False)
    missed: bool = False

    @property
    def conversation(self) -> Conversation | None:
        """The conversation that is shown."""
        return self.window.conversation if self.window else None

    @property
    def messages(self) -> tuple[Message, ...]:
        """The messages that are shown."""
        return self.window.messages if self.window else ()

    @property
    def answered(self) -> Message | None:
        """The newest message when it is an answer that has come, in a chat that is not temporary."""
        last = self.messages[-1] if self.messages else None
        kept = last and last.role == "assistant" and last.status == "done"
        return last if kept and self.conversation and not self.conversation.temporary else None

    @property
    def running(self) -> tuple[str, ...]:
        """The runs that still write into them."""
        return self.window.running if self.window else ()
