"""What is kept of agents that other agents asked: one row for each, from its beginning.

`agent_asks` {owner, answer, conversation (ids as text, "" without one), parent, run, attached, limits, attended,
temporary, scope, sources, replies, at, and the fields of `AskRecord`}. Every query asks for the owner.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bson import ObjectId
from pydantic import TypeAdapter

from hub.agents.records import AskRecord
from hub.db.indexes import Index
from hub.db.mongo import Document, collection, object_id, reachable
from hub.db.who import Who
from hub.errors import NotFound

INDEXES: list[Index] = [
    ("agent_asks", [("owner", 1), ("answer", 1)], {}),
    ("agent_asks", [("owner", 1), ("conversation", 1)], {}),
]
_record = TypeAdapter(AskRecord)


def asks(who: Who, answer: str) -> list[AskRecord]:
    """Every agent that was asked for an answer, beneath whatever depth, in the order in which they were."""
    with reachable():
        rows = list(collection("agent_asks").find({"owner": who.id, "answer": answer}))
    return [record(row) for row in sorted(rows, key=lambda row: row["_id"])]


def record(row: Document) -> AskRecord:
    """The record in a stored row."""
    return _record.validate_python({**row, "id": str(row["_id"])})


def row(who: Who, ask: str) -> Document:
    """The row of one ask; raises NotFound."""
    with reachable():
        found = collection("agent_asks").find_one({"_id": object_id(ask, "question to an agent"), "owner": who.id})
    if found is None:
        raise NotFound("Nothing is known any more of what this agent was asked.")
    return found


def insert(who: Who, document: Document) -> None:
    """Stores an ask that begins; `document` holds `_id`."""
    with reachable():
        collection("agent_asks").insert_one({**document, "owner": who.id})


def change(who: Who, ask: ObjectId, changes: Mapping[str, Any], *, only: Mapping[str, Any] | None = None) -> bool:
    """Sets fields of an ask if it still has the values in `only`; says whether it did."""
    with reachable():
        wanted = {**(only or {}), "_id": ask, "owner": who.id}
        return collection("agent_asks").update_one(wanted, {"$set": dict(changes)}).matched_count > 0


def of_conversation(who: Who, conversation: str) -> list[str]:
    """The ids of everything that was asked in a conversation."""
    with reachable():
        found = list(collection("agent_asks").find({"owner": who.id, "conversation": conversation}, {"_id": 1}))
    return [str(one["_id"]) for one in found]


def forget_conversation(who: Who, conversation: str) -> None:
    """Removes everything that was asked in a conversation."""
    with reachable():
        collection("agent_asks").delete_many({"owner": who.id, "conversation": conversation})


def forget_person(who: Who) -> None:
    """Removes everything that a person's agents were asked."""
    with reachable():
        collection("agent_asks").delete_many({"owner": who.id})
