"""Which processes live that have no address: each says so in MongoDB every few seconds.

beat("scheduler")            # in the process, every BEAT_SECONDS
heard("scheduler")           # elsewhere: when it was last heard, on any machine
"""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import hub
from hub.db.mongo import collection, now, reachable

INDEXES: list[tuple[str, list[tuple[str, int]], dict[str, Any]]] = [("beats", [("kind", 1)], {})]
BEAT_SECONDS = 5.0
SILENT = timedelta(seconds=20)
"""A process that was not heard for so long counts as gone."""
_KEPT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Beat:
    """A process that was heard in the last ten minutes."""

    kind: str
    host: str
    pid: int
    version: str
    started_at: datetime
    at: datetime
    alive: bool


def beat(kind: str) -> None:
    """Says that this process lives, and forgets those of its kind that have not for long. Raises StoreDown."""
    host, pid = socket.gethostname(), os.getpid()
    fields = {"kind": kind, "host": host, "pid": pid, "version": hub.__version__, "at": now()}
    with reachable():
        beats = collection("beats")
        beats.update_one(
            {"_id": f"{kind} {host} {pid}"}, {"$set": fields, "$setOnInsert": {"started_at": now()}}, upsert=True
        )
        for row in list(beats.find({"kind": kind})):
            if row["at"] < now() - _KEPT:
                beats.delete_one({"_id": row["_id"]})


def leave(kind: str) -> None:
    """Takes this process off the list, at its end. Raises StoreDown."""
    with reachable():
        collection("beats").delete_one({"_id": f"{kind} {socket.gethostname()} {os.getpid()}"})


def heard(kind: str, host: str | None = None) -> list[Beat]:
    """The processes of a kind, on all machines or on one. Raises StoreDown."""
    with reachable():
        rows = list(collection("beats").find({"kind": kind}))
    return [
        Beat(kind, row["host"], row["pid"], row["version"], row["started_at"], row["at"], row["at"] > now() - SILENT)
        for row in rows
        if host in (None, row["host"])
    ]
