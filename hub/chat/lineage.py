"""Walking a branch upwards from its leaf, reading only as much of the conversation as is asked for."""

from __future__ import annotations

from collections.abc import Iterator

from bson import ObjectId

from hub.chat import store
from hub.chat.tree import Tree
from hub.db.mongo import Document
from hub.db.who import Who
from hub.errors import NotFound

LARGEST_READ = 640


def upward(who: Who, leaf: Document, *, first: int = 40) -> Iterator[Document]:
    """The messages from `leaf` up to the root, newest first, read in growing slices of depth.

    A parent that another tab has just deleted is stepped over.
    """
    rows: dict[ObjectId, Document] = {}
    high, size = int(leaf["depth"]) - 1, first - 1
    yield leaf
    at = leaf
    while at["parent"] is not None:
        while at["parent"] not in rows and high >= 0:
            low = max(0, high - size + 1)
            rows |= {found["_id"]: found for found in store.messages(who, leaf["conversation"], low, high)}
            high, size = low - 1, min(max(size, 1) * 4, LARGEST_READ)
        above = rows.get(at["parent"]) or _any(who, at["parent"])
        if above is None:
            return
        if "deleted_at" not in above:
            yield above
        at = above


def leaf_of(who: Who, conversation: Document) -> Document | None:
    """The stored head, or when it is gone the nearest living message above it, or the newest leaf; None when empty."""
    head: ObjectId | None = conversation.get("head")
    while head is not None:
        found = _any(who, head)
        if found is not None and "deleted_at" not in found:
            return found
        head = found["parent"] if found else None
    rows = store.messages(who, conversation["_id"], fields=store.PLACE)
    newest = Tree(store.row(found) for found in rows).leaf()
    return None if newest is None else store.message(who, newest)


def living(who: Who, message: ObjectId | None) -> ObjectId | None:
    """The message if it lives, else its nearest living ancestor."""
    while message is not None:
        found = _any(who, message)
        if found is None:
            return None
        if "deleted_at" not in found:
            return message
        message = found["parent"]
    return None


def settle(who: Who, conversation: ObjectId, dead: ObjectId) -> None:
    """Hangs the children of a deleted message onto its nearest living ancestor.

    Whoever deletes marks first and settles then; whoever adds a child inserts first and settles then. One of the two
    sees the other, so no message stays on a deleted parent, whatever the order.
    """
    target = living(who, dead)
    store.move_children(who, conversation, dead, target)
    if target is not None and living(who, target) != target:
        settle(who, conversation, target)


def _any(who: Who, message: ObjectId) -> Document | None:
    try:
        return store.message(who, message, deleted=True)
    except NotFound:
        return None
