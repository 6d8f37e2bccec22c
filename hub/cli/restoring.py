"""A restore from the first look to the last word: what may hold it up is found before anything is changed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psycopg

from hub.cli.migrate import migrate_mongo, migrate_postgres
from hub.db import gate
from hub.db.backup import before, load
from hub.db.backup.sealed import WrongPassphrase
from hub.db.migrations import mongo
from hub.errors import BadInput, StoreDown
from hub.settings import settings

SAFETY_COPIES = 3
"""Backups of what a restore took the place of."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a restore did, and what is left to do in `notes`."""

    contents: load.Contents
    mended: int
    migrated: list[str]
    notes: list[str]
    seconds: float


def restore(
    file: Path, passphrase: str, replace: bool, ask: Callable[[], str] | None, tell: Callable[[str], None]
) -> Outcome:
    """Restores `file` into the database. `ask` gives a passphrase where none was given and one is needed.

    Raises, with nothing changed, Damaged, WrongPassphrase, NewerSchema, StoreDown, BadInput.
    """
    began = time.monotonic()
    knows = mongo.knows()
    try:
        contents = load.examine(file, passphrase, knows)
    except WrongPassphrase:
        if passphrase or ask is None:
            raise
        passphrase = ask()
        contents = load.examine(file, passphrase, knows)
    if contents.key:
        load.fits(contents.key)
    if (number := gate.newest()) > knows:
        raise gate.newer("The database", number, knows)
    _nobody_works()
    _make_room(file, replace, tell)
    migrate = partial(migrate_mongo, restoring=True)
    done = load.restore(file, passphrase, contents, migrate, contents.key)
    notes = [*_about_settings(contents), *_about_key(contents, done), *_about_search()]
    if done.mended:
        notes.append(f"{done.mended:,} rows were put right: the backup was made on a server that shows no one moment.")
    return Outcome(contents, done.mended, done.migrated, notes, time.monotonic() - began)


def _nobody_works() -> None:
    from hub.jobs.queue import somebody_works
    from hub.runs import store as runs

    if living := runs.living():
        raise BadInput(
            f"The hub is in use: {', '.join(living)} work on this database. Nothing was changed.",
            hint="Stop them, wait ten seconds, and restore then.",
        )
    try:
        working = bool(settings().postgres_url) and somebody_works()
    except StoreDown:
        working = False
    except psycopg.errors.UndefinedTable:  # no hub has used this server yet
        working = False
    if working:
        raise BadInput("A worker is running. Nothing was changed.", hint="Stop it, wait 20 seconds, and restore then.")


def _make_room(file: Path, replace: bool, tell: Callable[[str], None]) -> None:
    if gate.restoring() is not None:
        tell("An earlier restore broke off half way; this one takes its place.")
        return
    found = load.there()
    if not found:
        return
    if not replace:
        most = sorted(found.items(), key=lambda one: -one[1])[:3]
        said = ", ".join(f"{count:,} {name}" for name, count in most)
        raise BadInput(
            f"The database is not empty: {said}. Nothing was changed.",
            hint="With --replace the backup takes the place of what is there, which is backed up first.",
        )
    before.keep("restore", tell, SAFETY_COPIES, spared=file)


def _about_key(contents: load.Contents, done: load.Restored) -> list[str]:
    if done.old_key is not None:
        return [f"The key that encrypts stored keys is the backup's now; the one before is in {done.old_key}."]
    if contents.key or load.readable(contents.manifest):
        return []
    return [
        "Stored keys of providers and sign-ins cannot be read: they were encrypted with another key than this hub's, "
        "and it is not in the backup. Put the old HUB_SECRET_KEY or data/secret.key back, or enter them again."
    ]


def _about_settings(contents: load.Contents) -> list[str]:
    """Settings that were set where the backup was made; addresses and folders are of that place."""
    from hub.settings import forced

    places = {"HUB_DATA", "HUB_HOST", "HUB_PORT", "HUB_MONGO_DATABASE", "HUB_BACKUP_PASSPHRASE"}
    here = {one.variable: one.value for one in forced()}
    lost = [
        one["name"] if one["value"] == "hidden" else f"{one['name']}={one['value']}"
        for one in contents.manifest.settings
        if one["name"] not in places and not one["name"].endswith("_URL") and here.get(one["name"]) != one["value"]
    ]
    return [f"Set where the backup was made, and not here: {', '.join(lost)}."] if lost else []


def _about_search() -> list[str]:
    """Empties the search index, which knows what was there before, and the queue of jobs about it."""
    from hub.jobs.queue import forget
    from hub.search.rebuild import empty

    try:
        migrate_postgres()
        forget()
        empty()
    except StoreDown:
        return [
            "Search (PostgreSQL) did not answer and still knows what was there before: when it is back, run "
            "`hub index rebuild --fresh`."
        ]
    return ["Search finds everything again after `hub index rebuild`, which can run while the hub is in use."]
