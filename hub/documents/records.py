"""What the documents room gives out: collections, documents, passages, and what a search found."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Mode = Literal["auto", "retrieve", "whole"]
"""How a collection goes into a prompt: automatic (whole while it fits, else passages), passages, or whole."""

State = Literal["waiting", "reading", "splitting", "embedding", "ready", "failed", "paused"]
"""Where a document stands. ready, failed and paused are at rest; the others are on their way."""

MOVING: frozenset[State] = frozenset({"waiting", "reading", "splitting", "embedding"})

Unit = Literal["page", "slide", "sheet", "chapter", "part"]


@dataclass(frozen=True, slots=True)
class CollectionSettings:
    """How a collection is cut and searched. `chunk_tokens` and `overlap` count in tokens; a change of them cuts the
    documents anew while the old passages serve. `picture_model`: the model that describes images and scanned pages,
    "" for none (then they are refused with a sentence)."""

    chunk_tokens: int = 200
    overlap: int = 20
    k: int = 6
    mode: Mode = "auto"
    rerank: bool = False
    picture_model: str = ""


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection of documents. `scope` is "" (personal) or "project:ID"; a `shared` one is read by everybody who is
    signed in and written by its owner. `mine`: whether who asked may change it. `documents` counts those that are
    there, `moving` those on their way, `failed` those that could not be taken."""

    id: str
    name: str
    owner: str
    scope: str
    shared: bool
    mine: bool
    settings: CollectionSettings
    created_at: datetime
    documents: int = 0
    moving: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """A document of a collection.

    `state`, `done` of `total` (in `unit`s) and `reason` with `hint` tell of the newest version; `serving` says whether
    passages of some version are searched now, which may be an older one (`version` is the newest). `ready_at` is when
    the first version was ready, None before. `kind` is how its text is to be drawn. `passages`, `pages`, `tokens` are
    of what serves, or of what is there so far.
    """

    id: str
    collection: str
    name: str
    title: str
    mime: str
    size: int
    state: State
    created_at: datetime
    updated_at: datetime
    kind: Literal["markdown", "plain"] = "markdown"
    version: int = 1
    serving: bool = False
    done: int = 0
    total: int = 0
    unit: Unit = "part"
    pages: int | None = None
    passages: int = 0
    tokens: int = 0
    reason: str = ""
    hint: str = ""
    warnings: tuple[str, ...] = ()
    url: str = ""
    pdf: bool = False
    removed_at: datetime | None = None
    ready_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """What adding gave. `duplicate`: the collection holds the same content already, as `document`; nothing was added.
    `replaces`: it is a new version of a document of that name, which serves until the new one is ready."""

    document: Document
    duplicate: bool = False
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """A collection on its way: documents by state, and what is done of all that is to do (pages or parts)."""

    states: dict[State, int] = field(default_factory=dict[State, int], hash=False)
    done: int = 0
    total: int = 0

    @property
    def moving(self) -> int:
        """How many documents are on their way."""
        return sum(count for state, count in self.states.items() if state in MOVING)


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document as it is searched. `number` counts from 0 through the document, `start` and `end` are
    offsets in its Markdown, `page` counts from 1 (None where there are none), `heading` is "Chapter > Section".
    `indexed` is False for what is never searched, such as a list of contents."""

    id: str
    document: str
    number: int
    text: str
    start: int
    end: int
    page: int | None = None
    unit: Unit = "part"
    heading: str = ""
    tokens: int = 0
    indexed: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that a question found, best first, and why: `lexical` (BM25), `dense` (cosine, None where the passage
    has no vector), `near` (from the passages beside it), `whole` (its document's own BM25), what they come to (`score`)
    and `position` from 1. `last` is the number of the last passage that was merged into it."""

    id: str
    document: str
    collection: str
    title: str
    number: int
    last: int
    text: str
    start: int
    end: int
    page: int | None
    unit: Unit
    heading: str
    score: float
    lexical: float
    dense: float | None
    near: float
    whole: float
    position: int

    @property
    def place(self) -> str:
        """Where it stands, in words: "page 3 · Water"."""
        page = f"{self.unit} {self.page}" if self.page is not None else ""
        return " · ".join(part for part in (page, self.heading) if part)


@dataclass(frozen=True, slots=True)
class Findings:
    """What a question found. `sure`: how likely (0 to 1) the passages hold an answer at all; below the threshold
    `answered` is False and the right thing to say is "Not found in your documents". `strange`: so unlikely that no
    model need look. `notices` are for the person."""

    passages: tuple[Found, ...]
    sure: float
    answered: bool
    strange: bool = False
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rect:
    """A line to highlight, in shares of the picture's width and height, from the top left."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A drawn page of a PDF with the lines of a passage on it. `width` and `height` in pixels."""

    mime: str
    data: bytes
    width: int
    height: int
    rects: tuple[Rect, ...] = ()


@dataclass(frozen=True, slots=True)
class Markdown:
    """The text of a document as it was read. `pages` are (page, start, end) in it; empty where there are none."""

    text: str
    pages: tuple[tuple[int, int, int], ...] = ()
    kind: Literal["markdown", "plain"] = "markdown"


@dataclass(frozen=True, slots=True)
class Question:
    """A question to compare settings with; `expected` is a string that a right passage holds (in any case), `document`
    the name of the document that it must come from ("" for any)."""

    text: str
    expected: str
    document: str = ""


@dataclass(frozen=True, slots=True)
class Scored:
    """How one setting did: `hit_rate` (share of questions with a right passage among the first k), `mrr` (mean of one
    over the position of the first right one), `positions` by question (None: not found), `passages` in all, mean
    `tokens` of one passage."""

    settings: CollectionSettings
    hit_rate: float
    mrr: float
    positions: tuple[int | None, ...]
    passages: int
    tokens: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two settings on the same questions."""

    questions: tuple[Question, ...]
    first: Scored
    second: Scored


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer from documents, on its own. `answered` is False when they do not hold it; then no model was asked."""

    question: str
    answer: str
    answered: bool
    model: str
    findings: Findings


@dataclass(frozen=True, slots=True)
class Cited:
    """A source of an answer where it stands: `text` is a part of its document (`kind` says how it is drawn) in which
    the passage goes from `start` to `end`, `picture` its page where there is one. `note` says what the reader should
    know; `document` is "" when it is gone, and `text` then the passage as it went in."""

    text: str
    start: int
    end: int
    kind: Literal["markdown", "plain"] = "markdown"
    document: str = ""
    picture: PagePicture | None = None
    note: str = ""
