"""Reading a document piece by piece: each piece is read, cut, stored, put into the index, and then counted as done.

Whatever ends the process in between, the piece is done again from the start with the same result: passages have ids
that follow from document, version and number, and the index keeps what has not changed. The version that serves is
replaced in one transaction at the very end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

import structlog

from hub import hooks
from hub.db.mongo import Document as Row
from hub.db.mongo import now
from hub.db.who import Who
from hub.documents import describe, holdings, parse, shelve, split, store
from hub.documents.parse import Parsed, Piece
from hub.documents.records import MOVING, CollectionSettings
from hub.documents.split import Headings
from hub.errors import HubError, StoreDown
from hub.jobs import Late
from hub.search.replace import swap_in

log = structlog.get_logger(__name__)

MOST_STARTS = 4
"""How often a piece may be begun: what ends the worker so often is not tried for ever."""


def ingest(document: str) -> None:
    """Takes a document from where it is to ready, paused or failed. Raises StoreDown when a store is away: it goes on
    later from there."""
    row = store.load(document)
    owner = store.collection_row(row["collection"]) if row else None
    if row is None or owner is None or row["removed_at"] is not None or row["work"]["state"] not in MOVING:
        return
    try:
        _ingest(row, owner)
    except (StoreDown, Late):
        raise
    except HubError as error:
        _fail(row, error.message, error.hint)
    except Exception as error:
        log.exception("document_failed", document=document)
        _fail(row, f"{row['name']} could not be read: something went wrong in the hub ({type(error).__name__}).", "")


def _ingest(row: Row, owner: Row) -> None:
    work = row["work"]
    if work["starts"] >= MOST_STARTS:
        where = f" at {work['unit']} {work['done'] + 1}" if work["total"] else ""
        _fail(row, f"{row['name']} ended the process that reads it {work['starts']} times{where}.", "Add a part of it.")
        return
    settings = _chunking(row, owner)
    if not store.advance(row, {"work.starts": work["starts"] + 1, "work.state": "reading", "work.chunking": settings}):
        return
    if not work["slices"]:
        _clean_start(row, owner)
    cutting = replace(holdings.settings_of(owner), **settings)
    if not (work["total"] and work["done"] >= work["total"]) and not _read_on(row, owner, cutting):
        return
    _finish(str(row["_id"]), owner)


def _chunking(row: Row, owner: Row) -> dict[str, int]:
    """How this version is cut: as the collection said when it was begun, through pauses and restarts."""
    now = holdings.settings_of(owner)
    return row["work"]["chunking"] or {"chunk_tokens": now.chunk_tokens, "overlap": now.overlap}


def _clean_start(row: Row, owner: Row) -> None:
    """Takes out what an earlier version that was never finished has left."""
    if row["served"] is None:
        shelve.take_out(row, owner)
    else:
        shelve.drop_group(shelve.staging(owner), str(row["_id"]))


def _read_on(row: Row, owner: Row, cutting: CollectionSettings) -> bool:
    """Reads, cuts and indexes what is still to do; False when somebody has paused, removed or replaced it."""
    parsed = _parsed(row, owner)
    facts: Row = {
        "work.total": parsed.total,
        "work.unit": parsed.unit,
        "work.kind": parsed.kind,
        "work.mime": parsed.mime or row["work"]["mime"],
        "work.pdf": parsed.pdf,
        "work.pages": parsed.total if parsed.unit != "part" else None,
        "work.warnings": list(parsed.warnings),
    }
    title = row["work"]["title"] or parsed.title or _name_title(row["name"])
    if not store.advance(row, {**facts, "work.title": title}):
        return False
    said = _Said(row, owner, parsed, title, cutting)
    return all(said.take(piece) for piece in parsed.pieces)


def _parsed(row: Row, owner: Row) -> Parsed:
    """The pieces that are to do: cut anew from what was read before, read from the file, or described by a model."""
    work = row["work"]
    if work.get("again"):
        return _again(row)
    parsed = parse.parse(row["name"], store.original(work["stored"]), done=work["done"])
    if parsed.blind is None:
        return parsed
    return describe.parsed(row["name"], parsed, row["owner"], holdings.settings_of(owner).picture_model, work["done"])


def _again(row: Row) -> Parsed:
    served = row["served"]
    known = store.slices(row, served["version"])

    def pieces() -> Iterator[Piece]:
        for one in known:
            if one["done"] > row["work"]["done"]:
                yield Piece(one["text"], one["done"], tuple((p[0], p[1], p[2]) for p in one["pages"]))

    keep = ("unit", "kind", "title", "mime", "pdf")
    facts: dict[str, Any] = {name: served[name] for name in keep}
    return Parsed(total=served["total"], pieces=pieces(), warnings=tuple(served["warnings"]), **facts)


class _Said:
    """A version on its way: what of it is done, piece after piece."""

    def __init__(self, row: Row, owner: Row, parsed: Parsed, title: str, cutting: CollectionSettings) -> None:
        work = row["work"]
        self.row, self.owner, self.title, self.cutting = row, owner, title, cutting
        self.plain, self.unit = parsed.kind == "plain", parsed.unit
        self.number, self.passages, self.offset = int(work["slices"]), int(work["passages"]), int(work["length"])
        self.tokens = int(work["tokens"])
        self.language = str(work.get("language", ""))
        self.above = cast(Headings, tuple((level, text) for level, text in work["headings"]))

    def take(self, piece: Piece) -> bool:
        """Stores and indexes one piece; False when the document is no longer to be worked on."""
        if not store.advance(self.row, {"work.state": "splitting"}):
            return False
        self.language = self.language or shelve.spoken(piece.text)
        cuts = split.split(piece.text, self.cutting, self.above, plain=self.plain)
        passages = [self._passage(piece, cut, self.passages + place) for place, cut in enumerate(cuts)]
        fields: Row = {
            "text": piece.text,
            "offset": self.offset,
            "done": piece.done,
            "pages": [list(page) for page in piece.pages],
            "passages": passages,
            "language": self.language,
        }
        store.put_slice(self.row, self.number, fields)
        if not store.advance(self.row, {"work.state": "embedding"}):
            return False
        slice_ = {"version": self.row["work"]["version"], **fields}
        shelve.put_slice(self.row, self.owner, slice_, self.title)
        self._count(piece, cuts)
        return store.advance(self.row, self._done(piece))

    def _count(self, piece: Piece, cuts: list[split.Cut]) -> None:
        self.number += 1
        self.passages += len(cuts)
        self.offset += len(piece.text)
        self.tokens += sum(cut.tokens for cut in cuts)
        self.above = split.headings_after(piece.text, self.above, plain=self.plain)

    def _done(self, piece: Piece) -> Row:
        return {
            "work.state": "reading",
            "work.done": piece.done,
            "work.slices": self.number,
            "work.passages": self.passages,
            "work.length": self.offset,
            "work.tokens": self.tokens,
            "work.language": self.language,
            "work.headings": [list(one) for one in self.above],
            "work.starts": 1,
        }

    def _passage(self, piece: Piece, cut: split.Cut, number: int) -> Row:
        page = next((page for page, start, end in piece.pages if start <= cut.start < end), None)
        return shelve.passage_row(cut, number, self.offset, page, self.unit)


def _finish(document: str, owner: Row) -> None:
    """The version that was made ready serves from now on, and what was before it goes."""
    row = store.load(document)
    if row is None or row["work"]["state"] not in MOVING or row["removed_at"] is not None:
        return
    work, before = row["work"], row["served"]
    if not work["passages"]:
        _fail(row, f"{row['name']} holds no text.", "If it is made of pictures, choose a model that sees and retry.")
        return
    done = {**work, "state": "ready", "starts": 0, "reason": "", "hint": "", "again": False}
    if before and not swap_in(shelve.staging(owner), holdings.space_of(owner), document):
        # A worker died between the exchange and this row, or the index was emptied: both end here.
        shelve.serve(row | {"served": done}, owner)
    first: Row = {}
    if not before:  # told first: who dies in between tells it again
        hooks.document_ready(Who(row["owner"], row["owner"]), str(row["collection"]), document, row.get("by", ""))
        first = {"ready_at": now()}
    if store.advance(row, {"work": done, "served": done, **first}):
        store.drop_slices(row, keep=[work["version"]])
        if before and before["stored"] != work["stored"]:
            store.drop_original(before["stored"])


def _fail(row: Row, reason: str, hint: str) -> None:
    store.advance(row, {"work.state": "failed", "work.reason": reason, "work.hint": hint, "work.starts": 0})


def _name_title(name: str) -> str:
    """A file's name as a title: without folders and its ending."""
    bare = name.rpartition("/")[2]
    stem, dot, ending = bare.rpartition(".")
    return stem if dot and len(ending) <= 5 and stem else bare
