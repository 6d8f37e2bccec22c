"""What the index holds and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Space:
    """What is found together: a collection ("messages") of one owner (a person) in one scope ("", "project:ID")."""

    collection: str
    owner: str
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to be found. `group` holds what belongs together in the order of `place`: a conversation, a document.

    An item that is long comes as several entries with `part` 0, 1, ...; `about` is small and comes back with a hit.
    `text` is what is shown and embedded; `title` is embedded and searched before it, and never shown.
    """

    item: str
    group: str
    place: int
    text: str
    at: datetime
    part: int = 0
    title: str = ""
    language: str = ""
    about: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Filter:
    """What a hit must satisfy beside its space; None and empty leave it open. Times include both ends.

    `phrases` stand word for word in the text, `without` do not; `about` are values that the entry's `about` holds, and
    of each of `about_like` (names in `about`, a text) one of the named values contains the text, in any case.
    """

    after: datetime | None = None
    before: datetime | None = None
    items: tuple[str, ...] | None = None
    groups: tuple[str, ...] | None = None
    without_groups: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    about: Mapping[str, Any] = field(default_factory=dict[str, Any], hash=False)
    about_like: tuple[tuple[tuple[str, ...], str], ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A found part of an item, best first. `lexical` (BM25), `dense` (cosine), `near` (from its neighbours) and `whole`
    (its group's own BM25) say why; they are in their own units, `score` is what they come to."""

    space: Space
    item: str
    part: int
    group: str
    place: int
    text: str
    at: datetime
    about: Mapping[str, Any]
    score: float
    lexical: float
    dense: float | None
    near: float
    whole: float
