"""Walking a branch upwards from its leaf, reading only as much of the conversation as is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from bson import ObjectId

from hub.chat import store
from hub.chat.tree import Tree
from hub.db.mongo import Document
from hub.db.who import Who
from hub.errors import NotFound

LARGEST_READ = 640
NEAR = 40
"""Levels that are looked at first for what hangs below a message: most side branches end there."""


class Read(Protocol):
    """How slices of a conversation are read, such as `store.messages`."""

    def __call__(self, who: Who, conversation: ObjectId, low: int, high: int, /) -> Sequence[Document]: ...


def upward(who: Who, leaf: Document, *, first: int = 40, read: Read = store.messages) -> Iterator[Document]:
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
            rows |= {found["_id"]: found for found in read(who, leaf["conversation"], low, high)}
            high, size = low - 1, min(max(size, 1) * 4, LARGEST_READ)
        above = rows.get(at["parent"]) or _any(who, at["parent"])
        if above is None:
            return
        if "deleted_at" not in above:
            yield above
        at = above


def below(who: Who, top: Document) -> list[Document]:
    """The places of a living message and of all that hangs below it, in no order.

    A message can stand any number of levels below its parent, since one that moved up keeps its depth. So a small
    branch is known to be whole once its messages have no other children; for a large one all deeper levels are read.
    """
    conversation, depth = top["conversation"], int(top["depth"])
    near = store.messages(who, conversation, depth, depth + NEAR, store.PLACE)
    found = _under(top, near)
    if len(found) <= NEAR and _whole(who, conversation, found):
        return list(found.values())
    deep = store.messages(who, conversation, depth + NEAR + 1, fields=store.PLACE)
    return list(_under(top, [*near, *deep]).values())


def _whole(who: Who, conversation: ObjectId, found: Mapping[ObjectId, Document]) -> bool:
    return all(child["_id"] in found for child in store.children(who, conversation, list(found), store.PLACE))


def _under(top: Document, rows: list[Document]) -> dict[ObjectId, Document]:
    by_id = {row["_id"]: row for row in [*rows, top]}
    return {one: by_id[one] for one in Tree(map(store.row, by_id.values())).subtree(top["_id"])}


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


def alive(who: Who, message: ObjectId) -> Document | None:
    """The message if it lives."""
    found = _any(who, message)
    return None if found is None or "deleted_at" in found else found


def settle(who: Who, conversation: ObjectId, dead: ObjectId) -> None:
    """Hangs the children of a deleted message onto its nearest living ancestor.

    Whoever deletes marks first and settles then; whoever adds a child inserts first and settles then. One of the two
    sees the other, so no message stays on a deleted parent, whatever the order.
    """
    target = living(who, dead)
    store.move_children(who, conversation, dead, target)
    if target is not None and living(who, target) != target:
        settle(who, conversation, target)


def settle_all(who: Who, conversation: ObjectId, dead: Sequence[ObjectId]) -> None:
    """Settles those of many deleted messages that still have a living child. Only for messages whose children were not
    moved before: a target that died meanwhile is not looked for."""
    for parent in {child["parent"] for child in store.children(who, conversation, dead, store.PLACE)}:
        settle(who, conversation, parent)


def _any(who: Who, message: ObjectId) -> Document | None:
    try:
        return store.message(who, message, deleted=True)
    except NotFound:
        return None
