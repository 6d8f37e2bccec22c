"""Files in GridFS: the original as it came, the text that was read from it, and the pictures for prompts.

`uses` counts the messages that show a file. A file that no message uses goes a day after it came, or after its last
message went.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

import gridfs
from bson import ObjectId
from gridfs.errors import NoFile
from pydantic import TypeAdapter

from hub.db.indexes import Index
from hub.db.mongo import Document, collection, database, now, object_id, reachable
from hub.db.who import Who
from hub.errors import NotFound
from hub.files.records import File, Reading
from hub.models import estimate

UNUSED_FOR = timedelta(days=1)
SMALL_TEXT = 4_000_000
"""Characters of text that are kept in the row itself; longer text goes into GridFS."""

INDEXES: list[Index] = [
    ("files", [("owner", 1), ("hash", 1)], {}),
    ("files", [("unused_since", 1)], {}),
]
_file = TypeAdapter(File)


def insert(who: Who, name: str, data: bytes, reading: Reading, digest: str) -> File:
    """Stores a file that was read: the bytes first, the row last, so that a row always has its bytes."""
    identity = ObjectId()
    with reachable():
        _bucket().upload_from_stream_with_id(identity, name, data, metadata={"owner": who.id})
        pictures = [_put(who, f"{name} picture", one.data) for one in reading.pictures]
        document: Document = {
            "_id": identity,
            "owner": who.id,
            "name": name,
            "mime": reading.mime,
            "size": len(data),
            "hash": digest,
            "kind": reading.kind,
            "created_at": now(),
            "how": how(reading),
            "tokens": tokens(reading),
            "warning": " ".join(reading.warnings),
            "pages": reading.pages,
            "pictures": [{"id": put, "mime": one.mime} for put, one in zip(pictures, reading.pictures, strict=True)],
            "uses": 0,
            "unused_since": now(),
        }
        if len(reading.text) <= SMALL_TEXT:
            collection("file_texts").insert_one({"_id": identity, "owner": who.id, "text": reading.text})
        else:
            collection("file_texts").insert_one(
                {"_id": identity, "owner": who.id, "stored": _put(who, f"{name} text", reading.text.encode())}
            )
        collection("files").insert_one(document)
    return record(document)


def same(who: Who, digest: str) -> Document | None:
    """A file of the person with the same content and name digest, if there is one."""
    with reachable():
        return collection("files").find_one({"owner": who.id, "hash": digest})


def touch(who: Who, document: Document) -> File:
    """A file that is attached again: it stays for another day at least."""
    if document["uses"] <= 0:
        with reachable():
            collection("files").update_one({"_id": document["_id"], "owner": who.id}, {"$set": {"unused_since": now()}})
    return record(document)


def digest(name: str, data: bytes) -> str:
    """The SHA-256 of name and content: the same bytes under another name are another file."""
    return hashlib.sha256(name.encode() + b"\x00" + data).hexdigest()


def how(reading: Reading) -> str:
    """How the file will go into a prompt."""
    if reading.kind == "image":
        return "Goes in as an image."
    if reading.kind == "pages":
        return f"Goes in as {len(reading.pictures)} page pictures."
    return f"Goes in as text, about {tokens(reading):,} tokens."


def tokens(reading: Reading) -> int:
    """Estimated tokens of the whole file."""
    if reading.kind == "text":
        return estimate.tokens(reading.text)
    return sum(estimate.image_tokens(one.data) for one in reading.pictures)


def record(document: Document) -> File:
    """The file in a stored row."""
    return _file.validate_python({**document, "id": str(document["_id"])})


def many(who: Who, files: Sequence[str]) -> tuple[File, ...]:
    """The files in the order asked; raises NotFound if one is missing."""
    ids = [object_id(one) for one in files]
    if not ids:
        return ()
    with reachable():
        found = {one["_id"]: one for one in collection("files").find({"_id": {"$in": ids}, "owner": who.id})}
    if missing := [one for one in ids if one not in found]:
        raise NotFound(f"{len(missing)} of the files are not there any more.", hint="Attach them again.")
    return tuple(record(found[one]) for one in ids)


def get(who: Who, file: str) -> File:
    """One file; raises NotFound."""
    return many(who, [file])[0]


def content(who: Who, file: str) -> bytes:
    """The original bytes."""
    found = get(who, file)
    return _read(ObjectId(found.id))


def text(who: Who, file: str) -> str:
    """The text that was read from a file; empty for pictures."""
    with reachable():
        found = collection("file_texts").find_one({"_id": object_id(file), "owner": who.id})
    if found is None:
        raise NotFound("The file is not there any more.")
    return found["text"] if "text" in found else _read(found["stored"]).decode()


def pictures(who: Who, file: str) -> tuple[tuple[str, bytes], ...]:
    """(mime, bytes) of each picture for prompts: one for an image, the first pages of a scanned document."""
    return tuple((one["mime"], _read(one["id"])) for one in _row(who, file)["pictures"])


def keep(who: Who, files: Iterable[str]) -> None:
    """One more message shows each of these files."""
    _count(who, files, 1)


def release(who: Who, files: Iterable[str]) -> None:
    """One message less shows each of these files."""
    _count(who, files, -1)


def remove(who: Who, file: str) -> None:
    """Takes away a file that no message uses; one in use stays."""
    found = _row(who, file)
    if found["uses"] <= 0:
        _purge(found)


def sweep() -> int:
    """Removes files of anyone that no message has used for a day; returns how many."""
    with reachable():
        stale = list(collection("files").find({"unused_since": {"$lte": now() - UNUSED_FOR}}))
    unused = [document for document in stale if document["uses"] <= 0]
    for document in unused:
        _purge(document)
    return len(unused)


def forget_person(who: Who) -> None:
    """Removes every file of a person, in use or not, and what an upload that broke off has left."""
    with reachable():
        for document in list(collection("files").find({"owner": who.id})):
            _purge(document)
        for left in list(collection("stored.files").find({"metadata.owner": who.id}, {"_id": 1})):
            _bucket().delete(left["_id"])
        collection("file_texts").delete_many({"owner": who.id})


def _count(who: Who, files: Iterable[str], by: int) -> None:
    for identity in map(object_id, files):
        with reachable():
            found = collection("files").find_one({"_id": identity, "owner": who.id})
            if found is None:
                continue
            uses: dict[str, Any] = {"$inc": {"uses": by}}
            if found["uses"] + by > 0:
                uses["$unset"] = {"unused_since": ""}
            else:
                uses["$set"] = {"unused_since": now()}
            collection("files").update_one({"_id": identity}, uses)


def _purge(document: Document) -> None:
    stored = [one["id"] for one in document["pictures"]]
    with reachable():
        texts = collection("file_texts").find_one({"_id": document["_id"]}) or {}
        if "stored" in texts:
            stored.append(texts["stored"])
        for identity in dict.fromkeys([*stored, document["_id"]]):
            try:
                _bucket().delete(identity)
            except NoFile:  # an earlier sweep broke off after this
                continue
        collection("file_texts").delete_one({"_id": document["_id"]})
        collection("files").delete_one({"_id": document["_id"]})


def _row(who: Who, file: str) -> Document:
    with reachable():
        found = collection("files").find_one({"_id": object_id(file), "owner": who.id})
    if found is None:
        raise NotFound("The file is not there any more.")
    return found


def _put(who: Who, name: str, data: bytes) -> ObjectId:
    identity = ObjectId()
    _bucket().upload_from_stream_with_id(identity, name, data, metadata={"owner": who.id})
    return identity


def _read(identity: ObjectId) -> bytes:
    with reachable():
        try:
            return _bucket().open_download_stream(identity).read()
        except NoFile as error:
            raise NotFound("The content of the file is not there any more.") from error


def _bucket() -> gridfs.GridFSBucket:
    return gridfs.GridFSBucket(database(), bucket_name="stored")
