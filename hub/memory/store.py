"""Every query on what is remembered. Ids in here are texts.

The embedded store answers from an index only when each field of the filter is part of it (see `hub.chat.store`), so
filters hold exactly the fields of an index or `_id`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from pymongo.errors import DuplicateKeyError

from hub.db.indexes import Index
from hub.db.mongo import Document, collection, now, reachable
from hub.db.who import Who
from hub.errors import NotFound

AT_ONCE = 40
"""Ids in one `$in`, as in `hub.chat.store`."""

INDEXES: list[Index] = [
    ("memories", [("owner", 1), ("scope", 1), ("shelf", 1), ("recorded_at", 1)], {}),
    ("memories", [("owner", 1), ("scope", 1), ("hash", 1)], {}),
    ("memory_events", [("owner", 1), ("fact", 1)], {}),
    ("memory_events", [("owner", 1), ("group", 1)], {}),
    ("memory_events", [("owner", 1), ("batch", 1)], {}),
    ("memory_events", [("owner", 1), ("op", 1)], {}),
    ("memory_events", [("owner", 1), ("at", 1)], {}),
    ("memory_events", [("owner", 1), ("scope", 1), ("at", 1)], {}),
    ("memory_events", [("owner", 1), ("conversation", 1)], {}),
    ("memory_unsettled", [("at", 1)], {}),
    ("memory_unsettled", [("owner", 1)], {}),
    ("memory_scopes", [("owner", 1)], {}),
    ("memory_extractions", [("owner", 1), ("at", 1)], {}),
    ("memory_extractions", [("owner", 1), ("conversation", 1)], {}),
    ("memory_pending", [("owner", 1)], {}),
    ("memory_rules", [("owner", 1)], {}),
    ("memory_uses", [("owner", 1)], {}),
    ("memory_summaries", [("owner", 1)], {}),
    ("memory_spent", [("owner", 1)], {}),
]
SHELVES = {"live": ("always", "live"), "past": ("past",), "deleted": ("deleted",)}
"""The shelves of rows behind those that a person sees."""


def key(who: Who, scope: str) -> str:
    """The id of what there is one of for each scope of a person."""
    return f"{who.id} {scope}"


# Rows


def row(who: Who, fact: str) -> Document | None:
    """A row, also one whose fact is gone; None when there never was one of this person."""
    with reachable():
        return collection("memories").find_one({"_id": fact, "owner": who.id})


def rows(who: Who, facts: Iterable[str]) -> dict[str, Document]:
    """The rows of facts that there are, by id."""
    found: dict[str, Document] = {}
    wanted = list(dict.fromkeys(facts))
    for start in range(0, len(wanted), AT_ONCE):
        with reachable():
            some = collection("memories").find({"_id": {"$in": wanted[start : start + AT_ONCE]}, "owner": who.id})
            found |= {one["_id"]: one for one in some}
    return found


def shelf(
    who: Who, scope: str, name: str, since: datetime | None = None, before: datetime | None = None
) -> list[Document]:
    """The rows on a shelf that were recorded in a span of time, in no order."""
    wanted: Document = {"owner": who.id, "scope": scope, "shelf": name}
    if span := _span(since, before):
        wanted["recorded_at"] = span
    with reachable():
        return list(collection("memories").find(wanted))


def count(who: Who, scope: str, name: str) -> int:
    """How many rows stand on a shelf."""
    with reachable():
        return collection("memories").count_documents({"owner": who.id, "scope": scope, "shelf": name})


def same(who: Who, scope: str, fingerprint: str) -> list[Document]:
    """The rows with this text, on any shelf."""
    with reachable():
        return list(collection("memories").find({"owner": who.id, "scope": scope, "hash": fingerprint}))


def put_row(made: Document) -> None:
    """Stores a row unless one of a later event stands there."""
    with reachable():
        rows_ = collection("memories")
        changed = rows_.replace_one({"_id": made["_id"], "owner": made["owner"], "seq": {"$lt": made["seq"]}}, made)
        if not changed.matched_count:
            try:
                rows_.insert_one(made)
            except DuplicateKeyError:  # it is this row already, or a later one
                return


# Events


def insert_event(event: Document) -> bool:
    """Appends an event; False when there is one with this id."""
    with reachable():
        try:
            collection("memory_events").insert_one(event)
        except DuplicateKeyError:
            return False
    return True


def event(who: Who, event: str) -> Document:
    """One event."""
    with reachable():
        found = collection("memory_events").find_one({"_id": event, "owner": who.id})
    if found is None:
        raise NotFound("There is no such change.", hint="Its fact may have been removed for good.")
    return found


def events_of(who: Who, name: str, value: str) -> list[Document]:
    """The events of a `fact`, `group`, `batch`, `conversation` or `op`, oldest first."""
    with reachable():
        found = list(collection("memory_events").find({"owner": who.id, name: value}))
    if name == "fact":  # one that came second was perhaps made first
        return sorted(found, key=lambda one: one["seq"])
    return sorted(found, key=lambda one: (one["at"], one["seq"]))


def newest(
    name: str, who: Who, most: int, *, since: datetime | None = None, before: datetime | None = None, **equal: Any
) -> list[Document]:
    """At most so many rows of a collection from a span of time, newest first, those of one moment by their ids."""
    wanted: Document = {"owner": who.id, **equal}
    if span := _span(since, before):
        wanted["at"] = span
    with reachable():
        return list(collection(name).find(wanted).sort([("at", -1), ("_id", -1)]).limit(most))


def events_at(who: Who, at: datetime, **equal: Any) -> list[Document]:
    """The events of one moment, in the order of `newest`."""
    with reachable():
        found = list(collection("memory_events").find({"owner": who.id, "at": at, **equal}))
    return sorted(found, key=lambda one: one["_id"], reverse=True)


def _span(since: datetime | None, before: datetime | None) -> Document:
    return {sign: time for sign, time in (("$gte", since), ("$lt", before)) if time is not None}


def change_event(who: Who, event: str, changes: Mapping[str, Any]) -> None:
    """Blanks texts of an event, which happens only where a person removes something for good."""
    with reachable():
        collection("memory_events").update_one({"_id": event, "owner": who.id}, {"$set": dict(changes)})


# What is on its way


def mark(document: Document) -> bool:
    """Keeps what is about to be written, so that it is finished whatever happens; False when it stands there."""
    with reachable():
        try:
            collection("memory_unsettled").insert_one(document)
        except DuplicateKeyError:
            return False
    return True


def marked(mark: str) -> Document | None:
    """What is on its way under this id."""
    with reachable():
        return collection("memory_unsettled").find_one({"_id": mark})


def unmark(mark: str) -> None:
    """It is written."""
    with reachable():
        collection("memory_unsettled").delete_one({"_id": mark})


def unsettled(before: datetime) -> list[Document]:
    """What has been on its way since then, of anyone, oldest first."""
    with reachable():
        return sorted(collection("memory_unsettled").find({"at": {"$lte": before}}), key=lambda one: one["at"])


def unsettled_of(who: Who) -> list[Document]:
    """What of a person is on its way, oldest first."""
    with reachable():
        return sorted(collection("memory_unsettled").find({"owner": who.id}), key=lambda one: one["at"])


# One of each scope


def scope(who: Who, scope: str) -> Document | None:
    """{changes, personal, profile} of a scope; None while nothing was ever kept in it."""
    with reachable():
        return collection("memory_scopes").find_one({"_id": key(who, scope)})


def scopes(who: Who) -> list[Document]:
    """The scopes of a person."""
    with reachable():
        return list(collection("memory_scopes").find({"owner": who.id}))


def change_scope(who: Who, scope: str, change: Document) -> None:
    """Applies update operators to the row of a scope, which is made when it is new."""
    head = {"owner": who.id, "scope": scope}
    with reachable():
        place = collection("memory_scopes")
        if not place.update_one({"_id": key(who, scope)}, change).matched_count:
            try:
                place.insert_one({"_id": key(who, scope), **head, "changes": 0})
            except DuplicateKeyError:
                pass
            place.update_one({"_id": key(who, scope)}, change)


def every_scope() -> list[Document]:
    """The scopes of everyone."""
    with reachable():
        return list(collection("memory_scopes").find({}))


# Small rows by id


def read(name: str, id_: str) -> Document | None:
    """A row by its id."""
    with reachable():
        return collection(name).find_one({"_id": id_})


def write(name: str, document: Document) -> None:
    """Stores a row in the place of the one with its id."""
    with reachable():
        collection(name).replace_one({"_id": document["_id"]}, document, upsert=True)


def remove(name: str, who: Who, id_: str) -> bool:
    """Removes a row; whether there was one."""
    with reachable():
        return collection(name).delete_one({"_id": id_, "owner": who.id}).deleted_count > 0


def all_of(name: str, who: Who, **more: Any) -> list[Document]:
    """Every row of a person in a collection."""
    with reachable():
        return list(collection(name).find({"owner": who.id, **more}))


def many(name: str, who: Who, ids: Sequence[str]) -> dict[str, Document]:
    """Rows by their ids."""
    found: dict[str, Document] = {}
    for start in range(0, len(ids), AT_ONCE):
        with reachable():
            some = collection(name).find({"_id": {"$in": list(ids[start : start + AT_ONCE])}, "owner": who.id})
            found |= {one["_id"]: one for one in some}
    return found


def spend(who: Who, usage: Mapping[str, float]) -> None:
    """Adds to what the day has cost."""
    day = now().date().isoformat()
    with reachable():
        place = collection("memory_spent")
        wanted = {"_id": f"{who.id} {day}"}
        if not place.update_one(wanted, {"$inc": dict(usage)}).matched_count:
            try:
                place.insert_one({**wanted, "owner": who.id, "day": day, **dict.fromkeys(usage, 0)})
            except DuplicateKeyError:
                pass
            place.update_one(wanted, {"$inc": dict(usage)})


# For good


def purge(who: Who, fact: str, tombstone: Document, gone: Document) -> None:
    """Removes a fact with every text of its history; `tombstone` and `gone` stand where its events and row stood."""
    with reachable():
        collection("memory_uses").delete_one({"_id": fact})
        collection("memory_events").delete_many({"owner": who.id, "fact": fact})
        collection("memories").replace_one({"_id": fact, "owner": who.id}, gone, upsert=True)
    insert_event(tombstone)


def purge_scope(who: Who, scope: str) -> None:
    """Removes what is left of a scope whose facts are gone."""
    with reachable():
        for row in list(collection("memories").find({"owner": who.id, "scope": scope, "shelf": "gone"}, {"_id": 1})):
            collection("memory_events").delete_many({"owner": who.id, "fact": row["_id"]})
            collection("memories").delete_one({"_id": row["_id"]})
        for name in ("memory_scopes", "memory_summaries"):
            collection(name).delete_one({"_id": key(who, scope)})


def purge_person(who: Who) -> None:
    """Removes every row of a person."""
    with reachable():
        for name in dict.fromkeys(index[0] for index in INDEXES):
            collection(name).delete_many({"owner": who.id})
        collection("memory_settings").delete_one({"_id": who.id})
