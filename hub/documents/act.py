"""What a person does with documents: halt, go on, try again, give up, take out, bring back."""

from __future__ import annotations

import structlog

from hub.db.mongo import Document as Row
from hub.db.mongo import now
from hub.db.who import Who
from hub.documents import add, holdings, shelve, store
from hub.documents.records import MOVING, Document
from hub.errors import BadInput, StoreDown
from hub.jobs import defer

log = structlog.get_logger(__name__)


def pause(who: Who, document: str) -> Document:
    """Halts a document that is on its way after the pages that are being worked on."""
    row, _ = store.row_of(who, document, write=True)
    if row["work"]["state"] not in MOVING:
        raise BadInput(f"{row['name']} is not on its way: there is nothing to pause.")
    return _set(row, {"work.state": "paused", "work.reason": ""})


def resume(who: Who, document: str) -> Document:
    """Goes on with a paused document where it was."""
    row, _ = store.row_of(who, document, write=True)
    if row["work"]["state"] != "paused":
        raise BadInput(f"{row['name']} is not paused.")
    return _go(row)


def retry(who: Who, document: str) -> Document:
    """Tries a failed document again, from where it failed."""
    row, _ = store.row_of(who, document, write=True)
    if row["work"]["state"] != "failed":
        raise BadInput(f"{row['name']} has not failed: there is nothing to try again.")
    return _go(row)


def cancel(who: Who, document: str) -> Document | None:
    """Gives up the newest version: the older one goes on serving; a document without one is removed (None)."""
    row, _ = store.row_of(who, document, write=True)
    work, served = row["work"], row["served"]
    if work["state"] == "ready":
        raise BadInput(f"{row['name']} is ready: there is nothing to cancel.", hint="Remove it, if you want.")
    if served is None:
        remove(who, document)
        return None
    shown = _set(row, {"work": served})  # a worker that is busy with the other version number stops
    store.drop_slices(row, keep=[served["version"]])
    if served["stored"] != work["stored"]:
        store.drop_original(work["stored"])
    return shown


def remove(who: Who, document: str) -> None:
    """Takes a document out of sight at once, and out of the index now or, when that is away, later; `restore` brings it
    back within a day."""
    row, owner = store.row_of(who, document, write=True)
    store.update(row, {"removed_at": now()})
    try:
        shelve.take_out(row, owner)
    except StoreDown as error:  # searches leave it out by its row; the sweep takes it out of the index
        log.warning("document_not_taken_out", document=document, error=error.message)


def restore(who: Who, document: str) -> Document:
    """Undoes `remove` within a day."""
    row, owner = store.row_of(who, document, write=True, removed=True)
    known = store.same_content(owner, row["work"]["hash"], row["name"] if row.get("by") else "")
    if known is not None:
        raise BadInput(f"{row['name']} was added again since: nothing is lost.")
    state = row["work"]["state"]
    store.update(row, {"removed_at": None})
    row = row | {"removed_at": None}
    if state in MOVING or (state != "ready" and row["served"] is None):
        return _go(row, fresh=True) if state in MOVING else store.record(row)
    document = str(row["_id"])
    once, lock = f"serve {document}", f"document {document}"
    defer("documents.serve", queue="ingestion", once=once, lock=lock, document=document)
    return store.record(row)


def cut_anew(before: Row, after: Row) -> None:
    """Queues the documents of a collection whose passages are to be cut otherwise than they are."""
    old, new = holdings.settings_of(before), holdings.settings_of(after)
    if (old.chunk_tokens, old.overlap) == (new.chunk_tokens, new.overlap):
        return
    for row in store.of_collection(after["_id"]):
        add.again(row)


def _go(row: Row, *, fresh: bool = False) -> Document:
    changes: Row = {"work.state": "waiting", "work.reason": "", "work.hint": "", "work.starts": 0, "touched_at": now()}
    if fresh:
        changes |= {"work.done": 0, "work.slices": 0, "work.passages": 0, "work.length": 0, "work.tokens": 0}
        changes |= {"work.headings": []}
    shown = _set(row, changes)
    add.enqueue(row)
    return shown


def _set(row: Row, changes: Row) -> Document:
    store.update(row, changes)
    return store.record(store.load(str(row["_id"])) or row)
