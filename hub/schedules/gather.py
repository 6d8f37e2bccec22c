"""New documents start schedules: those that come within a short while start one run together.

Each document is noted before it can be found (`hub.hooks.document_ready`) and forgotten after the run that it starts is
stored, so no death of a process loses one; a run is named by its first document, so none starts two.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from bson import ObjectId

from hub import documents, jobs
from hub.db.mongo import Document, now
from hub.db.who import Who
from hub.documents.records import MOVING
from hub.errors import NotFound, StoreDown
from hub.schedules import arrivals, prompt, store
from hub.schedules.fire import lock, occurrence, queue

QUIET = timedelta(seconds=30)
"""So long after the last document a run begins, which may be that more come."""
LONGEST = timedelta(minutes=5)
"""So long after the first one it begins though more come all the time."""
EARLIER = timedelta(seconds=5)
"""Clocks of machines differ a little: so far back is looked again."""
TASK = "schedules.gather"
log = structlog.get_logger(__name__)


def arrived(who: Who, collection: str, document: str) -> None:
    """Notes a new document for the schedules that it starts. Raises StoreDown."""
    for row in store.triggered(who, "collection", collection):
        arrivals.note(who, row["_id"], document, now())
        try:
            later(str(row["_id"]), QUIET)
        except StoreDown:
            log.warning("gathering_not_queued", schedule=str(row["_id"]))  # `sweep` finds it


def later(schedule: str, wait: timedelta) -> None:
    """Has a worker gather after a while, unless that is queued already."""
    word = f"gather {schedule}"
    jobs.defer(TASK, once=word, lock=word, delay=wait.total_seconds(), queue="agents", schedule=schedule)


def sweep() -> None:
    """Queues what a dead process has left."""
    for schedule in arrivals.schedules():
        later(schedule, timedelta())


def gather(schedule: str, moment: datetime) -> None:
    """Starts a schedule with the documents that have come, once no more come and it does not run. Raises StoreDown;
    calling it again does no harm."""
    row = store.of_anybody(schedule)
    if row is None or row["state"] != "on":
        arrivals.forget(ObjectId(schedule))
        return
    who = Who(row["owner"], "")
    waiting = arrivals.waiting(who, row["_id"])
    if not waiting:
        return
    wait = min(waiting[-1]["at"] + QUIET, waiting[0]["at"] + LONGEST) - moment
    if wait <= timedelta() and _goes_on(who, row):
        wait = QUIET
    if wait > timedelta():
        later(schedule, max(wait, timedelta(seconds=1)))
        return
    states = {str(one["document"]): _state(who, row, str(one["document"])) for one in waiting}
    ready = [one for one, state in states.items() if state == "ready"]
    done = _start(who, row, ready) if ready else []
    done += [one for one, state in states.items() if state == "gone"]
    arrivals.drop(who, row["_id"], done)
    if set(states) - set(done):
        later(schedule, QUIET)


def _start(who: Who, row: Document, ready: Sequence[str]) -> list[str]:
    """Starts the schedule with these documents; those that the run has, which an earlier attempt may have stored."""
    name = f"document {ready[0]}"
    made = occurrence(row, now(), "document", name, lock=lock(row), documents=list(ready))
    if store.insert_occurrences([made]):
        queue([made])
        return list(ready)
    known = store.at_slot(who, row["_id"], name)
    return list(known["documents"]) if known else []


def _goes_on(who: Who, row: Document) -> bool:
    """Whether the schedule runs, or is about to for documents that came before."""
    queued = store.in_state(who, row["_id"], "queued")
    soon = any(one["cause"] == "document" and not one["attempts"] for one in queued)
    return soon or bool(store.in_state(who, row["_id"], "running"))


def _state(who: Who, row: Document, document: str) -> str:
    """Where a document that has come stands: "ready", "moving" towards it, or "gone", which it may come back from."""
    try:
        found = documents.get(who, document)
    except NotFound:
        return "gone"
    if found.collection != row["triggers"].get("collection"):
        return "gone"
    return "ready" if found.ready_at else "moving" if found.state in MOVING else "gone"


def listed(who: Who, schedule: Document, row: Document) -> list[str]:
    """The documents that `{{new_documents}}` names in a run: those that started it, and else those that became ready
    since the last run that was done began (the first time: since the schedule was made)."""
    if row["cause"] == "document":
        return list(row["documents"])
    done = store.newest_done(who, schedule["_id"])
    since = max((one["began_at"] - EARLIER for one in done), default=schedule["created_at"])
    known = {document for one in done if one["began_at"] >= since for document in one.get("documents", ())}
    found = documents.documents(who, schedule["triggers"]["collection"])
    fresh = [one for one in found if one.ready_at and one.ready_at > since and one.id not in known]
    return [one.id for one in sorted(fresh, key=lambda one: one.created_at)]


def wants(schedule: Document) -> bool:
    """Whether the prompt of a schedule names new documents."""
    return prompt.names(schedule["spec"]["prompt"], "new_documents")
