"""Writing a backup."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from hub import __version__
from hub.db import gate
from hub.db.backup import source, stored_keys
from hub.db.backup.records import Manifest, Sum, Teller
from hub.db.backup.sealed import Sealer
from hub.db.mongo import collection, reachable
from hub.db.secrets import encrypt, hub_key
from hub.errors import BadInput
from hub.settings import forced, settings

PROBE = "the key of this hub"
"""What a manifest holds encrypted: whoever can decrypt it can read the stored keys too."""

Heard = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Saved:
    """A backup that was written: what is in it, its size in bytes (0 where it went to a pipe), `alone`: rows that were
    left out because what they belong to is gone, by collection, and how many stored keys the hub's key does not fit."""

    sums: list[Sum]
    size: int
    one_moment: bool
    with_key: bool
    alone: dict[str, int]
    unreadable: int


def save(place: Path | None, passphrase: str = "", heard: Heard = lambda name: None) -> Saved:
    """Writes the database to the file `place`, complete or not at all, or to standard output. It may be in use.

    With a passphrase the file is encrypted and holds the hub's key too, without it holds no key: stored keys of
    providers are in it, encrypted with a key that is not. `heard` is told each collection that is begun.
    Raises StoreDown, BadInput, HalfRestored.
    """
    if place is None:
        return _save(sys.stdout.buffer, passphrase, heard)
    with _whole(place) as file:
        saved = _save(file, passphrase, heard)
    return replace(saved, size=place.stat().st_size)


def _save(out: BinaryIO, passphrase: str, heard: Heard) -> Saved:
    sealer = Sealer(out, passphrase)
    teller = Teller(sealer)
    sums: list[Sum] = []
    with reachable(), source.view() as view:
        if (mark := gate.restoring()) is not None:
            raise BadInput(
                f"This database is half restored, from {mark['file']}: there is nothing whole to back up.",
                hint="Restore it first.",
            )
        teller.put_value("manifest", _manifest(view.one_moment))
        if passphrase:
            teller.put("key", hub_key().encode())
        for name in view.names():
            heard(name)
            found = teller.put_collection(name, view.indexes(name), view.batches(name))
            if found.count:
                sums.append(found)
        alone = _alone(sums)
    teller.put_value("end", {"collections": len(sums), "documents": sum(one.count for one in sums)})
    sealer.close()
    out.flush()
    return Saved(sums, 0, view.one_moment, bool(passphrase), alone, stored_keys.tried()[1].total())


def _manifest(one_moment: bool) -> Manifest:
    return Manifest(
        version=__version__,
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        database=settings().mongo_database,
        schema=gate.newest(),
        one_moment=one_moment,
        probe=encrypt(PROBE),
        settings=[{"name": one.variable, "value": one.value} for one in forced()],
    )


def _alone(sums: list[Sum]) -> dict[str, int]:
    """How many more rows there are than were read by their parents; roughly, while the hub is in use."""
    read = {one.name: one.count for one in sums}
    there = {child.name: collection(child.name).estimated_document_count() for child in source.CHILDREN}
    return {name: count - read.get(name, 0) for name, count in there.items() if count > read.get(name, 0)}


@contextmanager
def _whole(place: Path) -> Generator[BinaryIO]:
    """`place` for writing, 0600: what was there before stays until all of the new one is on the disk."""
    if place.is_dir():
        raise BadInput(f"{place} is a folder.", hint="Name a file in it.")
    fresh = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
    try:
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except (FileNotFoundError, PermissionError) as error:
        raise BadInput(f"{place} cannot be written: {error.strerror}.") from error
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(place)
    finally:
        fresh.unlink(missing_ok=True)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
