"""The steps of the Mongo database, and the indexes of all its collections."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from pymongo.errors import DuplicateKeyError

from hub.db import indexes
from hub.db.migrations import Migration
from hub.db.mongo import collection, now, reachable

MIGRATIONS: tuple[Migration, ...] = ()
"""Every step so far. The first release has none: its collections begin in their first form."""

_LOCK = "migration lock"
_LOCK_SECONDS = 600


def apply(wanted: Sequence[indexes.Index], steps: Sequence[Migration] = MIGRATIONS) -> list[str]:
    """Runs the steps that did not run yet, ensures `wanted` indexes; returns the names of the steps that ran.

    Raises StoreDown when Mongo is away. Another process that migrates at the same time is waited for.
    """
    with reachable(), _alone():
        done = {row["number"] for row in collection("migrations").find({"number": {"$gt": 0}})}
        ran: list[str] = []
        for step in sorted(steps, key=lambda step: step.number):
            if step.number not in done:
                step.run()
                collection("migrations").insert_one({"number": step.number, "name": step.name, "at": now()})
                ran.append(step.name)
        indexes.ensure(wanted)
        return ran


def missing(steps: Sequence[Migration] = MIGRATIONS) -> list[str]:
    """The names of the steps that did not run yet. Raises StoreDown."""
    with reachable():
        done = {row["number"] for row in collection("migrations").find({"number": {"$gt": 0}})}
    return [step.name for step in steps if step.number not in done]


@contextmanager
def _alone() -> Generator[None]:
    """One migration at a time over all processes and machines; a lock whose holder died is taken over."""
    locks = collection("migrations")
    holder = f"{socket.gethostname()} {os.getpid()}"
    while True:
        try:
            locks.insert_one({"_id": _LOCK, "holder": holder, "until": now() + timedelta(seconds=_LOCK_SECONDS)})
            break
        except DuplicateKeyError:
            locks.delete_one({"_id": _LOCK, "until": {"$lt": now()}})
            time.sleep(0.1)
    try:
        yield
    finally:
        locks.delete_one({"_id": _LOCK})
