"""The database as it is at one moment, as far as its server can show that, in pieces that fit in memory.

- A MongoDB replica set, also one of a single member: a snapshot session.
- SecantusDB: the snapshot of a transaction that writes nothing. (It takes snapshot sessions and ignores them.)
- A MongoDB server alone: neither exists. Collections are then read one after the other so that what is
  referred to comes after what refers to it, and `references.mend` puts right what was taken away meanwhile, when it
  is restored.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bson.raw_bson import RawBSONDocument
from pymongo.client_session import ClientSession

from hub.db.backup.records import IndexRow, Sum, Tally, split
from hub.db.mongo import client, collection, database

LEFT_OUT = frozenset({"processes", "sessions", "sign_in_attempts"})
"""What holds only here and now. Whoever ended a session or changed a password must not find the session back."""

LOCKS = {"number": {"$gt": 0}}
"""Rows of `migrations` that are steps, and neither a lock nor a mark."""


@dataclass(frozen=True, slots=True)
class Children:
    """A collection that is read by the rows of another one, `parent`: rows whose parent is gone stay out, and a server
    that answers a query with everything at once (SecantusDB) never holds the whole of a large collection. `by` names
    the field with the parent's id, as `text` in some, and `owned` whether both have the same owner."""

    name: str
    parent: str
    by: str
    owned: bool = False
    text: bool = False

    def of(self, parent: RawBSONDocument) -> dict[str, Any]:
        """The query for those of one parent: the fields of an index, no more."""
        found: dict[str, Any] = {"owner": parent["owner"]} if self.owned else {}
        return found | {self.by: str(parent["_id"]) if self.text else parent["_id"]}


CHILDREN = (
    Children("messages", "conversations", "conversation", owned=True),
    Children("sent_requests", "conversations", "conversation"),
    Children("document_slices", "documents", "document"),
    Children("eval_cells", "eval_runs", "run", owned=True, text=True),
    Children("originals.chunks", "originals.files", "files_id"),
    Children("stored.chunks", "stored.files", "files_id"),
)
_BY_NAME = {child.name: child for child in CHILDREN}
_FIRST = ("conversations", "comparisons", "agents", "skills", "prompt_sets", "eval_runs")
_LAST = ("document_collections", "documents", "people", "projects")
_FILES = ("files", "file_texts", "originals.files", "stored.files")
"""A room stores what a row shows before the row: whoever reads one thing after the other takes the row first."""

_BATCH = 2_000
_OPTIONS = ("unique", "sparse", "expireAfterSeconds")


class View:
    """The database within `view`. `one_moment`: nothing that is written meanwhile is seen."""

    def __init__(self, session: ClientSession | None) -> None:
        self._session = session
        self.one_moment = session is not None
        self._wanted: dict[str, list[dict[str, Any]]] = {}

    def names(self) -> list[str]:
        """The collections in the order in which they are to be read."""
        there = {
            found["name"]
            for found in database().list_collections()
            if found["type"] == "collection" and not found["name"].startswith("system.")
        } - LEFT_OUT
        rest = sorted(there - set(_FIRST) - set(_LAST) - set(_FILES) - _BY_NAME.keys())
        order: list[str] = []
        for name in (one for one in (*_FIRST, *rest, *_LAST, *_FILES) if one in there):
            order += [name, *(child.name for child in CHILDREN if child.parent == name and child.name in there)]
        return order

    def batches(self, name: str) -> Iterator[bytes]:
        """The documents of a collection as rows of BSON. Parents are to be read before their children."""
        if name in _BY_NAME:
            for wanted in self._wanted.pop(name, []):
                yield from self._find(name, wanted)
            return
        children = [child for child in CHILDREN if child.parent == name]
        for batch in self.every(name):
            for document in split(batch) if children else ():
                for child in children:
                    self._wanted.setdefault(child.name, []).append(child.of(RawBSONDocument(bytes(document))))
            yield batch

    def indexes(self, name: str) -> list[IndexRow]:
        """The indexes of a collection but that of its ids. Those of GridFS are made by the driver, and only in an empty
        database; so all of them go with the rows."""
        found = {key: value for key, value in collection(name).index_information().items() if key != "_id_"}
        return [(one["key"], {key: one[key] for key in _OPTIONS if key in one}) for one in found.values()]

    def every(self, name: str) -> Iterator[bytes]:
        """All documents of a collection, those without a parent too."""
        yield from self._find(name, LOCKS if name == "migrations" else {})

    def of(self, name: str, parent: Any) -> Iterator[bytes]:
        """The children of one parent by its id."""
        yield from self._find(name, {_BY_NAME[name].by: parent})

    def _find(self, name: str, wanted: dict[str, Any]) -> Iterator[bytes]:
        found: Any = collection(name).find_raw_batches(wanted, batch_size=_BATCH, session=self._session)
        yield from found

    def sums(self) -> list[Sum]:
        """What is in each collection that is not empty."""
        found: list[Sum] = []
        for name in self.names():
            tally = Tally()
            for batch in self.batches(name):
                for document in split(batch):
                    tally.add(document)
            if tally.count:
                found.append(Sum(name, tally.count, tally.size, tally.hash))
        return found


@contextmanager
def view(*, one_moment: bool = True) -> Generator[View]:
    """The database for reading; with `one_moment` as it is now, where the server can show that."""
    kind = _kind() if one_moment else "plain"
    if kind == "plain":
        yield View(None)
    elif kind == "snapshot":
        with client().start_session(snapshot=True) as session:
            yield _pinned(session)
    else:
        with client().start_session() as session:
            session.start_transaction()
            try:
                yield _pinned(session)
            finally:
                session.abort_transaction()


def _pinned(session: ClientSession) -> View:
    """The moment is that of the first read, so it comes before the collections are listed."""
    collection("migrations").find_one({"_id": ""}, session=session)
    return View(session)


def _kind() -> str:
    if "secantusVersion" in client().admin.command("buildInfo"):
        return "transaction"
    hello = client().admin.command("hello")
    return "snapshot" if "setName" in hello or hello.get("msg") == "isdbgrid" else "plain"
