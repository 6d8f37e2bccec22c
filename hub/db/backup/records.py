"""What the stream of a backup says: a manifest, the key if it is encrypted, the collections one by one, an end."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, cast

import orjson

from hub.db.backup.sealed import Sealer, Unsealer, damaged

Kind = Literal["manifest", "key", "collection", "documents", "sum", "end"]
_LETTERS: dict[Kind, bytes] = {
    "manifest": b"M",
    "key": b"K",
    "collection": b"C",
    "documents": b"D",
    "sum": b"S",
    "end": b"Z",
}
_KINDS: dict[bytes, Kind] = {letter: kind for kind, letter in _LETTERS.items()}
_HEAD = struct.Struct(">cI")
_LENGTH = struct.Struct("<i")
IndexRow = tuple[list[tuple[str, Any]], dict[str, Any]]
"""(Field, direction) pairs of an index, and its options."""
BATCH = 1 << 20
"""Bytes of documents in one record; a larger document has one of its own."""
_LONGEST = (16 << 20) + (64 << 10) + BATCH


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup is of. `schema` is the newest migration of the database, `one_moment` whether everything in it was
    read as it was at one moment, `probe` a text encrypted with the hub's key, `settings` what a person had set."""

    version: str
    at: str
    database: str
    schema: int
    one_moment: bool
    probe: str
    settings: list[dict[str, str]] = field(default_factory=list[dict[str, str]])


@dataclass(slots=True)
class Tally:
    """The canonical hash of documents, whatever order they come in: the sum of their SHA-256, modulo 2^256."""

    count: int = 0
    size: int = 0
    total: int = 0

    def add(self, document: bytes | memoryview) -> None:
        """Counts one document, as BSON."""
        self.count += 1
        self.size += len(document)
        self.total += int.from_bytes(hashlib.sha256(document).digest(), "big")

    @property
    def hash(self) -> str:
        """As hexadecimal digits; those of no documents are all zero."""
        return (self.total % (1 << 256)).to_bytes(32, "big").hex()


@dataclass(frozen=True, slots=True)
class Sum:
    """What is in one collection: documents, their bytes and their canonical hash."""

    name: str
    count: int
    size: int
    hash: str


def whole(sums: Iterable[Sum]) -> str:
    """One hash of all collections that are not empty, whatever order they come in."""
    lines = sorted(f"{one.name} {one.count} {one.hash}" for one in sums if one.count)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def split(batch: bytes) -> Iterator[memoryview]:
    """The documents in a row of BSON documents."""
    view, at = memoryview(batch), 0
    while at < len(batch):
        length = _LENGTH.unpack_from(batch, at)[0]
        if length < 5 or at + length > len(batch):
            raise damaged("damaged: a document in it does not end")
        yield view[at : at + length]
        at += length


class Teller:
    """Writes records to a Sealer."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def put(self, kind: Kind, data: bytes | bytearray) -> None:
        """Writes one record."""
        self._sealer.write(_HEAD.pack(_LETTERS[kind], len(data)))
        self._sealer.write(memoryview(data))

    def put_value(self, kind: Kind, value: Any) -> None:
        """Writes one record of plain data: a record of this module, or a dict."""
        self.put(kind, orjson.dumps(value))

    def put_collection(self, name: str, indexes: Sequence[IndexRow], batches: Iterator[bytes]) -> Sum:
        """Writes a collection; what was in it."""
        self.put_value("collection", {"name": name, "indexes": indexes})
        tally, waiting = Tally(), bytearray()
        for batch in batches:
            for document in split(batch):
                tally.add(document)
                if waiting and len(waiting) + len(document) > BATCH:
                    self.put("documents", waiting)
                    waiting = bytearray()
                waiting += document
        if waiting:
            self.put("documents", waiting)
        found = Sum(name, tally.count, tally.size, tally.hash)
        self.put_value("sum", asdict(found))
        return found


def heard(unsealer: Unsealer) -> Iterator[tuple[Kind, bytes]]:
    """The records up to and with the end; raises Damaged when there are more, or none is the end."""
    while True:
        letter, length = _HEAD.unpack(unsealer.read(_HEAD.size))
        if letter not in _KINDS or length > _LONGEST:
            raise damaged("damaged: it says what this version does not know")
        yield _KINDS[letter], unsealer.read(length)
        if letter == _LETTERS["end"]:
            break
    if not unsealer.ended():
        raise damaged("damaged: it goes on after its end")


def value(data: bytes) -> dict[str, Any]:
    """The plain data in a record."""
    return cast(dict[str, Any], orjson.loads(data))
