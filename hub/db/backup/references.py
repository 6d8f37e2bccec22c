"""What refers to what in the database, whether it is there, and what to do in a restored one where it is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from bson.raw_bson import RawBSONDocument

from hub.db.backup.records import split
from hub.db.backup.source import View, view
from hub.db.mongo import Document, collection, reachable


@dataclass(frozen=True, slots=True)
class Reference:
    """Field `field` of `name` holds ids of `to`, in `within` of each where it is a list of documents. Where one
    is gone, `lost` says what to do: `tell` of it, `leave` it as something that a room puts up with, or `drop` the row,
    which its owner has left behind."""

    name: str
    field: str
    to: str
    lost: Literal["tell", "leave", "drop"]
    within: str = ""


REFERENCES = (
    Reference("messages", "conversation", "conversations", "drop"),
    Reference("messages", "parent", "messages", "tell"),
    Reference("messages", "files", "files", "leave", within="id"),
    Reference("conversations", "head", "messages", "tell"),
    Reference("sent_requests", "conversation", "conversations", "drop"),
    Reference("queued", "conversation", "conversations", "drop"),
    Reference("comparisons", "conversation", "conversations", "drop"),
    Reference("agent_versions", "agent", "agents", "drop"),
    Reference("skill_versions", "skill", "skills", "drop"),
    Reference("skill_files", "skill", "skills", "drop"),
    Reference("prompt_set_versions", "set", "prompt_sets", "drop"),
    Reference("prompt_set_rows", "set", "prompt_sets", "drop"),
    Reference("occurrences", "schedule", "schedules", "drop"),
    Reference("arrivals", "schedule", "schedules", "drop"),
    Reference("arrivals", "document", "documents", "drop"),
    Reference("documents", "collection", "document_collections", "drop"),
    Reference("document_slices", "document", "documents", "drop"),
    Reference("files", "_id", "stored.files", "tell"),
    Reference("files", "_id", "file_texts", "tell"),
    Reference("files", "pictures", "stored.files", "tell", within="id"),
    Reference("stored.chunks", "files_id", "stored.files", "drop"),
    Reference("originals.chunks", "files_id", "originals.files", "drop"),
)


@dataclass(frozen=True, slots=True)
class Gone:
    """What a row refers to and is not there."""

    reference: Reference
    row: Any
    to: Any


def dangling(references: tuple[Reference, ...] = REFERENCES) -> Iterator[Gone]:
    """Every reference to something that is not there, in the database as it is at one moment."""
    with reachable(), view() as seen:
        ids: dict[str, set[str]] = {}
        for name in {one.to for one in references}:
            ids[name] = {str(row["_id"]) for row in _rows(seen, name)}
        for name in dict.fromkeys(one.name for one in references):
            mine = [one for one in references if one.name == name]
            for row in _rows(seen, name):
                for reference in mine:
                    lost = [one for one in _meant(row, reference) if str(one) not in ids[reference.to]]
                    yield from (Gone(reference, row["_id"], one) for one in lost)


def _rows(seen: View, name: str) -> Iterator[RawBSONDocument]:
    for batch in seen.every(name):
        for document in split(batch):
            yield RawBSONDocument(bytes(document))


def _meant(row: RawBSONDocument, reference: Reference) -> list[Any]:
    found: Any = row.get(reference.field)
    if not reference.within:
        return [] if found is None else [found]
    return [one[reference.within] for one in found or ()]


def broken_files(bucket: str) -> list[str]:
    """Names of files in GridFS whose pieces are not all there."""
    with reachable(), view() as seen:
        return [
            str(row["filename"])
            for row in _rows(seen, f"{bucket}.files")
            if _stored(seen, bucket, row["_id"]) != row["length"]
        ]


def _stored(seen: View, bucket: str, file: Any) -> int:
    """Bytes of a file up to the first piece that is missing."""
    pieces = [RawBSONDocument(bytes(one)) for batch in seen.of(f"{bucket}.chunks", file) for one in split(batch)]
    pieces.sort(key=lambda one: one["n"])
    return sum(len(one["data"]) for number, one in enumerate(pieces) if one["n"] == number)


def mend() -> int:
    """Puts right what a backup that is not of one moment may hold: rows whose owner was deleted while it was made,
    heads of conversations, and answers under way that ended meanwhile. How many rows it touched."""
    touched = 0
    for gone in list(dangling(tuple(one for one in REFERENCES if one.lost != "leave"))):
        with reachable():
            if gone.reference.lost == "drop":
                touched += collection(gone.reference.name).delete_one({"_id": gone.row}).deleted_count
            elif gone.reference.field == "head":
                head = _newest(gone.row)
                collection("conversations").update_one({"_id": gone.row}, {"$set": {"head": head}})
                touched += 1
    return touched + _closed()


def _newest(conversation: Any) -> Any:
    home: Document = collection("conversations").find_one({"_id": conversation}) or {}
    wanted = {"owner": home.get("owner"), "conversation": conversation}
    found = [row for row in collection("messages").find(wanted) if "deleted_at" not in row]
    return max(found, key=lambda row: row["depth"])["_id"] if found else None


def _closed() -> int:
    """Answers that are being written by a run which has ended."""
    with reachable():
        going = {row["_id"] for row in collection("runs").find({"status": "running"}, {"_id": 1})}
        open_ = list(collection("messages").find({"status": "streaming"}, {"run": 1}))
        lost = [row["_id"] for row in open_ if row.get("run") not in going]
        for identity in lost:
            error = {"kind": "interrupted", "message": "The backup was made while this was being written.", "hint": ""}
            collection("messages").update_one({"_id": identity}, {"$set": {"status": "interrupted", "error": error}})
    return len(lost)
