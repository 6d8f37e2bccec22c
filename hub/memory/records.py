"""What is remembered of a person, where it came from and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from hub.turns import EVERYWHERE

Kind = Literal["profile", "preference", "instruction", "event", "plan", "relationship", "knowledge"]
Origin = Literal["automatic", "user", "tool", "import"]
Shelf = Literal["live", "past", "deleted"]
"""Live facts are recalled; past ones were superseded or are over; deleted ones were taken back."""

Op = Literal["add", "update", "supersede", "forget", "edit", "pin", "unpin", "merge", "delete", "undo", "purge"]
Precision = Literal["day", "month", "year"]

KINDS: tuple[Kind, ...] = ("profile", "preference", "instruction", "event", "plan", "relationship", "knowledge")
ALWAYS: frozenset[Kind] = frozenset({"profile", "preference", "instruction"})
"""The kinds of the always-on profile: no question resembles them."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a fact was said: `quote` are the person's own words in `message`. Both ids are "" for what was typed on the
    memory page or imported."""

    conversation: str = ""
    message: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True)
class EventTime:
    """When what a fact tells of happened or will happen; both ends are days ("2026-05-03"), `end` may be ""."""

    start: str
    end: str = ""
    precision: Precision = "day"


@dataclass(frozen=True, slots=True)
class Fact:
    """One remembered thing, in the third person and understandable alone.

    `importance` and `confidence` go from 0 to 1. `valid_from` and `valid_to` say when it held in the world,
    `recorded_at` and `retracted_at` when the hub believed it. `supersedes` are the facts whose place it took.
    `sensitive` names the sensitive kind ("health"), "" otherwise. `uses` and `last_used` count answers that it went
    into.
    """

    id: str
    scope: str
    text: str
    kind: Kind
    subject: str = ""
    predicate: str = ""
    object: str = ""
    entities: tuple[str, ...] = ()
    importance: float = 0.5
    confidence: float = 0.8
    event: EventTime | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    recorded_at: datetime | None = None
    retracted_at: datetime | None = None
    supersedes: tuple[str, ...] = ()
    superseded_by: str = ""
    sources: tuple[Evidence, ...] = ()
    origin: Origin = "automatic"
    pinned: bool = False
    sensitive: str = ""
    uses: int = 0
    last_used: datetime | None = None

    @property
    def shelf(self) -> Shelf:
        """Where it stands."""
        if self.retracted_at is not None:
            return "deleted"
        return "past" if self.superseded_by or self.valid_to is not None else "live"


@dataclass(frozen=True, slots=True)
class Change:
    """One event of `memory_events`: what became of one fact. `before` and `after` are None where there was or is none.

    Events that belong together (a superseded fact and the one in its place) share `group`, those of one extraction or
    import share `batch`. `undoes` is the group that an undo took back, `undone` whether this one was taken back.
    `gone`: the fact was removed for good and its texts with it.
    """

    id: str
    op: Op
    fact: str
    scope: str
    before: Fact | None
    after: Fact | None
    actor: Origin
    reason: str
    at: datetime
    group: str
    batch: str = ""
    undoes: tuple[str, ...] = ()
    undone: bool = False
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for on the memory page; empty and None leave it open. `age_days`: recorded in so many days;
    `used`: True for facts that went into an answer, False for those that never did."""

    kinds: tuple[Kind, ...] = ()
    shelf: Shelf | None = "live"
    origins: tuple[Origin, ...] = ()
    text: str = ""
    conversation: str = ""
    subject: str = ""
    pinned: bool | None = None
    used: bool | None = None
    age_days: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some facts, newest first. `more` says whether an older page follows; `before` asks for it."""

    facts: tuple[Fact, ...]
    more: bool = False
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many facts a scope has, by shelf, and live ones by kind; `pending` wait for approval."""

    live: int = 0
    past: int = 0
    deleted: int = 0
    pending: int = 0
    kinds: Mapping[str, int] = field(default_factory=dict[str, int], hash=False)

    @property
    def all(self) -> int:
        """On every shelf."""
        return self.live + self.past + self.deleted


@dataclass(frozen=True, slots=True)
class Pending:
    """A change that waits for the person. `fact` is the fact as it would be, `replaces` the one it is about."""

    id: str
    op: Op
    fact: Fact
    replaces: Fact | None
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Rule:
    """Something never to keep, in the person's words."""

    id: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Settings:
    """How a person wants memory.

    `enabled` off: nothing is read or written. `paused`: nothing new is learned. `recall`: whether answers get what is
    remembered; `past_chats`: whether they get earlier messages too. `review_first`: automatic changes wait for
    approval. `sensitive`: health, politics, religion and the like may be kept. `max_tokens` for profile and recall
    together. `model`: who extracts, "" for the model that answered.
    """

    enabled: bool = True
    paused: bool = False
    recall: bool = True
    past_chats: bool = True
    review_first: bool = False
    sensitive: bool = False
    max_tokens: int = 2000
    model: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that was not kept, and why. `text` is "" where keeping it would be the harm (a password)."""

    code: str
    said: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Extraction:
    """What came of one exchange. `said` is a sentence for the person; `changes` counts what was stored.

    `state`: done; nothing (nothing to keep); skipped (no model, or its answer was of no use); waiting (for approval).
    """

    answer: str
    conversation: str
    scope: str
    state: Literal["done", "nothing", "skipped", "waiting"]
    said: str
    model: str
    changes: int
    refusals: tuple[Refusal, ...]
    tokens: int
    cost: float | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Spent:
    """What memory cost on one day ("2026-11-22"). `cost` in US dollars; `unpriced` calls have no known price."""

    day: str
    calls: int
    input: int
    output: int
    cost: float
    unpriced: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a summary and the facts it rests on; without facts it is a heading."""

    text: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """What is known in a scope, readable. `model` is "" when it was put together without one; `stale`: facts changed
    since."""

    scope: str
    sentences: tuple[Sentence, ...]
    model: str
    at: datetime
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Recalled:
    """Something that would be injected, or was considered. `why` in words; `score` is what it was ranked by,
    `dense` (cosine) and `lexical` (BM25) its parts. `kept` False: below the floor or out of room."""

    kind: Literal["profile", "fact", "message"]
    item: str
    text: str
    at: datetime
    kept: bool
    why: str
    tokens: int
    conversation: str = ""
    score: float = 0.0
    dense: float | None = None
    lexical: float = 0.0


@dataclass(frozen=True, slots=True)
class Preview:
    """What a message would bring into the prompt. `spans` are first and last days of the times that it names; `texts`
    the blocks as they would go in; `notices` sentences for the person."""

    text: str
    scope: str
    items: tuple[Recalled, ...]
    texts: tuple[str, ...]
    tokens: int
    spans: tuple[tuple[str, str], ...] = ()
    notices: tuple[str, ...] = ()
    ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did."""

    added: int
    known: int
    refusals: tuple[Refusal, ...]
    said: str
    batch: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """What an import would take; `known` are there already."""

    facts: tuple[Fact, ...]
    known: int
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A fact as a person types it or an import brings it."""

    text: str
    kind: Kind = "knowledge"
    scope: str = EVERYWHERE
    about: Mapping[str, Any] = field(default_factory=dict[str, Any], hash=False)


@dataclass(frozen=True, slots=True)
class Use:
    """An answer that a fact went into."""

    conversation: str
    answer: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Story:
    """All that is told of a fact: its changes newest first, the last answers that it went into, the facts whose place
    it took and the one that took its own."""

    fact: Fact
    changes: tuple[Change, ...]
    uses: tuple[Use, ...]
    before: tuple[Fact, ...] = ()
    next: Fact | None = None

    @property
    def conversations(self) -> frozenset[str]:
        """The chats that it was said or used in."""
        named = {one.conversation for one in (*self.fact.sources, *self.uses)}
        return frozenset(named - {""})
