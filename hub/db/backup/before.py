"""A backup that is made by itself, before something changes all of the database."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

from hub.db.backup import load, save
from hub.db.mongo import database, reachable
from hub.db.processes import private_folder
from hub.settings import settings

ENDING = ".hubbackup"


def keep(what: str, heard: save.Heard, most: int, *, spared: Path | None = None) -> Path | None:
    """Backs the database up into `backups/` of the data folder, unless nothing is in it: `before-WHAT-TIME.hubbackup`.

    The `most` newest of the same `what` stay, and the one that is `spared`, since it is about to be read. `heard` is
    told how much it is, how long it took and where it went. With HUB_BACKUP_PASSPHRASE it is encrypted. Raises what
    `save.save` raises.
    """
    if not load.there():
        return None
    folder = private_folder(settings().data / "backups")
    place = folder / f"before-{what}-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}{ENDING}"
    with reachable():
        heard(f"Backing up about {database().command('dbStats')['dataSize'] / 1e6:,.0f} MB before {what} ...")
    began = time.monotonic()
    made = save.save(place, settings().backup_passphrase)
    heard(f"Backed up in {time.monotonic() - began:.1f} s, {made.size / 1e6:,.1f} MB: {place}")
    for old in sorted(folder.glob(f"before-{what}-*{ENDING}"))[:-most]:
        if spared is None or not old.samefile(spared):
            old.unlink()
    return place
