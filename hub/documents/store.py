"""Rows of documents, their slices and their originals. Every query of these collections stands here.

A document's row holds the version that is being worked on (`work`) and the one that serves (`served`). A slice is some
pages of one version: their Markdown and their passages; a document is its slices in order. Slices are written before
the index is told of them, so that the index can be built from them at any time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

import gridfs
from bson import ObjectId
from gridfs.errors import NoFile

from hub.db.indexes import Index
from hub.db.mongo import Document as Row
from hub.db.mongo import collection, database, now, object_id, reachable
from hub.db.who import Who
from hub.documents import holdings
from hub.documents.records import MOVING, Document
from hub.errors import NotFound
from hub.jobs import running

INDEXES: list[Index] = [
    ("document_collections", [("owner", 1), ("scope", 1)], {}),
    ("document_collections", [("shared", 1)], {}),
    ("document_collections", [("removed_at", 1)], {}),
    ("documents", [("collection", 1), ("removed_at", 1)], {}),
    ("documents", [("collection", 1), ("work.hash", 1)], {}),
    ("documents", [("collection", 1), ("name", 1)], {}),
    ("documents", [("owner", 1)], {}),
    ("documents", [("work.state", 1), ("touched_at", 1)], {}),
    ("documents", [("removed_at", 1)], {}),
    ("document_slices", [("document", 1), ("version", 1), ("number", 1)], {}),
    ("document_slices", [("owner", 1)], {}),
]


def digest(data: bytes) -> str:
    """The SHA-256 by which the same content is known again."""
    return hashlib.sha256(data).hexdigest()


def new_work(version: int, stored: ObjectId, data: bytes, mime: str = "") -> Row:
    """The part of a row that tells of a version which nobody has read yet."""
    return {
        "version": version,
        "stored": stored,
        "hash": digest(data),
        "size": len(data),
        "mime": mime or "application/octet-stream",
        "state": "waiting",
        "done": 0,
        "total": 0,
        "unit": "part",
        "slices": 0,
        "passages": 0,
        "length": 0,
        "tokens": 0,
        "pages": None,
        "kind": "markdown",
        "title": "",
        "headings": [],
        "language": "",
        "starts": 0,
        "reason": "",
        "hint": "",
        "warnings": [],
        "pdf": False,
        "chunking": None,
    }


def insert(owner: Row, name: str, data: bytes, url: str = "", mime: str = "", by: str = "") -> Row:
    """Stores a new document of the collection row `owner`: the bytes first, the row last."""
    stored = put_original(owner["owner"], name, data)
    row: Row = {
        "_id": ObjectId(),
        "owner": owner["owner"],
        "collection": owner["_id"],
        "name": name,
        "url": url,
        "by": by,
        "created_at": now(),
        "updated_at": now(),
        "touched_at": now(),
        "removed_at": None,
        "work": new_work(1, stored, data, mime),
        "served": None,
    }
    with reachable():
        collection("documents").insert_one(row)
    return row


def same_content(owner: Row, hash_: str, name: str = "") -> Row | None:
    """A document of the collection whose newest version has this content, under any name or under `name`."""
    wanted = {"collection": owner["_id"], "work.hash": hash_, "removed_at": None}
    with reachable():
        found = collection("documents").find(wanted).to_list()
    return next((one for one in found if name in ("", one["name"])), None)


def same_name(owner: Row, name: str) -> Row | None:
    """A document of the collection with this name."""
    with reachable():
        return collection("documents").find_one({"collection": owner["_id"], "name": name, "removed_at": None})


def row_of(who: Who, document: str, *, write: bool = False, removed: bool = False) -> tuple[Row, Row]:
    """A document's row and its collection's; raises NotFound when `who` may not read (with `write`: change) it."""
    with reachable():
        found = collection("documents").find_one({"_id": object_id(document, "document")})
    if found is None or (found["removed_at"] is not None) != removed:
        raise NotFound("There is no such document.", hint="It was removed, or it belongs to somebody else.")
    return found, holdings.row_of(who, str(found["collection"]), write=write)


def load(document: str) -> Row | None:
    """A document's row for a job, whoever it belongs to; None when it is gone."""
    with reachable():
        return collection("documents").find_one({"_id": object_id(document, "document")})


def collection_row(identity: ObjectId) -> Row | None:
    """A collection's row for a job."""
    with reachable():
        return collection("document_collections").find_one({"_id": identity})


def of_collection(identity: ObjectId, *, removed: bool = False) -> list[Row]:
    """All documents of a collection, those that are removed with `removed`."""
    with reachable():
        found = list(collection("documents").find({"collection": identity}))
    return [row for row in found if (row["removed_at"] is not None) == removed]


def many(identities: Sequence[str]) -> dict[str, Row]:
    """Rows by id, those that are gone left out."""
    with reachable():
        found = collection("documents").find({"_id": {"$in": [ObjectId(one) for one in identities]}})
        return {str(row["_id"]): row for row in found}


def hidden(spaces: Sequence[ObjectId]) -> list[str]:
    """Documents of these collections that were removed but may still stand in the index."""
    with reachable():
        found = collection("documents").find({"collection": {"$in": list(spaces)}}, {"removed_at": 1})
        return [str(row["_id"]) for row in found if row["removed_at"] is not None]


def advance(row: Row, changes: Row) -> bool:
    """Writes `changes` (dotted fields) while the version is still the one of `row` and nobody has paused or removed it,
    nor begun to work on it later; False when somebody has."""
    wanted: Row = {
        "_id": row["_id"],
        "work.version": row["work"]["version"],
        "work.state": {"$in": sorted(MOVING)},
        "removed_at": None,
    }
    if (job := running()) is not None:
        wanted["token"] = {"$not": {"$gt": job.token}}
        changes = {**changes, "token": job.token}
    with reachable():
        done = collection("documents").update_one(wanted, {"$set": {**changes, "touched_at": now()}})
    return done.matched_count == 1


def update(row: Row, changes: Row) -> None:
    """Writes `changes` (dotted fields) whatever the state."""
    with reachable():
        collection("documents").update_one({"_id": row["_id"]}, {"$set": {**changes, "updated_at": now()}})


def stuck(before: Any) -> list[Row]:
    """Documents on their way that nobody has touched since `before`."""
    with reachable():
        found = collection("documents").find({"work.state": {"$in": sorted(MOVING)}, "touched_at": {"$lte": before}})
        return [row for row in found if row["removed_at"] is None]


def removed_before(when: Any) -> list[Row]:
    """Documents that were removed before `when`."""
    with reachable():
        return list(collection("documents").find({"removed_at": {"$ne": None, "$lte": when}}))


def of_person(who: Who) -> list[Row]:
    """Every document of a person, removed ones too."""
    with reachable():
        return list(collection("documents").find({"owner": who.id}))


def every() -> Iterator[tuple[str, str]]:
    """(owner, id) of every document, by id."""
    with reachable():
        for row in collection("documents").find({}, {"owner": 1}).sort("_id", 1):
            yield row["owner"], str(row["_id"])


def record(row: Row) -> Document:
    """The document in a stored row."""
    work, served = row["work"], row["served"]
    shown = served or work
    return Document(
        id=str(row["_id"]),
        collection=str(row["collection"]),
        name=row["name"],
        title=shown["title"] or row["name"],
        mime=work["mime"],
        size=work["size"],
        state=work["state"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        kind=shown["kind"],
        version=work["version"],
        serving=served is not None or work["passages"] > 0,
        done=work["done"],
        total=work["total"],
        unit=work["unit"],
        pages=shown["pages"],
        passages=shown["passages"],
        tokens=shown["tokens"],
        reason=work["reason"],
        hint=work["hint"],
        warnings=tuple(work["warnings"]),
        url=row["url"],
        pdf=shown["pdf"],
        removed_at=row["removed_at"],
        ready_at=row.get("ready_at") or (row["created_at"] if served else None),
    )


def put_slice(row: Row, number: int, fields: Row) -> None:
    """Stores slice `number` of the version that is worked on, in place of what was there of it."""
    version = row["work"]["version"]
    identity = f"{row['_id']}-{version}-{number}"
    about = {"document": row["_id"], "owner": row["owner"], "version": version, "number": number}
    with reachable():
        collection("document_slices").replace_one({"_id": identity}, {"_id": identity, **about, **fields}, upsert=True)


def slices(row: Row, version: int, *, most: int | None = None) -> list[Row]:
    """The slices of a version in order, the first `most` only when given."""
    wanted: Row = {"document": row["_id"], "version": version}
    if most is not None:
        wanted["number"] = {"$lt": most}
    with reachable():
        return sorted(collection("document_slices").find(wanted), key=lambda one: one["number"])


def shown_slices(row: Row) -> list[Row]:
    """The slices of what serves, or of what is there so far."""
    if row["served"]:
        return slices(row, row["served"]["version"])
    return slices(row, row["work"]["version"], most=row["work"]["slices"])


def drop_slices(row: Row, *, keep: Sequence[int]) -> None:
    """Removes the slices of all versions but those in `keep`."""
    with reachable():
        collection("document_slices").delete_many({"document": row["_id"], "version": {"$nin": list(keep)}})


def put_original(owner: str, name: str, data: bytes) -> ObjectId:
    """Stores the bytes of a version."""
    identity = ObjectId()
    with reachable():
        _bucket().upload_from_stream_with_id(identity, name, data, metadata={"owner": owner})
    return identity


def original(stored: ObjectId) -> bytes:
    """The bytes of a version; raises NotFound."""
    with reachable():
        try:
            return _bucket().open_download_stream(stored).read()
        except NoFile as error:
            raise NotFound("The original of the document is not there any more.", hint="Add it again.") from error


def drop_original(stored: ObjectId) -> None:
    """Removes the bytes of a version; nothing happens when they are gone."""
    with reachable():
        try:
            _bucket().delete(stored)
        except NoFile:  # an earlier sweep broke off after this
            return


def purge(row: Row) -> None:
    """Removes a document for good, its row last."""
    for version in (row["work"], row["served"]):
        if version:
            drop_original(version["stored"])
    with reachable():
        collection("document_slices").delete_many({"document": row["_id"]})
        collection("documents").delete_one({"_id": row["_id"]})


def removed_collections(when: Any) -> list[Row]:
    """Collections that were removed before `when`."""
    with reachable():
        return list(collection("document_collections").find({"removed_at": {"$ne": None, "$lte": when}}))


def purge_collection(row: Row) -> None:
    """Removes a collection for good; its documents must be gone."""
    with reachable():
        collection("document_collections").delete_one({"_id": row["_id"]})


def purge_person(who: Who) -> None:
    """Removes everything of a person, also what an upload that broke off has left."""
    with reachable():
        for left in list(collection("originals.files").find({"metadata.owner": who.id}, {"_id": 1})):
            _bucket().delete(left["_id"])
        for name in ("document_slices", "documents", "document_collections"):
            collection(name).delete_many({"owner": who.id})


def _bucket() -> gridfs.GridFSBucket:
    return gridfs.GridFSBucket(database(), bucket_name="originals")
