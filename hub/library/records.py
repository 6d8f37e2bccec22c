"""What a search over everything gives: plain frozen records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

Pieces = tuple[tuple[str, bool], ...]
"""A text cut up: each piece, and whether it is what was looked for."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a message. `role` is user or assistant, `model` the label of the one that answered."""

    message: str
    role: str
    model: str
    at: datetime
    pieces: Pieces
    link: str


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation with the passages that were found in it, best first; `more` others are not shown.

    Without passages its title was found. `project` and `project_name` are None where it is in none.
    """

    id: str
    title: Pieces
    link: str
    updated_at: datetime
    passages: tuple[Passage, ...] = ()
    more: int = 0
    project: str | None = None
    project_name: str | None = None
    pinned: bool = False
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Thing:
    """A passage of a document, or a memory. `id` is the document's or the fact's."""

    id: str
    title: str
    place: str
    pieces: Pieces
    link: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """What was found. `problems` are sentences about operators that could not be taken; `without` says what could not
    be searched now, and why, "" when all was."""

    talks: tuple[Talk, ...] = ()
    documents: tuple[Thing, ...] = ()
    memories: tuple[Thing, ...] = ()
    problems: tuple[str, ...] = ()
    without: str = ""

    @property
    def nothing(self) -> bool:
        """Whether nothing at all was found."""
        return not (self.talks or self.documents or self.memories)
