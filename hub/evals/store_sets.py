"""Every query on prompt sets: heads, earlier versions, rows.

A row is stored once under a hash of its set and content, and never changed: a version is the list of its rows' hashes
in order. So saving writes what is new, and a page of any version is a slice of that list. The head holds the newest
version; it is copied to the earlier ones before it moves on, which a crash may repeat without harm.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from bson import ObjectId
from pymongo.errors import BulkWriteError

from hub.db.indexes import Index
from hub.db.mongo import Document, collection, object_id, reachable
from hub.db.who import Who
from hub.errors import NotFound

SCHEMA = 1
HASH = 16
"""Bytes of a row's hash."""
BATCH = 500
TAKEN = 11000
"""Mongo's code for a row that is there already: two people's saving may meet."""
LISTS = ("order", "ids")
"""Fields of a version that are as long as it has rows."""
INDEXES: list[Index] = [
    ("prompt_sets", [("owner", 1)], {}),
    ("prompt_sets", [("deleted_at", 1)], {}),
    ("prompt_set_versions", [("set", 1)], {}),
    ("prompt_set_versions", [("owner", 1)], {}),
    ("prompt_set_rows", [("set", 1)], {}),
    ("prompt_set_rows", [("owner", 1)], {}),
]


def head(who: Who, set_id: str, *, deleted: bool = False) -> Document:
    """The newest version of a set; raises NotFound, also for a deleted one unless that was asked for."""
    with reachable():
        found = collection("prompt_sets").find_one({"_id": object_id(set_id, "prompt set"), "owner": who.id})
    if found is None or ("deleted_at" in found) > deleted:
        raise NotFound("There is no such prompt set.", hint="It may have been deleted.")
    return found


def heads(who: Who) -> list[Document]:
    """The living sets of a person without their lists of rows, in no order."""
    with reachable():
        found = list(collection("prompt_sets").find({"owner": who.id}, dict.fromkeys(LISTS, 0)))
    return [one for one in found if "deleted_at" not in one]


def version(who: Who, set_id: str, number: int | None) -> Document:
    """One version of a living set, the newest for None; raises NotFound."""
    newest = head(who, set_id)
    if number is None or number == newest["version"]:
        return newest
    with reachable():
        found = collection("prompt_set_versions").find_one({"_id": f"{set_id}-{number}"})
    if found is None or number > newest["version"]:
        raise NotFound(f"The prompt set “{newest['name']}” has no version {number}.")
    return {**found, "_id": newest["_id"], "created_at": newest["created_at"]}


def versions(who: Who, set_id: str) -> list[Document]:
    """Every version of a living set without the lists of rows, the newest first."""
    newest = head(who, set_id)
    with reachable():
        found = list(collection("prompt_set_versions").find({"set": newest["_id"]}, dict.fromkeys(LISTS, 0)))
    older = {one["version"]: one for one in found if one["version"] < newest["version"]}
    about = {"_id": newest["_id"], "created_at": newest["created_at"]}
    return [newest, *({**older[number], **about} for number in sorted(older, reverse=True))]


def insert(who: Who, document: Document) -> None:
    """Stores a new set; `document` holds `_id`."""
    with reachable():
        collection("prompt_sets").insert_one({**document, "owner": who.id, "schema": SCHEMA})


def move_on(who: Who, found: Document, changes: Document) -> bool:
    """Makes `changes` the next version after `found`; False when somebody else did, and then nothing is changed."""
    older = {name: value for name, value in found.items() if name not in ("_id", "created_at", "schema")}
    identity = f"{found['_id']}-{found['version']}"
    wanted = {"_id": found["_id"], "owner": who.id, "version": found["version"], "deleted_at": {"$exists": False}}
    with reachable():
        collection("prompt_set_versions").replace_one(
            {"_id": identity}, {"_id": identity, "set": found["_id"], **older}, upsert=True
        )
        done = collection("prompt_sets").update_one(wanted, {"$set": {**changes, "version": found["version"] + 1}})
    return done.matched_count == 1


def mark(who: Who, set_id: ObjectId, deleted_at: datetime | None) -> None:
    """Marks a set as deleted, or takes the mark away."""
    change = {"$set": {"deleted_at": deleted_at}} if deleted_at else {"$unset": {"deleted_at": ""}}
    with reachable():
        collection("prompt_sets").update_one({"_id": set_id, "owner": who.id}, change)


def row_hash(set_id: ObjectId, content: bytes) -> bytes:
    """The name of a row: the same content of the same set has the same one."""
    return hashlib.sha256(set_id.binary + content).digest()[:HASH]


def hashes(document: Document) -> list[bytes]:
    """The hashes of a version's rows in order."""
    order: bytes = document["order"]
    return [order[at : at + HASH] for at in range(0, len(order), HASH)]


def put_rows(who: Who, set_id: ObjectId, rows: Mapping[bytes, Document]) -> None:
    """Stores rows by hash; those that are there already stay."""
    documents = [{"_id": name.hex(), "owner": who.id, "set": set_id, **row} for name, row in rows.items()]
    for at in range(0, len(documents), BATCH):
        with reachable():
            try:
                collection("prompt_set_rows").insert_many(documents[at : at + BATCH], ordered=False)
            except BulkWriteError as error:
                details: Any = error.details
                if any(one["code"] != TAKEN for one in details["writeErrors"]):
                    raise


def known_rows(names: Sequence[bytes]) -> set[bytes]:
    """Those of `names` that are stored."""
    found: set[bytes] = set()
    for part in _parts(names):
        with reachable():
            rows = collection("prompt_set_rows").find({"_id": {"$in": part}}, {"_id": 1})
            found |= {bytes.fromhex(one["_id"]) for one in rows}
    return found


def rows(names: Sequence[bytes]) -> Iterator[Document]:
    """The stored rows in the order of their hashes, read in batches."""
    for part in _parts(names):
        with reachable():
            found = {one["_id"]: one for one in collection("prompt_set_rows").find({"_id": {"$in": part}})}
        yield from (found[name] for name in part)


def deleted_before(time: datetime) -> list[Document]:
    """Sets of anyone that were deleted before a time."""
    with reachable():
        return list(collection("prompt_sets").find({"deleted_at": {"$lte": time}}, dict.fromkeys(LISTS, 0)))


def files_of(set_id: ObjectId) -> Iterator[list[str]]:
    """The files of each row of a set that has any, in all its versions."""
    with reachable():
        for row in collection("prompt_set_rows").find({"set": set_id}, {"files": 1}):
            if row.get("files"):
                yield row["files"]


def remove(who: Who, set_id: ObjectId) -> None:
    """Removes a set for good, its head last."""
    with reachable():
        collection("prompt_set_rows").delete_many({"set": set_id})
        collection("prompt_set_versions").delete_many({"set": set_id})
        collection("prompt_sets").delete_one({"_id": set_id, "owner": who.id})


def remove_person(who: Who) -> None:
    """Removes every set of a person for good."""
    with reachable():
        for name in ("prompt_set_rows", "prompt_set_versions", "prompt_sets"):
            collection(name).delete_many({"owner": who.id})


def _parts(names: Sequence[bytes]) -> Iterator[list[str]]:
    for at in range(0, len(names), BATCH):
        yield [name.hex() for name in names[at : at + BATCH]]
