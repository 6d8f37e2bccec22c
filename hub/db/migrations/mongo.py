"""The steps of the Mongo database, and the indexes of all its collections."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from threading import Event, Thread

from pymongo.errors import DuplicateKeyError, PyMongoError

from hub.db import gate, indexes
from hub.db.migrations import Migration
from hub.db.mongo import collection, now, reachable

MIGRATIONS: tuple[Migration, ...] = ()
"""Every step so far. The first release has none: its collections begin in their first form."""

_LOCK = "migration lock"
_LOCK_SECONDS = 600


def knows(steps: Sequence[Migration] = MIGRATIONS) -> int:
    """The number of the newest step."""
    return max((step.number for step in steps), default=0)


def check() -> None:
    """Raises NewerSchema or HalfRestored where this version may not work on the database, and StoreDown."""
    gate.check(knows())


def pending(steps: Sequence[Migration] = MIGRATIONS) -> list[Migration]:
    """The steps that have not run on the database, in order. Raises StoreDown, NewerSchema and HalfRestored."""
    gate.check(knows(steps))
    return _missing(steps)


def apply(
    wanted: Sequence[indexes.Index],
    steps: Sequence[Migration] = MIGRATIONS,
    *,
    before: Callable[[Sequence[Migration]], None] = lambda steps: None,
    restoring: bool = False,
) -> list[str]:
    """Runs the steps that did not run yet, ensures `wanted` indexes; returns the names of the steps that ran.

    `before` is called with those steps first, where there are any, and stops all of it by raising. `restoring` is for
    the restore that holds off everybody else. Raises StoreDown when Mongo is away, NewerSchema, HalfRestored. Another
    process that migrates at the same time is waited for.
    """
    with reachable(), _alone():
        if not restoring:
            gate.check(knows(steps))
        missing = _missing(steps)
        if missing:
            before(missing)
        for step in missing:
            step.run()
            collection("migrations").insert_one({"number": step.number, "name": step.name, "at": now()})
        indexes.ensure(wanted)
        return [step.name for step in missing]


def _missing(steps: Sequence[Migration]) -> list[Migration]:
    with reachable():
        done = {row["number"] for row in collection("migrations").find({"number": {"$gt": 0}})}
    return sorted((step for step in steps if step.number not in done), key=lambda step: step.number)


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
    over = Event()
    renewing = Thread(target=_renew, args=(holder, over), name="migration lock", daemon=True)
    renewing.start()
    try:
        yield
    finally:
        over.set()
        renewing.join()
        locks.delete_one({"_id": _LOCK, "holder": holder})


def _renew(holder: str, over: Event) -> None:
    """Holds the lock for as long as a step, or the backup before it, takes."""
    while not over.wait(_LOCK_SECONDS / 10):
        with suppress(PyMongoError):  # it holds for some minutes more, in which the server may come back
            until = now() + timedelta(seconds=_LOCK_SECONDS)
            collection("migrations").update_one({"_id": _LOCK, "holder": holder}, {"$set": {"until": until}})
