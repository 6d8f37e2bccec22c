"""Documents: collections that are read, cut into passages, found and cited. Every function takes who asks first.

A person reads their own collections and the shared ones, and changes their own. What does not exist and what is not
theirs look the same: NotFound.
"""

from __future__ import annotations

from collections import Counter

from hub.db.who import Who
from hub.documents import holdings, store
from hub.documents.act import cancel, cut_anew, pause, remove, restore, resume, retry
from hub.documents.add import add_file, add_text, add_url
from hub.documents.cited import cited
from hub.documents.compare import compare_settings
from hub.documents.find import search
from hub.documents.records import MOVING, Collection, CollectionSettings, Document, Progress
from hub.documents.show import beginning, markdown, original, page_picture, passage, passages

__all__ = [
    "MOVING",
    "Collection",
    "Document",
    "add_file",
    "add_text",
    "add_url",
    "beginning",
    "cancel",
    "change_collection",
    "cited",
    "collections",
    "compare_settings",
    "create_collection",
    "delete_collection",
    "documents",
    "get",
    "get_collection",
    "markdown",
    "original",
    "page_picture",
    "passage",
    "passages",
    "pause",
    "progress",
    "remove",
    "restore",
    "restore_collection",
    "resume",
    "retry",
    "search",
]


def collections(who: Who, scope: str | None = None) -> tuple[Collection, ...]:
    """The collections that `who` may read, by name; with `scope` ("" or "project:ID") only their own of that scope and,
    for "", the shared ones."""
    return holdings.listed(who, holdings.readable(who, scope))


def get_collection(who: Who, collection: str) -> Collection:
    """One collection that `who` may read."""
    return holdings.listed(who, [holdings.row_of(who, collection)])[0]


def create_collection(
    who: Who, name: str, *, scope: str = "", shared: bool = False, settings: CollectionSettings | None = None
) -> Collection:
    """A new collection; BadInput for a name that is empty, too long or taken in its scope."""
    return holdings.listed(who, [holdings.create(who, name, scope, shared, settings)])[0]


def change_collection(
    who: Who,
    collection: str,
    *,
    name: str | None = None,
    shared: bool | None = None,
    settings: CollectionSettings | None = None,
) -> Collection:
    """Changes what is given. Other chunk settings cut every document anew in the background; the old passages serve
    until then."""
    before, after = holdings.change(who, collection, name, shared, settings)
    cut_anew(before, after)
    return holdings.listed(who, [after])[0]


def delete_collection(who: Who, collection: str) -> None:
    """Removes a collection with its documents; `restore_collection` brings it back within a day."""
    holdings.mark_removed(who, collection)


def restore_collection(who: Who, collection: str) -> Collection:
    """Undoes `delete_collection`."""
    return holdings.listed(who, [holdings.mark_restored(who, collection)])[0]


def documents(who: Who, collection: str) -> tuple[Document, ...]:
    """The documents of a collection, the newest first."""
    row = holdings.row_of(who, collection)
    found = [store.record(one) for one in store.of_collection(row["_id"])]
    return tuple(sorted(found, key=lambda one: one.created_at, reverse=True))


def get(who: Who, document: str) -> Document:
    """One document that `who` may read."""
    return store.record(store.row_of(who, document)[0])


def progress(who: Who, collection: str) -> Progress:
    """How far the documents of a collection are."""
    found = documents(who, collection)
    moving = [one for one in found if one.state in MOVING or one.state == "paused"]
    return Progress(
        dict(Counter(one.state for one in found)), sum(one.done for one in moving), sum(one.total for one in moving)
    )
