"""Opening a conversation: a slice of the open branch, each message with its siblings."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice

from bson import ObjectId

from hub import runs
from hub.chat import queue, rows, store
from hub.chat.around import Slice, around
from hub.chat.lineage import leaf_of, upward
from hub.chat.records import Message, Window
from hub.chat.tree import Tree
from hub.db.mongo import Document, now
from hub.db.who import Who
from hub.errors import BadInput, NotFound

YOUNG = timedelta(seconds=10)
LOST = {
    "kind": "interrupted",
    "message": "The hub stopped before this answer began.",
    "hint": "Nothing of it is left. Ask again.",
    "retryable": True,
}


def open_window(
    who: Who, conversation: str, *, limit: int = 40, before: str | None = None, at: str | None = None, below: int = 20
) -> Window:
    """The last `limit` messages of the open branch, or the `limit` messages above the message `before`, or those around
    the message `at` on whatever branch it is: so many above it and at most `below` after it.

    Raises NotFound for a conversation or message that is not there.
    """
    if limit < 1:
        raise BadInput("A window shows at least one message.")
    found = store.conversation(who, conversation)
    if at is not None:
        part = around(who, found, at, above=limit, below=below)
    else:
        leaf = leaf_of(who, found) if before is None else _above(who, found, before)
        path = [] if leaf is None else list(islice(upward(who, leaf, first=limit + 1), limit + 1))
        part = Slice(path[:limit][::-1], len(path) > limit, later=False, aside=None)
    shown = checked(who, part.messages)
    siblings = _siblings(who, found["_id"], shown)
    messages = tuple(rows.message(one, siblings[one["_id"]]) for one in shown)
    waiting, aside = queue.queued(who, found["_id"]), None if part.aside is None else str(part.aside)
    return Window(rows.conversation(found), messages, part.earlier, waiting, part.later, aside)


def get_message(who: Who, message: str) -> Message:
    """One message with its siblings."""
    [found] = checked(who, [store.message(who, message)])
    return rows.message(found, _siblings(who, found["conversation"], [found])[found["_id"]])


def _above(who: Who, conversation: Document, before: str) -> Document | None:
    found = store.message(who, before)
    if found["conversation"] != conversation["_id"]:
        raise NotFound("There is no such message in this conversation.")
    return next(islice(upward(who, found, first=2), 1, None), None)


def _siblings(who: Who, conversation: ObjectId, shown: list[Document]) -> dict[ObjectId, tuple[str, ...]]:
    parents = list({one["parent"]: None for one in shown})
    beside = store.children(who, conversation, parents, store.PLACE) if parents else []
    tree = Tree(store.row(one) for one in beside)
    return {
        one["_id"]: tuple(str(sibling) for sibling in tree.siblings(one["_id"])) if one["_id"] in tree.rows else ()
        for one in shown
    }


def checked(who: Who, messages: list[Document]) -> list[Document]:
    """Answers whose run never came to be (the hub died between two writes) are closed, so that they can be retried."""
    waiting = [one for one in messages if one["status"] == "streaming" and one["created_at"] < now() - YOUNG]
    if not waiting:
        return messages
    known = runs.known(who, [str(one["run"]) for one in waiting])
    lost = {one["_id"] for one in waiting if one["run"] not in known}
    changes = {"status": "interrupted", "error": LOST}
    for identity in lost:
        store.update_message(who, identity, changes, only={"status": "streaming"})
    return [{**one, **changes} if one["_id"] in lost else one for one in messages]
