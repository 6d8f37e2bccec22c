"""Every query on comparisons. Ids in here are ObjectIds, those of panes are text.

A comparison is {conversation, blind, revealed, turns, top, panes, ...}. `panes` are by their ids, so that two tabs that
change two of them do not meet; each is {position, letter, model, label, params, head}. `top` is the depth of the first
question. What a pane's branch holds stands in the messages alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bson import ObjectId

from hub.db.indexes import Index
from hub.db.mongo import Document, collection, now, object_id, reachable
from hub.db.who import Who
from hub.errors import NotFound

SCHEMA = 1
INDEXES: list[Index] = [
    ("comparisons", [("owner", 1)], {}),
    ("comparisons", [("owner", 1), ("updated_at", 1)], {}),
    ("comparisons", [("owner", 1), ("conversation", 1)], {}),
    ("merges", [("owner", 1)], {}),
    ("merges", [("owner", 1), ("comparison", 1)], {}),
    ("teams", [("owner", 1)], {}),
]


def insert(who: Who, document: Document) -> None:
    """Stores a new comparison; `document` holds `_id`."""
    with reachable():
        collection("comparisons").insert_one({**document, "owner": who.id, "schema": SCHEMA})


def get(who: Who, comparison: str | ObjectId) -> Document:
    """The stored comparison; raises NotFound."""
    wanted = comparison if isinstance(comparison, ObjectId) else object_id(comparison, "comparison")
    with reachable():
        found = collection("comparisons").find_one({"_id": wanted, "owner": who.id})
    if found is None:
        raise NotFound("There is no such comparison.", hint="It may have been deleted with its chat.")
    return found


def of_conversation(who: Who, conversation: ObjectId) -> list[Document]:
    """The comparisons that stand in a conversation, oldest first."""
    with reachable():
        found = list(collection("comparisons").find({"owner": who.id, "conversation": conversation}))
    return sorted(found, key=lambda one: one["_id"])


def between(who: Who, since: datetime, before: datetime) -> list[Document]:
    """The comparisons of a person that changed last in a span of time, newest first."""
    span = {"updated_at": {"$gte": since, "$lt": before}}
    with reachable():
        found = list(collection("comparisons").find({"owner": who.id, **span}))
    return sorted(found, key=lambda one: one["updated_at"], reverse=True)


def change(
    who: Who,
    comparison: ObjectId,
    changes: Mapping[str, Any],
    *,
    only: Mapping[str, Any] | None = None,
    unset: Iterable[str] = (),
) -> bool:
    """Sets and removes fields, where dots lead into panes, if it still has the values in `only`; says whether."""
    change: dict[str, Any] = {"$set": {**changes, "updated_at": now()}}
    if gone := dict.fromkeys(unset, ""):
        change["$unset"] = gone
    with reachable():
        result = collection("comparisons").update_one({**(only or {}), "_id": comparison, "owner": who.id}, change)
    return result.matched_count > 0


def purge_conversation(who: Who, conversation: ObjectId) -> None:
    """Removes for good what is kept of a conversation."""
    for comparison in of_conversation(who, conversation):
        with reachable():
            collection("merges").delete_many({"owner": who.id, "comparison": comparison["_id"]})
    with reachable():
        collection("comparisons").delete_many({"owner": who.id, "conversation": conversation})


def purge_person(who: Who) -> None:
    """Removes for good everything that is kept of a person."""
    with reachable():
        for name in ("merges", "teams", "comparisons"):
            collection(name).delete_many({"owner": who.id})
