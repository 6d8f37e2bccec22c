"""What is kept about tools: rules, tools that were found in a chat, and long results.

`tool_rules` {owner ("" is everybody's), tool, permission, arguments, conversation, version, at} · `tool_finds` {owner,
conversation, tool, at} · `tool_texts` {owner, conversation, call, text, at}.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bson import ObjectId
from pymongo import UpdateOne

from hub.db.indexes import Index
from hub.db.mongo import Document, collection, now, object_id, reachable
from hub.db.who import Who
from hub.errors import NotFound
from hub.tools.records import Rule

INDEXES: list[Index] = [
    ("tool_rules", [("owner", 1)], {}),
    ("tool_finds", [("owner", 1), ("conversation", 1)], {}),
    ("tool_finds", [("owner", 1), ("conversation", 1), ("tool", 1)], {"unique": True}),
    ("tool_texts", [("owner", 1), ("conversation", 1)], {}),
    ("tool_texts", [("owner", 1), ("call", 1)], {}),
]
EVERYBODY = ""
LONGEST_TEXT = 1_000_000
"""Characters of a result that are kept to be read on."""


def rules(who: Who) -> list[Rule]:
    """All rules of `who` and those of admins."""
    with reachable():
        rows = list(collection("tool_rules").find({"owner": {"$in": [who.id, EVERYBODY]}}))
    return [_rule(row) for row in rows]


def rules_in(who: Who, conversation: str) -> list[Rule]:
    """The rules that hold in a chat of `who`."""
    return [rule for rule in rules(who) if rule.conversation in ("", conversation)]


def put_rule(owner: str, rule: Rule) -> Rule:
    """Stores a rule in place of one that says something else of the same calls; returns it with its id."""
    same = {"owner": owner, "tool": rule.tool, "arguments": dict(rule.arguments), "conversation": rule.conversation}
    row = {**same, "_id": ObjectId(), "permission": rule.permission, "version": rule.version, "at": now()}
    with reachable():
        collection("tool_rules").delete_many(same)
        collection("tool_rules").insert_one(row)
    return _rule(row)


def drop_rule(owner: str, rule: str) -> None:
    """Removes a rule; raises NotFound."""
    with reachable():
        if not collection("tool_rules").delete_one({"_id": object_id(rule), "owner": owner}).deleted_count:
            raise NotFound("There is no such rule.")


def _rule(row: Document) -> Rule:
    return Rule(
        id=str(row["_id"]),
        tool=row["tool"],
        permission=row["permission"],
        arguments=row["arguments"],
        conversation=row["conversation"],
        version=row["version"],
        by="person" if row["owner"] else "admin",
    )


def found(who: Who, conversation: str) -> list[str]:
    """The ids of the tools that were found in a chat, in the order in which they were."""
    with reachable():
        rows = list(collection("tool_finds").find({"owner": who.id, "conversation": conversation}))
    return [row["tool"] for row in sorted(rows, key=lambda row: row["_id"])]


def note_found(who: Who, conversation: str, tools: Iterable[str]) -> None:
    """Keeps that these tools were found in a chat."""
    keys = [{"owner": who.id, "conversation": conversation, "tool": tool} for tool in tools]
    writes = [UpdateOne(key, {"$setOnInsert": {"_id": ObjectId(), "at": now()}}, upsert=True) for key in keys]
    if writes:
        with reachable():
            collection("tool_finds").bulk_write(writes, ordered=False)


def keep_text(who: Who, conversation: str, call: str, text: str) -> None:
    """Keeps a long result to be read on."""
    key: dict[str, Any] = {"owner": who.id, "conversation": conversation, "call": call}
    with reachable():
        collection("tool_texts").replace_one(key, {**key, "text": text[:LONGEST_TEXT], "at": now()}, upsert=True)


def text(who: Who, conversation: str, call: str) -> str:
    """A result that was kept; raises NotFound."""
    with reachable():
        row = collection("tool_texts").find_one({"owner": who.id, "call": call})
    if row is None or row["conversation"] != conversation:
        raise NotFound(f"There is no longer result of a call {call[:60]} in this chat.")
    return row["text"]


def forget_conversation(who: Who, conversation: str) -> None:
    """Removes what is kept of a chat."""
    with reachable():
        for name in ("tool_finds", "tool_texts", "tool_rules"):
            collection(name).delete_many({"owner": who.id, "conversation": conversation})


def forget_person(who: Who) -> None:
    """Removes everything of a person."""
    with reachable():
        for name in ("tool_finds", "tool_texts", "tool_rules"):
            collection(name).delete_many({"owner": who.id})
