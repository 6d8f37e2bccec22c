"""What `hub documents add` does with files, folders and addresses, and how it shows documents."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hub.errors import BadInput, HubError

if TYPE_CHECKING:
    from hub.db.who import Who
    from hub.documents.records import Document

PATIENCE = 600.0
"""Seconds that a worker may be silent about a document before waiting for it ends."""


def walked(paths: list[str]) -> list[tuple[str, Path | None]]:
    """(name, file) of every file that is meant; addresses have no file. Hidden ones in folders are left out; where two
    would have one name, each gets its path, so that neither takes the other's place."""
    found: list[tuple[str, Path | None]] = []
    for given in paths:
        path = Path(given)
        if given.startswith(("http://", "https://")):
            found.append((given, None))
        elif path.is_dir():
            found += [(str(one.relative_to(path)), one) for one in sorted(path.rglob("*")) if _meant(one, path)]
        elif path.is_file():
            found.append((path.name, path))
        else:
            raise BadInput(f"There is no file {given}.", hint="Nothing was added.")
    names = Counter(name for name, _ in found)
    return [(name if path is None or names[name] == 1 else str(path), path) for name, path in found]


def _meant(file: Path, folder: Path) -> bool:
    return file.is_file() and not any(part.startswith(".") for part in file.relative_to(folder).parts)


def add(who: Who, collection: str, given: tuple[str, Path | None]) -> dict[str, Any]:
    """Adds one of them; what is to be printed of it so far."""
    from hub import documents

    name, path = given
    begun: dict[str, Any] = {"name": name, "id": "", "state": "failed", "duplicate": False, "replaces": False}
    begun |= {"title": "", "chunks": 0, "pages": None, "reason": "", "hint": "", "warnings": []}
    try:
        added = (
            documents.add_url(who, collection, name)
            if path is None
            else documents.add_file(who, collection, name, path.read_bytes())
        )
    except HubError as error:
        return begun | {"reason": error.message, "hint": error.hint}
    except OSError as error:
        return begun | {"reason": f"{name} cannot be opened: {error.strerror}."}
    return begun | {"id": added.document.id, "duplicate": added.duplicate, "replaces": added.replaces}


def work(who: Who, ids: list[str]) -> None:
    """Waits for the workers where there are any, and does the work here where there are none."""
    from hub.documents.ingest import ingest
    from hub.jobs.queue import somebody_works

    if not somebody_works():
        for one in ids:
            ingest(one)
        return
    for one in ids:
        _wait(who, one)


def _wait(who: Who, document: str) -> None:
    from hub import documents
    from hub.documents.records import MOVING

    seen, since = None, time.monotonic()
    while (now := documents.get(who, document)).state in MOVING and time.monotonic() - since < PATIENCE:
        if (now.state, now.done) != seen:
            seen, since = (now.state, now.done), time.monotonic()
        time.sleep(0.2)


def finished(who: Who, begun: dict[str, Any]) -> dict[str, Any]:
    """What became of it."""
    from hub import documents

    if not begun["id"]:
        return begun
    document = documents.get(who, begun["id"])
    if begun["duplicate"] and document.state != "failed":
        there = f"The same content is there already as {document.name}."
        return begun | row(document) | {"name": begun["name"], "reason": there}
    return begun | row(document)


def row(document: Document) -> dict[str, Any]:
    """A document as it is printed."""
    return {
        "id": document.id,
        "name": document.name,
        "title": document.title,
        "state": document.state,
        "chunks": document.passages,
        "pages": document.pages,
        "reason": document.reason,
        "hint": document.hint,
        "warnings": list(document.warnings),
    }
