"""Whether the stores answer, in words, for people who look at the settings."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass

from hub.db.migrations.postgres import check
from hub.db.mongo import client, reachable
from hub.errors import HubError
from hub.settings import settings

LEAST_FREE_BYTES = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the hub. `says` is what was found, `todo` the next step when it is not `good`."""

    name: str
    good: bool
    says: str
    todo: str = ""


def parts() -> list[Part]:
    """The stores and the disk; a part that does not answer says so instead of raising."""
    return [_mongo(), _postgres(), _disk()]


def _mongo() -> Part:
    try:
        with reachable():
            began = time.perf_counter()
            client().admin.command("ping")
    except HubError as error:
        return Part("MongoDB", False, error.message, error.hint)
    return Part("MongoDB", True, f"answers in {(time.perf_counter() - began) * 1000:.1f} ms")


def _postgres() -> Part:
    try:
        began = time.perf_counter()
        version, vector = check()
    except HubError as error:
        return Part("PostgreSQL", False, error.message, f"{error.hint} Chat works without it.".strip())
    took = (time.perf_counter() - began) * 1000
    if not vector:
        return Part("PostgreSQL", False, f"{version} without pgvector", "Install the pgvector extension.")
    return Part("PostgreSQL", True, f"{version} with pgvector {vector}, answers in {took:.1f} ms")


def _disk() -> Part:
    data = settings().data.absolute()
    place = next(folder for folder in (data, *data.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    todo = "Free some space, or move the data folder with HUB_DATA."
    return Part("Disk", free >= LEAST_FREE_BYTES, f"{free / 1e9:.1f} GB free", "" if free >= LEAST_FREE_BYTES else todo)
