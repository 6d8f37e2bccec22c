"""Adding to a collection: files, pasted text, what an address gives."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import structlog

from hub.db import disk
from hub.db.mongo import Document as Row
from hub.db.mongo import now
from hub.db.who import Who
from hub.documents import holdings, store
from hub.documents.records import MOVING, Added
from hub.errors import BadInput, StoreDown
from hub.jobs import defer
from hub.net import fetch
from hub.settings import settings

log = structlog.get_logger(__name__)

LONGEST_NAME = 300
WAITS = "It waits for background work, which does not answer now; it goes on by itself."
_BLANK: Row = {"done": 0, "slices": 0, "passages": 0, "length": 0, "tokens": 0, "headings": [], "chunking": None}


def add_file(
    who: Who, collection: str, name: str, data: bytes, *, url: str = "", mime: str = "", by: str = ""
) -> Added:
    """Stores a file and queues its reading. `name` may hold folders ("notes/today.md"). The same content again is a
    duplicate, other content under a known name a new version. `by`: the room that writes it by itself, which may write
    the same under several names. BadInput for what is empty or too large."""
    owner = holdings.row_of(who, collection, write=True)
    name = tidy(name)
    most = settings().max_upload_mb
    if not data:
        raise BadInput(f"{name} is empty.", hint="Add a file with content.", kind="empty")
    if len(data) > most * 1_000_000:
        raise BadInput(
            f"{name} has {len(data) / 1e6:,.1f} MB; {most} MB are the most.",
            hint="Add a part of it, or ask who runs this hub to raise HUB_MAX_UPLOAD_MB.",
            kind="too_large",
        )
    known = store.same_content(owner, store.digest(data), name if by else "")
    if known is not None:
        return Added(store.record(known), duplicate=True)
    disk.need_room(2 * len(data))
    before = store.same_name(owner, name)
    row = _next_version(before, name, data, mime) if before else store.insert(owner, name, data, url, mime, by)
    enqueue(row)
    return Added(store.record(row), replaces=before is not None)


def add_text(who: Who, collection: str, title: str, text: str, *, by: str = "") -> Added:
    """Stores pasted text (Markdown or plain) as a document; `by` as in `add_file`."""
    title = " ".join(title.split()) or " ".join(text.split())[:60].strip()
    if not text.strip():
        raise BadInput("There is no text to add.")
    name = re.sub(r"[/\\]", "-", title)
    return add_file(who, collection, name if name.lower().endswith(".md") else f"{name}.md", text.encode(), by=by)


def add_url(who: Who, collection: str, url: str) -> Added:
    """Fetches an address now (seconds; never on a drawing thread of many) and stores what it gives. BadInput with the
    reason for addresses that are private, too large, too slow, or of a kind that cannot be read."""
    holdings.row_of(who, collection, write=True)
    found = fetch.fetch(url)
    host = re.sub(r"[^\w.-]", "", fetch.urlsplit(found.url).hostname or "web")
    return add_file(who, collection, f"{host}/{found.name}", found.data, url=found.url, mime=found.mime)


def tidy(name: str) -> str:
    """A name without control characters and without parts that lead out of its folder; folders stay."""
    shown = "".join(letter for letter in name.replace("\\", "/") if letter.isprintable())
    parts = [part.strip() for part in PurePosixPath(shown).parts if part.strip() not in {"", ".", "..", "/"}]
    whole = "/".join(parts) or "file"
    return whole if len(whole) <= LONGEST_NAME else whole[-LONGEST_NAME:].lstrip("/")


def enqueue(row: Row) -> None:
    """Queues the work on a document. When the queue is away the row waits, which it says; a sweep finds it."""
    document = str(row["_id"])
    try:
        word = f"document {document}"
        defer("documents.ingest", queue="ingestion", once=word, lock=word, document=document)
    except StoreDown as error:
        log.warning("document_not_queued", document=document, error=error.message)
        store.update(row, {"work.reason": WAITS})
        row["work"]["reason"] = WAITS


def _next_version(row: Row, name: str, data: bytes, mime: str) -> Row:
    """Other content under a known name: the version that serves goes on until the new one is ready."""
    work, served = row["work"], row["served"]
    new = store.new_work(work["version"] + 1, store.put_original(row["owner"], name, data), data, mime)
    store.update(row, {"work": new, "touched_at": now()})
    if served is None or served["stored"] != work["stored"]:  # a version that was never finished
        store.drop_original(work["stored"])
    return row | {"work": new}


def again(row: Row) -> Row:
    """Queues a document to be cut anew by its collection's settings, from what was read of it before."""
    served = row["served"]
    if served is None or row["work"]["state"] in MOVING:
        return row
    new = {
        **served,
        **_BLANK,
        "version": row["work"]["version"] + 1,
        "state": "waiting",
        "again": True,
    }
    store.update(row, {"work": new, "touched_at": now()})
    row = row | {"work": new}
    enqueue(row)
    return row
