"""Every query on conversations and messages. Ids in here are ObjectIds.

The embedded store answers from an index only when each field of the filter is part of it, so filters hold exactly the
fields of an index (or `_id`), and everything else, such as deleted messages, is sorted out after reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from bson import ObjectId
from pymongo.errors import DuplicateKeyError

from hub.chat.marks import mark
from hub.chat.tree import Row
from hub.db.indexes import Index
from hub.db.mongo import Document, collection, now, object_id, reachable
from hub.db.who import Who
from hub.errors import NotFound

SCHEMA = 1
FOUND_BY = frozenset({"title", "shelf", "temporary", "deleted_at", "expires_at", "project"})
"""Fields of a conversation that the search index follows."""
SAID_IN = frozenset({"text", "status", "deleted_at", "parent", "depth", "conversation", "files", "veiled"})
"""Fields of a message that the search index follows."""
Id = TypeVar("Id")
AT_ONCE = 40
"""Ids in one `$in`: the embedded store takes 4 ms for 40 of them and 240 ms for 500."""
PLACE = {"parent": 1, "depth": 1, "created_at": 1, "deleted_at": 1}
"""The projection that is enough for the tree."""
SPEAKER = {"conversation": 1, "role": 1, "model_label": 1, "veiled": 1, "deleted_at": 1}
"""The projection that is enough to say who speaks."""

INDEXES: list[Index] = [
    ("conversations", [("owner", 1), ("shelf", 1), ("updated_at", 1)], {}),
    ("conversations", [("owner", 1), ("project", 1), ("shelf", 1), ("updated_at", 1)], {}),
    ("conversations", [("owner", 1), ("left", 1)], {}),
    ("conversations", [("expires_at", 1)], {}),
    ("messages", [("owner", 1), ("conversation", 1), ("depth", 1)], {}),
    ("messages", [("owner", 1), ("conversation", 1), ("parent", 1)], {}),
    ("messages", [("deleted_at", 1)], {}),
    ("sent_requests", [("conversation", 1)], {}),
    ("queued", [("owner", 1), ("conversation", 1)], {}),
    ("prompts", [("owner", 1)], {}),
    ("presets", [("owner", 1)], {}),
]


def conversation(who: Who, conversation: str | ObjectId, *, deleted: bool = False) -> Document:
    """The stored conversation; raises NotFound when there is none, or it is deleted (unless asked for) or expired."""
    with reachable():
        found = collection("conversations").find_one({"_id": _id(conversation, "conversation"), "owner": who.id})
    over = found is not None and "expires_at" in found and found["expires_at"] <= now()
    if found is None or over or ("deleted_at" in found) > deleted:
        raise NotFound("There is no such conversation.", hint="It may have been deleted, or its day may be over.")
    return found


def insert_conversation(who: Who, document: Document) -> None:
    """Stores a new conversation; `document` holds `_id`."""
    if not document["temporary"]:
        mark(who, [document["_id"]])
    with reachable():
        collection("conversations").insert_one({**document, "owner": who.id, "schema": SCHEMA})


def update_conversation(
    who: Who,
    conversation: ObjectId,
    changes: Mapping[str, Any],
    *,
    unset: Iterable[str] = (),
    add: Mapping[str, float] | None = None,
) -> bool:
    """Sets, removes and adds to fields of a conversation; says whether it is there."""
    change: dict[str, Any] = {}
    if changes:
        change["$set"] = dict(changes)
    if add:
        change["$inc"] = dict(add)
    if gone := dict.fromkeys(unset, ""):
        change["$unset"] = gone
    if FOUND_BY.intersection([*changes, *gone]):
        mark(who, [conversation])
    with reachable():
        result = collection("conversations").update_one({"_id": conversation, "owner": who.id}, change)
    return result.matched_count > 0


def shelf(who: Who, name: str, *, project: str | None = None) -> list[Document]:
    """The conversations on a shelf, newest first; with `project` only those in it."""
    return _newest({"owner": who.id, "shelf": name} | _within(project))


def shelf_between(
    who: Who, name: str, since: datetime, before: datetime, *, project: str | None = None
) -> list[Document]:
    """The conversations on a shelf that changed last in a span of time, newest first; with `project` only those."""
    span = {"updated_at": {"$gte": since, "$lt": before}}
    return _newest({"owner": who.id, "shelf": name} | _within(project) | span)


def in_project(who: Who, project: str) -> list[Document]:
    """Every conversation that is in a project, on any shelf."""
    return _newest({"owner": who.id, "project": project})


def left_project(who: Who, project: str) -> list[Document]:
    """Every conversation that left a project, or was deleted with it, because that was deleted."""
    return _newest({"owner": who.id, "left": project})


def listed(who: Who, conversations: Iterable[str]) -> list[Document]:
    """Those of these conversations that are neither temporary nor deleted; ids that are none are skipped."""
    ids = [ObjectId(one) for one in conversations if ObjectId.is_valid(one)]
    found: list[Document] = []
    for some in _slices(ids):
        found += _newest({"_id": {"$in": some}, "owner": who.id})
    return [one for one in found if not one["temporary"] and "deleted_at" not in one]


def some_messages(who: Who, messages: Sequence[ObjectId]) -> list[Document]:
    """Those of these messages that are not deleted, in the same order."""
    found: dict[ObjectId, Document] = {}
    for some in _slices(messages):
        with reachable():
            rows = list(collection("messages").find({"_id": {"$in": some}, "owner": who.id}))
        found |= {one["_id"]: one for one in rows if "deleted_at" not in one}
    return [found[one] for one in messages if one in found]


def living_messages(who: Who, messages: Iterable[str]) -> list[Document]:
    """Those of these messages that are not deleted; ids that are none are skipped."""
    found: list[Document] = []
    for some in _slices([ObjectId(one) for one in messages if ObjectId.is_valid(one)]):
        with reachable():
            found += collection("messages").find({"_id": {"$in": some}, "owner": who.id}, SPEAKER)
    return [one for one in found if "deleted_at" not in one]


def _within(project: str | None) -> dict[str, Any]:
    return {"project": project} if project else {}


def _newest(wanted: Mapping[str, Any]) -> list[Document]:
    with reachable():
        return sorted(collection("conversations").find(wanted), key=lambda found: found["updated_at"], reverse=True)


def message(who: Who, message: str | ObjectId, *, deleted: bool = False) -> Document:
    """The stored message; raises NotFound when there is none, or it is deleted and that was not asked for."""
    with reachable():
        found = collection("messages").find_one({"_id": _id(message, "message"), "owner": who.id})
    if found is None or ("deleted_at" in found) > deleted:
        raise NotFound("There is no such message.", hint="It may have been deleted.")
    return found


def message_if_there(who: Who, message: str) -> Document | None:
    """The stored message, deleted or not; None when there is none."""
    with reachable():
        return collection("messages").find_one({"_id": _id(message, "message"), "owner": who.id})


def conversation_if_there(who: Who, conversation: str) -> Document | None:
    """The stored conversation, deleted or not; None when there is none."""
    with reachable():
        return collection("conversations").find_one({"_id": _id(conversation, "conversation"), "owner": who.id})


def insert_messages(who: Who, documents: Sequence[Document]) -> None:
    """Stores new messages in one write; each holds `_id`, `conversation`, `parent` and `depth`."""
    mark(who, {one["conversation"] for one in documents})
    with reachable():
        collection("messages").insert_many([{**one, "owner": who.id, "schema": SCHEMA} for one in documents])


def update_message(
    who: Who,
    message: ObjectId,
    changes: Mapping[str, Any],
    *,
    only: Mapping[str, Any] | None = None,
    unset: Iterable[str] = (),
    tell: bool = True,
) -> bool:
    """Sets fields of a message if it still has the values in `only`; says whether it did. The other rooms are told of
    the exchange that an answer ends, if `tell`."""
    change: dict[str, Any] = {"$set": dict(changes)} if changes else {}
    if gone := dict.fromkeys(unset, ""):
        change["$unset"] = gone
    if SAID_IN.intersection([*changes, *gone]):
        ended = changes.get("status", "streaming") != "streaming" and (only or {}).get("status") == "streaming"
        mark(who, homes(who, [message]), [message] if ended and tell else ())
    with reachable():
        result = collection("messages").update_one({**(only or {}), "_id": message, "owner": who.id}, change)
    return result.matched_count > 0


def tell(who: Who, conversation: ObjectId, answer: ObjectId) -> None:
    """Has the other rooms be told of the exchange that an answer ended."""
    mark(who, [conversation], [answer])


def update_messages(
    who: Who, messages: Iterable[ObjectId], changes: Mapping[str, Any], *, unset: Iterable[str] = ()
) -> None:
    """Sets and removes the same fields of several messages."""
    change: dict[str, Any] = {"$set": dict(changes)} if changes else {}
    if gone := dict.fromkeys(unset, ""):
        change["$unset"] = gone
    ids = list(messages)
    if SAID_IN.intersection([*changes, *gone]):
        mark(who, homes(who, ids))
    for some in _slices(ids):
        with reachable():
            collection("messages").update_many({"_id": {"$in": some}, "owner": who.id}, change)


def homes(who: Who, messages: Sequence[ObjectId]) -> set[ObjectId]:
    """The conversations that messages are in."""
    found: set[ObjectId] = set()
    for some in _slices(messages):
        with reachable():
            rows = collection("messages").find({"_id": {"$in": some}, "owner": who.id}, {"conversation": 1})
            found |= {row["conversation"] for row in rows}
    return found


def messages(
    who: Who, conversation: ObjectId, low: int = 0, high: int | None = None, fields: Mapping[str, int] | None = None
) -> list[Document]:
    """The living messages of a conversation with a depth from `low` to `high`, in no order."""
    depth = {"$gte": low} if high is None else {"$gte": low, "$lte": high}
    wanted = {"owner": who.id, "conversation": conversation, "depth": depth}
    with reachable():
        return [found for found in collection("messages").find(wanted, fields) if "deleted_at" not in found]


def children(
    who: Who, conversation: ObjectId, parents: Sequence[ObjectId | None], fields: Mapping[str, int] | None = None
) -> list[Document]:
    """The living messages that have one of these parents."""
    found: list[Document] = []
    for some in _slices(parents):
        wanted = {"owner": who.id, "conversation": conversation, "parent": {"$in": some}}
        with reachable():
            found += collection("messages").find(wanted, fields)
    return [one for one in found if "deleted_at" not in one]


def _slices(ids: Sequence[Id]) -> Iterator[list[Id]]:
    return (list(ids[start : start + AT_ONCE]) for start in range(0, len(ids), AT_ONCE))


def deleted_with(who: Who, message: Document) -> list[Document]:
    """The deleted messages that went with this one, itself among them: all bear the same moment."""
    with reachable():
        rows = list(collection("messages").find({"deleted_at": message["deleted_at"]}))
    return [one for one in rows if one["owner"] == who.id and one.get("deleted_with") == message["_id"]]


def move_children(who: Who, conversation: ObjectId, parent: ObjectId, target: ObjectId | None) -> None:
    """Hangs the living children of one message onto another (or makes them roots)."""
    ids = [found["_id"] for found in children(who, conversation, [parent], PLACE)]
    if ids:
        update_messages(who, ids, {"parent": target})


def row(document: Document) -> Row[ObjectId]:
    """The place of a stored message in the tree."""
    return Row(document["_id"], document["parent"], document["created_at"], document["depth"])


def keep_sent(who: Who, message: ObjectId, conversation: ObjectId, packed: bytes) -> None:
    """Keeps the request of an answer; one that is there already (an answer that was continued) is replaced."""
    document = {"owner": who.id, "conversation": conversation, "packed": packed}
    with reachable():
        try:
            collection("sent_requests").insert_one({**document, "_id": message})
        except DuplicateKeyError:
            collection("sent_requests").replace_one({"_id": message, "owner": who.id}, document)


def sent(who: Who, message: ObjectId) -> bytes | None:
    """The request of an answer as it was kept."""
    with reachable():
        found = collection("sent_requests").find_one({"_id": message, "owner": who.id})
    return None if found is None else bytes(found["packed"])


def every_conversation() -> Iterator[tuple[str, ObjectId]]:
    """Owner and id of every conversation of everyone, in an order that stays."""
    with reachable():
        for found in collection("conversations").find({}, {"owner": 1}).sort("_id", 1):
            yield found["owner"], found["_id"]


def stored_conversation(who: Who, conversation: ObjectId) -> Document | None:
    """The conversation as it stands in the store, whatever became of it; None when there is no row."""
    with reachable():
        return collection("conversations").find_one({"_id": conversation, "owner": who.id})


def still_written(who: Who, message: ObjectId) -> bool:
    """Whether an answer is not finished yet."""
    with reachable():
        found = collection("messages").find_one({"_id": message, "owner": who.id}, {"status": 1})
    return found is not None and found["status"] == "streaming"


def expired_conversations() -> list[Document]:
    """Conversations of anyone whose time is over."""
    with reachable():
        return list(collection("conversations").find({"expires_at": {"$lte": now()}}))


def expired_messages(before: datetime) -> list[Document]:
    """Messages of anyone that were deleted before a time."""
    with reachable():
        return list(collection("messages").find({"deleted_at": {"$lte": before}}))


def all_messages(who: Who, conversation: ObjectId) -> list[Document]:
    """Every message of a conversation, deleted ones too."""
    with reachable():
        return list(collection("messages").find({"owner": who.id, "conversation": conversation}))


def purge_messages(who: Who, messages: Sequence[ObjectId]) -> None:
    """Removes messages and their requests for good."""
    mark(who, homes(who, messages))
    with reachable():
        collection("sent_requests").delete_many({"_id": {"$in": list(messages)}})
        collection("messages").delete_many({"_id": {"$in": list(messages)}})


def purge_conversation(who: Who, conversation: ObjectId) -> None:
    """Removes a conversation with all its rows for good; it goes last, so that a sweep that broke off is taken up."""
    mark(who, [conversation])
    with reachable():
        for name in ("messages", "queued"):
            collection(name).delete_many({"owner": who.id, "conversation": conversation})
        collection("sent_requests").delete_many({"conversation": conversation})
        collection("conversations").delete_one({"_id": conversation, "owner": who.id})


def purge_person(who: Who) -> None:
    """Removes every row of a person for good; the conversations go last, so that what broke off is taken up."""
    with reachable():
        ids = [found["_id"] for found in collection("conversations").find({"owner": who.id}, {"_id": 1})]
        mark(who, ids)
        for conversation in ids:
            collection("sent_requests").delete_many({"conversation": conversation})
        for name in ("messages", "queued", "prompts", "presets", "conversations"):
            collection(name).delete_many({"owner": who.id})


def _id(value: str | ObjectId, what: str) -> ObjectId:
    return value if isinstance(value, ObjectId) else object_id(value, what)
