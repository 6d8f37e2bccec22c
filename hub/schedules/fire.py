"""What is due becomes an occurrence, once: whoever stores it first queues it. Any number of schedulers may do so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from bson import ObjectId

from hub import jobs
from hub.db.mongo import Document, now
from hub.errors import BadInput
from hub.jobs.queue import Item
from hub.schedules import store
from hub.schedules.records import Cause
from hub.schedules.when import after, read

GRACE = timedelta(minutes=5)
"""A time that is dealt with so late is still on time."""
MOST_SLOTS = 2_000
MOST_MISSED = 50
"""Missed times of one schedule that are kept one by one; those before them are counted."""
TASK = "schedules.run"
log = structlog.get_logger(__name__)


def fire(schedules: Sequence[ObjectId], moment: datetime) -> dict[ObjectId, datetime | None]:
    """Deals with those of these schedules that are due at `moment`, and says what each of them waits for next (None:
    for no time). Raises StoreDown; calling it again does no harm."""
    waits: dict[ObjectId, datetime | None] = {}
    made: list[Document] = []
    moved: list[tuple[Document, datetime, datetime | None]] = []
    for row in store.due(schedules, moment):
        try:
            upcoming = after(read(row["when"]), moment)
        except BadInput:  # written by a newer hub, or by hand
            log.warning("schedule_unreadable", schedule=str(row["_id"]))
            upcoming = None
        else:
            made += _occurrences(row, moment)
        moved.append((row, moment, upcoming))
        waits[row["_id"]] = upcoming
    fresh = store.insert_occurrences(made)
    store.move_on(moved)
    queue([one for one in fresh if one["status"] == "queued"])
    return waits


def slot(moment: datetime) -> str:
    """The name of a time, which tells an occurrence from all others of its schedule."""
    return moment.strftime("%Y-%m-%dT%H:%MZ")


def occurrence(row: Document, due_at: datetime, cause: Cause, name: str, **more: Any) -> Document:
    """An occurrence of a schedule that is not stored yet, `name` telling it from the others. The ids of what will come
    of it are made now, so that nothing is asked twice."""
    output = row["spec"].get("output", {})
    chat = output.get("target") if output.get("place") == "chat" else ""
    return {
        "_id": ObjectId(),
        "owner": row["owner"],
        "schedule": row["_id"],
        "name": row["spec"]["name"],
        "slot": name,
        "cause": cause,
        "due_at": due_at,
        "created_at": now(),
        "queued_at": None,
        "status": "queued",
        "fence": 0,
        "attempts": 0,
        "shelf": "",
        "ids": {
            "conversation": chat or str(ObjectId()),
            "message": str(ObjectId()),
            "answer": str(ObjectId()),
            "run": str(ObjectId()),
        },
        **more,
    }


def queue(occurrences: Sequence[Document], *, delay: float = 0) -> None:
    """Hands occurrences to the workers. Where PostgreSQL is away they are handed over by a later `queue_left`."""
    if not occurrences:
        return
    items = [
        Item({"occurrence": str(one["_id"])}, once=f"occurrence {one['_id']}", lock=_lock(one), delay=delay)
        for one in occurrences
    ]
    jobs.defer_many(TASK, items, queue="agents")
    store.note_queued([one["_id"] for one in occurrences], now())


def queue_left(moment: datetime) -> int:
    """Queues what was stored and never came into the queue, because somebody died in between; how many there were."""
    left = store.unqueued(moment - timedelta(seconds=10))
    queue(left)
    return len(left)


def _lock(one: Document) -> str:
    return one.get("lock") or f"occurrence {one['_id']}"


def lock(row: Document) -> str:
    """The word that keeps runs of a schedule apart: those into one chat follow each other, and those that are to wait
    for each other; "" where each goes by itself."""
    output, policy = row["spec"].get("output", {}), row["spec"].get("policy", {})
    if output.get("place") == "chat":
        return f"chat {output['target']}"
    return f"schedule {row['_id']}" if policy.get("overlap") == "queue" else ""


def _occurrences(row: Document, moment: datetime) -> Iterator[Document]:
    """An occurrence for each time since the last one that was dealt with: to be run, or missed."""
    policy = row["spec"].get("policy", {})
    oldest = moment - timedelta(minutes=policy.get("max_age", 24 * 60))
    slots = list(_slots(row, max(row["after"], min(oldest, moment - GRACE)), moment))
    if not slots:
        return
    newest, before = slots[-1], slots[:-1]
    on_time = newest > moment - GRACE
    made_up = {"skip": [], "latest": [], "all": before}[policy.get("missed", "latest")]
    runs = [one for one in made_up if one >= oldest]
    if on_time or (policy.get("missed", "latest") != "skip" and newest >= oldest):
        runs.append(newest)
    missed = [one for one in slots if one not in set(runs)]
    for one in runs:
        yield occurrence(row, one, "time", slot(one), lock=lock(row))
    for index, one in enumerate(missed[-MOST_MISSED:]):
        more = max(0, len(missed) - MOST_MISSED) if index == 0 else 0
        yield occurrence(row, one, "time", slot(one), status="missed", ended_at=moment, more=more, shelf="unread")


def _slots(row: Document, since: datetime, moment: datetime) -> Iterator[datetime]:
    when, at = read(row["when"]), since
    for _ in range(MOST_SLOTS):
        found = after(when, at)
        if found is None or found > moment:
            return
        yield found
        at = found
