"""Every query on `runs`, `run_log` and `processes`.

`runs`: one row a run. `run_log`: events in packed batches, {run, first, last, at, events, payloads?}; kept for a day
after they were written, since the finished text belongs to the room that asked. `processes`: one heartbeat a process.
Functions that take no `who` serve the engine itself and are not part of the room's face.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson
import psutil
from bson import ObjectId
from pymongo import UpdateOne

from hub.db.mongo import Document, collection, now, object_id, reachable
from hub.db.who import Who
from hub.errors import NotFound
from hub.runs.records import Event, Outcome, RunRecord, TargetRecord
from hub.runs.wire import pack, unpack

INDEXES: list[tuple[str, list[tuple[str, int]], dict[str, Any]]] = [
    ("runs", [("status", 1), ("process", 1)], {}),
    ("runs", [("status", 1), ("owner", 1)], {}),
    ("run_log", [("run", 1), ("last", 1)], {}),
    ("run_log", [("at", 1)], {}),
]
LOG_KEPT = timedelta(days=1)
STALE = timedelta(seconds=10)
_DOCUMENT_BYTES = 4_000_000


def run_row(record: RunRecord, process: str) -> Document:
    """The stored form of a run that starts."""
    return {
        "_id": ObjectId(record.id),
        "owner": record.owner,
        "kind": record.kind,
        "status": record.status,
        "context": record.context,
        "targets": [_target_row(target) for target in record.targets],
        "process": process,
        "started_at": record.started_at,
        "schema": 1,
    }


def _target_row(target: TargetRecord) -> Document:
    row = {"model": target.model, "label": target.label, "context": target.context, "status": target.status}
    return row | {"veiled": True} if target.veiled else row


def record_from(row: Document) -> RunRecord:
    """The record in a row."""
    return RunRecord(
        id=str(row["_id"]),
        owner=row["owner"],
        kind=row["kind"],
        status=row["status"],
        targets=tuple(
            TargetRecord(t["model"], t["label"], t["context"], t["status"], t.get("veiled", False))
            for t in row["targets"]
        ),
        context=row["context"],
        started_at=row["started_at"],
        ended_at=row.get("ended_at"),
    )


def log_rows(run: str, events: Sequence[Event], payloads: Sequence[tuple[int, dict[str, Any]]]) -> list[Document]:
    """The log documents for `events`, each well below what a document may hold.

    A single event above that, such as a very large picture, gets a document of its own.
    """
    rows: list[Document] = []
    chunk: list[Event] = []
    size = 0
    for event in events:
        weight = len(event.text) * 4 + len(event.data.get("data", "")) + 200
        if chunk and size + weight > _DOCUMENT_BYTES:
            rows.append(_log_row(run, chunk))
            chunk, size = [], 0
        chunk.append(event)
        size += weight
    if chunk:
        rows.append(_log_row(run, chunk))
    rows += [
        {"_id": ObjectId(), "run": ObjectId(run), "first": 0, "last": 0, "at": now(), "target": target,
         "payload": orjson.dumps(payload, default=str)}
        for target, payload in payloads
    ]  # fmt: skip
    return rows


def _log_row(run: str, events: Sequence[Event]) -> Document:
    return {
        "_id": ObjectId(),
        "run": ObjectId(run),
        "first": events[0].seq,
        "last": events[-1].seq,
        "at": now(),
        "events": pack(events),
    }


def insert_runs(rows: Sequence[Document]) -> None:
    """Stores new runs."""
    if rows:
        collection("runs").insert_many(rows, ordered=False)


def insert_log(rows: Sequence[Document]) -> None:
    """Stores log documents of any number of runs in one go."""
    if rows:
        collection("run_log").insert_many(rows, ordered=False)


def finish_update(record: RunRecord, outcomes: Sequence[Outcome]) -> UpdateOne:
    """The write that ends a run."""
    targets = [
        _target_row(target) | {"error": outcome.error, "total_ms": outcome.timing.total_ms}
        for target, outcome in zip(record.targets, outcomes, strict=True)
    ]
    fields = {"status": record.status, "ended_at": record.ended_at, "targets": targets}
    return UpdateOne({"_id": ObjectId(record.id)}, {"$set": fields})


def finish_runs(updates: Sequence[UpdateOne]) -> None:
    """Ends runs."""
    if updates:
        collection("runs").bulk_write(updates, ordered=False)


def load(who: Who, run: str) -> RunRecord:
    """A run of `who`; raises NotFound."""
    return record_from(_owned(who, run))


def is_running(run: str) -> bool:
    """Whether a stored run goes on. For the engine and for waiting only: it says nothing of what is in the run."""
    with reachable():
        return collection("runs").find_one({"_id": object_id(run), "status": "running"}, {"_id": 1}) is not None


def process_of(who: Who, run: str) -> str:
    """The process in which a run of `who` lives or lived."""
    return str(_owned(who, run)["process"])


def _owned(who: Who, run: str) -> Document:
    with reachable():
        row = collection("runs").find_one({"_id": object_id(run), "owner": who.id})
    if row is None:
        raise NotFound("There is no such run.")
    return row


def known(who: Who, runs: Iterable[str]) -> set[str]:
    """Those of `runs` that are stored for `who`."""
    ids = [ObjectId(run) for run in runs if ObjectId.is_valid(run)]
    with reachable():
        rows = collection("runs").find({"_id": {"$in": ids}, "owner": who.id}, {"_id": 1})
        return {str(row["_id"]) for row in rows}


def forget(who: Who, runs: Iterable[str]) -> None:
    """Removes runs of `who` and every word in their logs."""
    for run in known(who, runs):
        with reachable():
            collection("run_log").delete_many({"run": ObjectId(run)})
            collection("runs").delete_one({"_id": ObjectId(run), "owner": who.id})


def unfinished(who: Who) -> list[str]:
    """The runs of `who` that go on in a process that lives."""
    with reachable():
        rows = list(collection("runs").find({"status": "running", "owner": who.id}))
        processes = list(collection("processes").find({})) if rows else []
    time = now()
    alive = {row["_id"] for row in processes if not _dead(row, time)}
    return [str(row["_id"]) for row in rows if row["process"] in alive]


def forget_person(who: Who) -> None:
    """Removes every run of `who` and its log. It looks at all runs there are: accounts are seldom deleted."""
    with reachable():
        rows = list(collection("runs").find({"owner": who.id}, {"_id": 1}))
    forget(who, [str(row["_id"]) for row in rows])


def read_log(run: str, first: int) -> list[Event]:
    """The stored events numbered `first` and up, in order. The caller has checked whose run it is."""
    with reachable():
        rows = list(collection("run_log").find({"run": ObjectId(run), "last": {"$gte": max(first, 1)}}))
    rows.sort(key=lambda row: row["first"])
    events: list[Event] = []
    following = first
    for row in rows:
        for event in unpack(row["first"], row["events"]):
            if event.seq >= following:
                events.append(event)
                following = event.seq + 1
    return events


def read_payloads(run: str) -> dict[int, dict[str, Any]]:
    """The requests that were sent, by target."""
    with reachable():
        rows = list(collection("run_log").find({"run": ObjectId(run), "last": 0}))
    return {row["target"]: orjson.loads(row["payload"]) for row in rows}


def beat(process: str) -> list[str]:
    """Says that this process lives; returns what another process asked it to cancel: runs, or "run:target"."""
    me = psutil.Process()
    fields = {"beat": now(), "host": socket.gethostname(), "pid": os.getpid(), "born": me.create_time()}
    processes = collection("processes")
    processes.update_one({"_id": process}, {"$set": fields}, upsert=True)
    row: Mapping[str, Any] = processes.find_one({"_id": process}) or {}
    cancels = [str(run) for run in row.get("cancels", [])]
    if cancels:
        processes.update_one({"_id": process}, {"$pull": {"cancels": {"$in": cancels}}})
    return cancels


def ask_cancel(process: str, run: str, target: int | None) -> None:
    """Asks another process to cancel a run, or one target of it."""
    wanted = run if target is None else f"{run}:{target}"
    with reachable():
        collection("processes").update_one({"_id": process}, {"$addToSet": {"cancels": wanted}})


def leave(process: str) -> None:
    """Takes this process off the list."""
    with reachable():
        collection("processes").delete_one({"_id": process})


def abandoned(me: str, mine: Iterable[str]) -> list[Document]:
    """Rows of runs that nobody works on: their process died, or they are this process's own but not among `mine`."""
    with reachable():
        rows = list(collection("runs").find({"status": "running"}))
        if not rows:
            return []
        processes = list(collection("processes").find({}))
    time = now()
    alive = {str(row["_id"]) for row in processes if not _dead(row, time)} - {me}
    held = set(mine)
    return [row for row in rows if row["process"] not in alive and str(row["_id"]) not in held]


def _dead(row: Document, time: datetime) -> bool:
    if time - row["beat"] > STALE:
        return True
    if row["host"] != socket.gethostname():
        return False
    try:
        return psutil.Process(row["pid"]).create_time() != row["born"]
    except psutil.NoSuchProcess:
        return True


def living() -> list[str]:
    """The processes that work on runs at this moment, as "process 12 on host"."""
    with reachable():
        rows = list(collection("processes").find({}))
    return [f"process {row['pid']} on {row['host']}" for row in rows if not _dead(row, now())]


def claim(row: Document, me: str) -> bool:
    """Makes an abandoned run this process's own; of two processes that try, one is told False."""
    if row["process"] == me:
        return True
    mine = {"_id": row["_id"], "process": row["process"], "status": "running"}
    with reachable():
        return collection("runs").update_one(mine, {"$set": {"process": me}}).modified_count == 1


def bury(me: str) -> None:
    """Takes processes off the list that are dead and have no running run any more."""
    with reachable():
        for row in list(collection("processes").find({})):
            if row["_id"] != me and _dead(row, now()):
                left = collection("runs").find_one({"status": "running", "process": row["_id"]}, {"_id": 1})
                if left is None:
                    collection("processes").delete_one({"_id": row["_id"]})


def purge() -> int:
    """Removes log documents that are past their time; returns how many."""
    with reachable():
        return collection("run_log").delete_many({"at": {"$lt": now() - LOG_KEPT}}).deleted_count
