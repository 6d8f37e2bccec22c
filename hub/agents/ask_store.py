"""What is kept of agents that other agents asked: one row for each, from its beginning.

`agent_asks` {owner, answer, conversation (ids as text, "" without one), parent, run, attached, limits, attended,
temporary, scope, sources, replies, at, and the fields of `AskRecord`}. Every query asks for the owner.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from bson import ObjectId
from pydantic import TypeAdapter

from hub.agents.records import AskRecord
from hub.db.indexes import Index
from hub.db.mongo import Document, collection, object_id, reachable
from hub.db.who import Who
from hub.errors import NotFound
from hub.turns import Reply

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


@lru_cache(maxsize=32)
def _adapter(kind: type) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def plain(given: object) -> Any:
    """The stored form of a part of a record: fields that have their default value are left out."""
    return None if given is None else _adapter(type(given)).dump_python(given, exclude_defaults=True)


def replies(row: Document) -> dict[str, Reply]:
    """What the person has said so far to the calls that an ask waits for, by their ids."""
    return {call: _adapter(Reply).validate_json(text) for call, text in row.get("replies", ())}


def packed(replied: Mapping[str, Reply]) -> list[list[str]]:
    """Replies as they are kept; as text, since ids and names may be no keys for a store."""
    return [[call, _adapter(Reply).dump_json(one).decode()] for call, one in replied.items()]


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


def waiting(who: Who, answer: str, parent: str, call: str) -> Document:
    """The ask that a call of an answer, or of an ask in it, waits for; raises NotFound."""
    with reachable():
        rows = list(collection("agent_asks").find({"owner": who.id, "answer": answer}))
    for one in sorted(rows, key=lambda row: row["_id"], reverse=True):
        if (one["parent"], one["call"], one["status"]) == (parent, call, "waiting"):
            return one
    raise NotFound("Nothing waits there any more.", hint="Ask the agent again.")


def withdraw(who: Who, answer: str) -> None:
    """Ends what waits below an answer that does not go on."""
    for one in asks(who, answer):
        if one.status == "waiting":
            change(who, ObjectId(one.id), {"status": "cancelled"}, only={"status": "waiting"})


def of_conversation(who: Who, conversation: str) -> list[Document]:
    """Ids and runs of everything that was asked in a conversation."""
    with reachable():
        wanted = {"owner": who.id, "conversation": conversation}
        return list(collection("agent_asks").find(wanted, {"_id": 1, "runs": 1}))


def forget_conversation(who: Who, conversation: str) -> None:
    """Removes everything that was asked in a conversation."""
    with reachable():
        collection("agent_asks").delete_many({"owner": who.id, "conversation": conversation})


def forget_person(who: Who) -> None:
    """Removes everything that a person's agents were asked."""
    with reachable():
        collection("agent_asks").delete_many({"owner": who.id})
