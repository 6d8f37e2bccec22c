"""What a room says of something that the search index found in it: that it is still there, and how it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the index's libraries are heavy, and most processes never ask it
    from hub.search.records import Hit


@dataclass(frozen=True, slots=True)
class Checked:
    """A hit that its room has looked up in its own store.

    `title` is of the whole that it belongs to (a conversation, a document), `place` where in it in words, `link` the
    address that opens it there, `time` when the whole changed last. `who` says who speaks ("user", "assistant", "").
    """

    hit: Hit
    title: str
    link: str
    time: datetime
    place: str = ""
    who: str = ""
    model: str = ""
    project: str | None = None
    pinned: bool = False
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """Something that has the words in its name, looked up without the index."""

    collection: str
    id: str
    title: str
    link: str
    time: datetime
    project: str | None = None
    pinned: bool = False
    archived: bool = False
