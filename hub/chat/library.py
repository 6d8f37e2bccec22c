"""The library: every conversation of a shelf, newest first, page by page."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from bson import ObjectId

from hub.chat import rows, store
from hub.chat.conversations import SPANS
from hub.chat.records import LibraryPage, Place
from hub.db.mongo import Document, now, object_id
from hub.db.who import Who

Shelf = Literal["recent", "pinned", "archived"]
_STORED: dict[Shelf, tuple[str, ...]] = {
    "recent": ("recent", "pinned"),
    "pinned": ("pinned",),
    "archived": ("archive",),
}
_TICK = timedelta(milliseconds=1)
"""What BSON keeps of a time; a page reads the whole tick in which the last one ended."""


def browse(
    who: Who, shelf: Shelf = "recent", *, words: str = "", limit: int = 50, after: Place | None = None
) -> LibraryPage:
    """At most `limit` conversations of a shelf whose titles have all the words, beginning after a place.

    "recent" holds what is not archived, pinned ones too. Every conversation is on exactly one page, also when many
    have the same time. Without words only about as many rows are read as are shown.
    """
    found: list[Document] = []
    since = end = after.time + _TICK if after else now() + timedelta(minutes=5)
    begin = (after.time, object_id(after.id)) if after else None
    wanted = words.casefold().split()
    for span in SPANS:
        until, since = since, end - span
        slice_ = [one for name in _STORED[shelf] for one in store.shelf_between(who, name, since, until)]
        found += sorted((one for one in slice_ if _fits(one, wanted, begin)), key=_place, reverse=True)
        if len(found) > limit:
            break
    shown = tuple(map(rows.conversation, found[:limit]))
    last = Place(shown[-1].updated_at, shown[-1].id) if len(found) > limit else None
    return LibraryPage(shown, last)


def _place(document: Document) -> tuple[datetime, ObjectId]:
    return document["updated_at"], document["_id"]


def _fits(document: Document, words: list[str], begin: tuple[datetime, ObjectId] | None) -> bool:
    title = document["title"].casefold()
    return (begin is None or _place(document) < begin) and all(word in title for word in words)
