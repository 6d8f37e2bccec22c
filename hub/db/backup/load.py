"""Reading a backup: all of it first, and only then into a database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from bson.raw_bson import RawBSONDocument
from pymongo.errors import PyMongoError

from hub.db import gate, indexes, secrets
from hub.db.backup import references, source
from hub.db.backup.records import Manifest, Sum, Tally, heard, split, value
from hub.db.backup.save import PROBE
from hub.db.backup.sealed import Unsealer, damaged
from hub.db.mongo import collection, database, reachable
from hub.errors import BadInput, HubError
from hub.settings import settings


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup was found to hold when all of it was read. `key`: the hub's key, where it is in it."""

    manifest: Manifest
    key: str
    sums: list[Sum]
    encrypted: bool

    @property
    def documents(self) -> int:
        """Documents of all collections."""
        return sum(one.count for one in self.sums)


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: rows that it mended, migrations that ran, and where the key that was there before is kept."""

    mended: int
    migrated: list[str]
    old_key: Path | None


def examine(place: Path, passphrase: str, knows: int) -> Contents:
    """Reads all of a backup; raises Damaged, WrongPassphrase, NewerSchema, and BadInput where it cannot be opened."""
    with _opened(place) as file:
        unsealer = Unsealer(file, passphrase)
        manifest, key, sums = None, "", list[Sum]()
        name, tally = "", Tally()
        for kind, data in heard(unsealer):
            if kind == "manifest":
                manifest = Manifest(**value(data))
                if manifest.schema > knows:
                    raise gate.newer("The backup", manifest.schema, knows)
            elif kind == "key":
                key = data.decode()
            elif kind == "collection":
                name, tally = value(data)["name"], Tally()
            elif kind == "documents":
                for document in split(data):
                    tally.add(document)
            elif kind == "sum":
                if Sum(**value(data)) != (found := Sum(name, tally.count, tally.size, tally.hash)):
                    raise damaged(f"damaged: {name} is not what was written")
                sums.append(found)
            elif value(data)["documents"] != sum(one.count for one in sums):
                raise damaged("damaged: collections are missing")
        if manifest is None:
            raise damaged("damaged: it does not say what it is of")
        return Contents(manifest, key, [one for one in sums if one.count], unsealer.encrypted)


def fits(key: str) -> None:
    """Raises BadInput where the key of a backup cannot become the hub's, because another one is set from outside."""
    if settings().secret_key and settings().secret_key != key:
        raise BadInput(
            "HUB_SECRET_KEY is set to another key than the one in the backup. Nothing was changed.",
            hint="Unset it, and the key of the backup comes into the data folder; or set it to the old one.",
        )


def readable(manifest: Manifest) -> bool:
    """Whether the keys stored in a backup can be read with the key of this place."""
    try:
        return secrets.decrypt(manifest.probe) == PROBE
    except secrets.SecretUnreadable:
        return False


def there() -> dict[str, int]:
    """Collections that hold something now, about how many documents each; a fresh database has none."""
    with reachable():
        names = [name for name in database().list_collection_names() if name not in {*source.LEFT_OUT, "migrations"}]
        found = {name: collection(name).estimated_document_count() for name in names if not name.startswith("system.")}
        return {name: count for name, count in found.items() if count}


def restore(
    place: Path,
    passphrase: str,
    contents: Contents,
    migrate: Callable[[], list[str]],
    key: str = "",
) -> Restored:
    """Puts the backup in the place of whatever is in the database.

    While it does, and after a failure, every process refuses to start on the database (`hub.db.gate`); another restore
    begins anew. `key` becomes the one in the data folder, unless one is set from outside. `migrate` brings a database
    of an older version up to date and makes the indexes of this one.
    """
    with gate.closed(place.name), reachable():
        _empty()
        _load(place, passphrase)
        _compare(contents.sums)
        mended = 0 if contents.manifest.one_moment else references.mend()
        old_key = secrets.put_key(key) if key and not settings().secret_key else None
        return Restored(mended, migrate(), old_key)


def _opened(place: Path) -> BinaryIO:
    try:
        return place.open("rb")
    except OSError as error:
        raise BadInput(f"{place} cannot be read: {error.strerror}.") from error


def _empty() -> None:
    for name in database().list_collection_names():
        if name == "migrations":
            collection(name).delete_many(source.LOCKS)
        elif not name.startswith("system."):
            collection(name).drop()


def _load(place: Path, passphrase: str) -> None:
    name = ""
    with _opened(place) as file:
        for kind, data in heard(Unsealer(file, passphrase)):
            if kind == "collection":
                name = value(data)["name"]
                indexes.ensure([(name, [*map(tuple, keys)], options) for keys, options in value(data)["indexes"]])
            elif kind == "documents":
                _insert(name, list(_raw(data)))


def _raw(data: bytes) -> Iterator[RawBSONDocument]:
    return (RawBSONDocument(bytes(document)) for document in split(data))


def _insert(name: str, documents: list[RawBSONDocument]) -> None:
    try:
        collection(name).insert_many(documents, ordered=False)
    except PyMongoError as error:
        raise HubError(
            f"The database did not take rows of {name} ({type(error).__name__}). It is half restored.",
            hint="No hub starts on it until a restore has ended. Run it again; see the server's log.",
            kind="restore_failed",
        ) from error


def _compare(sums: list[Sum]) -> None:
    with source.view() as seen:
        wrong = {one.name for one in set(sums) ^ set(seen.sums())}
    if wrong:
        raise HubError(
            f"What the database holds is not what the backup says, in {', '.join(sorted(wrong))}. It is half restored.",
            hint="Was something else writing to it? No hub starts on it until a restore has ended. Run it again.",
            kind="restore_differs",
        )
