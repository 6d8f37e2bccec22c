"""What `hub doctor --deep` looks at: whether a backup can be restored, and whether what is stored holds together."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

from hub.cli.finding import Finding
from hub.db.backup import load, references, save, stored_keys
from hub.db.backup.records import whole
from hub.db.mongo import collection, reachable
from hub.errors import HubError, StoreDown
from hub.settings import override, settings


def look(backup: Path | None, passphrase: str) -> list[Finding]:
    """Every finding. `backup` is the one to try; without it one is made for it and thrown away. Raises StoreDown."""
    return [_backup(backup, passphrase), *_references(), _files(), _secrets(), *_search()]


def _backup(given: Path | None, passphrase: str) -> Finding:
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="check-", dir=settings().data) as scratch:
        place = given or Path(scratch) / "check.hubbackup"
        try:
            if given is None:
                save.save(place, passphrase)
            contents = tried(place, passphrase, Path(scratch))
        except HubError as error:
            return Finding("Backup", "broken", error.message, error.hint)
    what = f"that of {contents.manifest.at}" if given else "one made now"
    says = f"{what} was restored into a scratch store in {time.monotonic() - began:.1f} s: {contents.documents:,} "
    return Finding("Backup", "good", f"{says}documents, equal by content hash ({whole(contents.sums)[:12]})")


def tried(place: Path, passphrase: str, scratch: Path) -> load.Contents:
    """Restores a backup into a store of its own in the folder `scratch`; what was in it. Raises what a restore raises,
    which compares what came out by hash."""
    from hub.cli.migrate import migrate_mongo
    from hub.db.migrations.mongo import knows

    contents = load.examine(place, passphrase, knows())
    with _store_in(scratch):
        load.restore(place, passphrase, contents, lambda: migrate_mongo(restoring=True))
    return contents


@contextmanager
def _store_in(scratch: Path) -> Generator[None]:
    """An embedded store that this process works on meanwhile, behind a password like any other."""
    from hub.cli.stores import running_store
    from hub.db.embedded import EmbeddedMongo

    before = settings().mongo_url
    with running_store(EmbeddedMongo(scratch, durable=False)) as url:
        override(mongo_url=url)
        try:
            yield
        finally:
            override(mongo_url=before)


def _references() -> Iterator[Finding]:
    lost = Counter(one.reference for one in references.dangling())
    for reference, count in sorted(lost.items(), key=lambda one: (one[0].name, one[0].field)):
        says = f"{count:,} of {reference.name} refer with {reference.field} to {reference.to} that are not there"
        if reference.lost == "tell":
            yield Finding("References", "broken", says, "Restore a backup from before, or report how it came about.")
        else:
            yield Finding("References", "note", says, "Nothing of it is shown; backups leave out rows without owners.")
    if not lost:
        yield Finding("References", "good", f"everything that {len(references.REFERENCES)} kinds refer to is there")


def _files() -> Finding:
    broken = [*references.broken_files("stored"), *references.broken_files("originals")]
    if broken:
        names = ", ".join(broken[:3]) + (" …" if len(broken) > 3 else "")
        return Finding(
            "Files", "broken", f"{len(broken):,} are not whole: {names}", "Restore a backup, or add them again."
        )
    with reachable():
        count = sum(collection(f"{name}.files").estimated_document_count() for name in ("stored", "originals"))
    return Finding("Files", "good", f"all {count:,} are whole")


def _secrets() -> Finding:
    found, unreadable = stored_keys.tried()
    if unreadable:
        where = ", ".join(f"{count} in {name}" for name, count in unreadable.items())
        todo = "Put the old HUB_SECRET_KEY or data/secret.key back, or enter those keys again."
        return Finding("Stored keys", "broken", f"{where} cannot be decrypted", todo)
    return Finding("Stored keys", "good", f"all {found} can be decrypted")


def _search() -> Iterator[Finding]:
    """Whether the index knows what the stores know. What is without text has no place in it."""
    from hub import hooks
    from hub.search.census import units
    from hub.search.rebuild import gone

    for source in hooks.search_sources():
        try:
            there = {(who.id, unit) for who, unit in source.units()}
            missing, stale = len(there - units(source.collection)), sum(1 for _ in gone(source))
        except StoreDown as error:
            yield Finding("Search", "note", error.message, error.hint)
            return
        if stale:
            says = f"{stale:,} of {source.collection} are in the index and not in the store"
            yield Finding("Search", "broken", says, "Run `hub index rebuild`.")
        elif missing:
            says = f"{missing:,} of {len(there):,} {source.collection} have nothing in the index"
            yield Finding("Search", "note", says, "Run `hub index rebuild`, unless there is no text in them.")
        else:
            yield Finding("Search", "good", f"all {len(there):,} of {source.collection} are in the index")
