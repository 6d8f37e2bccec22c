"""Every query on schedules and on what became of them. All ask for the owner; the scheduler alone looks at all owners'
schedules, and only for what is due.

`schedules` {owner, spec, when, state ("on", "paused", "held" while its owner has paused all, "gone"), why, after (the
last time that was dealt with), next_at (none: no clock), changed_at, failures, tools, secret, spent
{month: dollars}, paid [ids of answers that are counted in it]}.
`occurrences` {owner, schedule, slot, due_at, status, fence, ...}: unique on (schedule, slot), so that two schedulers
never make one twice. `ids` holds the ids of its message, answer and run, made before anything is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bson import ObjectId
from pymongo import UpdateOne
from pymongo.errors import BulkWriteError

from hub.db.indexes import Index
from hub.db.mongo import Document, collection, now, object_id, reachable
from hub.db.who import Who
from hub.errors import NotFound

SCHEMA = 1
DUPLICATE = 11_000
GOING = ["queued", "running"]
MOST_PAID = 100
"""Answers of a schedule that are known to have been counted: a worker that follows a dead one comes soon."""
INDEXES: list[Index] = [
    ("schedules", [("owner", 1)], {}),
    ("schedules", [("state", 1), ("next_at", 1)], {}),
    ("schedules", [("changed_at", 1)], {}),
    ("schedules", [("owner", 1), ("triggers.collection", 1)], {}),
    ("schedules", [("owner", 1), ("triggers.after", 1)], {}),
    ("occurrences", [("schedule", 1), ("slot", 1)], {"unique": True}),
    ("occurrences", [("owner", 1), ("schedule", 1), ("due_at", 1)], {}),
    ("occurrences", [("owner", 1), ("schedule", 1), ("status", 1)], {}),
    ("occurrences", [("owner", 1), ("due_at", 1)], {}),
    ("occurrences", [("owner", 1), ("shelf", 1)], {}),
    ("occurrences", [("status", 1), ("queued_at", 1)], {}),
    ("occurrences", [("status", 1), ("due_at", 1)], {}),
]


def insert(who: Who, row: Document) -> None:
    """Stores a new schedule; `row` holds `_id`."""
    with reachable():
        collection("schedules").insert_one({**row, "owner": who.id, "schema": SCHEMA, "changed_at": now()})


def row(who: Who, schedule: str, *, gone: bool = False) -> Document:
    """A schedule of the person; raises NotFound, for a deleted one too unless that is asked for."""
    with reachable():
        found = collection("schedules").find_one({"_id": object_id(schedule, "schedule"), "owner": who.id})
    if found is None or (found["state"] == "gone") != gone:
        raise NotFound("There is no such schedule.", hint="It may have been deleted.")
    return found


def rows(who: Who) -> list[Document]:
    """Every living schedule of the person, the newest first."""
    with reachable():
        found = list(collection("schedules").find({"owner": who.id}))
    return sorted((one for one in found if one["state"] != "gone"), key=lambda one: one["_id"], reverse=True)


def change(
    who: Who, schedule: ObjectId, changes: Mapping[str, Any], *, only: Mapping[str, Any] | None = None,
    unset: Iterable[str] = (),
) -> bool:  # fmt: skip
    """Sets and removes fields of a schedule that still has the values in `only`; says whether."""
    update: Document = {"$set": {**changes, "changed_at": now()}}
    if gone := dict.fromkeys(unset, ""):
        update["$unset"] = gone
    with reachable():
        found = collection("schedules").update_one({**(only or {}), "_id": schedule, "owner": who.id}, update)
    return found.matched_count > 0


def triggered(who: Who, name: str, value: str) -> list[Document]:
    """The schedules of the person that run for themselves when something of `name` ("collection", "after") ends."""
    with reachable():
        found = list(collection("schedules").find({"owner": who.id, f"triggers.{name}": value}))
    return [one for one in found if one["state"] == "on"]


def clocks() -> list[tuple[ObjectId, datetime]]:
    """Every schedule of everybody that waits for the clock, with the time that it waits for."""
    fields = {"next_at": 1}
    with reachable():
        found = collection("schedules").find({"state": "on", "next_at": {"$gt": datetime.min}}, fields)
        return [(one["_id"], one["next_at"]) for one in found]


def waits_for(schedule: ObjectId) -> datetime | None:
    """The time that a schedule of anybody waits for."""
    with reachable():
        found = collection("schedules").find_one({"_id": schedule}, {"next_at": 1, "state": 1})
    return found.get("next_at") if found and found["state"] == "on" else None


def changed(since: datetime) -> list[tuple[ObjectId, datetime | None]]:
    """The schedules of everybody that were changed since then, with the time that each waits for now."""
    fields = {"next_at": 1, "state": 1}
    with reachable():
        found = list(collection("schedules").find({"changed_at": {"$gte": since}}, fields))
    return [(one["_id"], one.get("next_at") if one["state"] == "on" else None) for one in found]


def due(schedules: Sequence[ObjectId], moment: datetime) -> list[Document]:
    """Those of these schedules, of anybody, that wait for a time that has come."""
    found: list[Document] = []
    for start in range(0, len(schedules), 200):
        with reachable():
            found += collection("schedules").find({"_id": {"$in": list(schedules[start : start + 200])}})
    return [one for one in found if one["state"] == "on" and one.get("next_at") and one["next_at"] <= moment]


def move_on(moved: Sequence[tuple[Document, datetime, datetime | None]]) -> None:
    """Notes for schedules the last time that was dealt with and the next one, unless somebody else did."""
    if not moved:
        return
    made = [
        UpdateOne(
            {"_id": one["_id"], "owner": one["owner"], "next_at": one["next_at"]},
            {"$set": {"after": after, **({"next_at": after_that} if after_that else {})}}
            | ({} if after_that else {"$unset": {"next_at": ""}}),
        )
        for one, after, after_that in moved
    ]
    with reachable():
        collection("schedules").bulk_write(made, ordered=False)


def insert_occurrences(occurrences: Sequence[Document]) -> list[Document]:
    """Stores occurrences and returns those that nobody had stored before."""
    if not occurrences:
        return []
    made, there = [{**one, "schema": SCHEMA} for one in occurrences], set[int]()
    with reachable():
        try:
            collection("occurrences").insert_many(made, ordered=False)
        except BulkWriteError as error:
            wrong: list[Document] = error.details["writeErrors"]
            if any(one["code"] != DUPLICATE for one in wrong):
                raise
            there = {one["index"] for one in wrong}
    return [one for index, one in enumerate(made) if index not in there]


def unqueued(before: datetime) -> list[Document]:
    """Occurrences of everybody that were stored before then and came into no queue: whoever stored them died."""
    with reachable():
        found = list(collection("occurrences").find({"status": "queued", "queued_at": None}).limit(1_000))
    return [one for one in found if one["created_at"] < before]


def note_queued(occurrences: Sequence[ObjectId], moment: datetime) -> None:
    """Notes that occurrences are in the queue."""
    if occurrences:
        with reachable():
            collection("occurrences").update_many({"_id": {"$in": list(occurrences)}}, {"$set": {"queued_at": moment}})


def occurrence(who: Who, occurrence: str) -> Document:
    """An occurrence of the person; raises NotFound."""
    with reachable():
        found = collection("occurrences").find_one({"_id": object_id(occurrence, "run"), "owner": who.id})
    if found is None:
        raise NotFound("There is no such run.", hint="It may have been deleted.")
    return found


def owner_of(occurrence: str) -> str | None:
    """Whose occurrence this is, for the worker that was handed it; None when it is gone."""
    with reachable():
        found = collection("occurrences").find_one({"_id": ObjectId(occurrence)}, {"owner": 1})
    return None if found is None else str(found["owner"])


def of_anybody(schedule: str) -> Document | None:
    """A living schedule of anybody, for a job that names it and for who signs with its key; None when there is none."""
    if not ObjectId.is_valid(schedule):
        return None
    with reachable():
        found = collection("schedules").find_one({"_id": ObjectId(schedule)})
    return found if found and found["state"] != "gone" else None


def at_slot(who: Who, schedule: ObjectId, slot: str) -> Document | None:
    """The occurrence of that name of a schedule of the person."""
    with reachable():
        found = collection("occurrences").find_one({"schedule": schedule, "slot": slot})
    return found if found and found["owner"] == who.id else None


def claim(who: Who, occurrence: ObjectId, changes: Mapping[str, Any]) -> Document | None:
    """Takes an occurrence that has not ended: from here on nobody writes to it with an older fence. The row as it is
    then; None when it has ended, or is not there."""
    mine = {"_id": occurrence, "owner": who.id}
    while True:
        with reachable():
            found = collection("occurrences").find_one(mine)
            if found is None or found["status"] not in GOING:
                return None
            taken = {**changes, "fence": found["fence"] + 1}
            before = {**mine, "fence": found["fence"], "status": found["status"]}
            # Compared and set, since SecantusDB's findAndModify reads the whole collection.
            if collection("occurrences").update_one(before, {"$set": taken}).matched_count:
                return {**found, **taken}


def note(who: Who, row: Document, changes: Mapping[str, Any]) -> bool:
    """Sets fields of an occurrence that is still the caller's: it runs, under the fence in `row`; says whether."""
    mine = {"_id": row["_id"], "owner": who.id, "fence": row["fence"], "status": {"$in": GOING}}
    with reachable():
        return collection("occurrences").update_one(mine, {"$set": dict(changes)}).matched_count > 0


def put(who: Who, occurrences: Iterable[ObjectId], changes: Mapping[str, Any], *, only: Mapping[str, Any]) -> int:
    """Sets fields of occurrences of the person that have the values in `only`; how many those were."""
    wanted = {**only, "_id": {"$in": list(occurrences)}, "owner": who.id}
    with reachable():
        return collection("occurrences").update_many(wanted, {"$set": dict(changes)}).matched_count


def history(who: Who, schedule: ObjectId, *, since: datetime, before: datetime) -> list[Document]:
    """What became of a schedule in a span of time, the newest first."""
    span = {"$gte": since, "$lt": before}
    with reachable():
        found = list(collection("occurrences").find({"owner": who.id, "schedule": schedule, "due_at": span}))
    return sorted(found, key=lambda one: one["due_at"], reverse=True)


def between(who: Who, since: datetime, before: datetime) -> list[Document]:
    """What became of all schedules of the person in a span of time, the newest first."""
    with reachable():
        found = list(collection("occurrences").find({"owner": who.id, "due_at": {"$gte": since, "$lt": before}}))
    return sorted(found, key=lambda one: one["due_at"], reverse=True)


def in_state(who: Who, schedule: ObjectId, status: str) -> list[Document]:
    """The occurrences of a schedule with that status."""
    with reachable():
        return list(collection("occurrences").find({"owner": who.id, "schedule": schedule, "status": status}))


def on_shelf(who: Who, shelf: str) -> list[Document]:
    """What stands there in the person's inbox, the newest first."""
    with reachable():
        found = list(collection("occurrences").find({"owner": who.id, "shelf": shelf}))
    return sorted(found, key=lambda one: one["ended_at"], reverse=True)


def count_on_shelf(who: Who, shelf: str) -> int:
    """How many stand there in the person's inbox."""
    with reachable():
        return collection("occurrences").count_documents({"owner": who.id, "shelf": shelf})


def oldest_due(moment: datetime) -> datetime | None:
    """The oldest time that anybody's schedule waits for though it has come; None when there is none."""
    with reachable():
        found = list(collection("schedules").find({"state": "on", "next_at": {"$lte": moment}}, {"next_at": 1}))
    return min((one["next_at"] for one in found), default=None)


def count(name: str, field: str, value: str, *, since: datetime | None = None) -> int:
    """How many schedules or occurrences of everybody have a value; with `since` those that were due after it."""
    with reachable():
        return collection(name).count_documents({field: value, **({"due_at": {"$gte": since}} if since else {})})


def silent(before: datetime) -> list[Document]:
    """Occurrences of everybody that run, and of which nothing was heard since then."""
    with reachable():
        found = list(collection("occurrences").find({"status": "running"}))
    return [one for one in found if (one.get("beat_at") or one.get("began_at") or one["created_at"]) < before]


def any_row(who: Who, schedule: ObjectId) -> Document | None:
    """A schedule of the person, also one that is deleted; None when there is none."""
    with reachable():
        return collection("schedules").find_one({"_id": schedule, "owner": who.id})


def newest_done(who: Who, schedule: ObjectId) -> list[Document]:
    """The runs of a schedule that were done lately, the newest first: of six hours, or of eight times as long as often
    as it takes to find one, at most 22 years."""
    for times in range(6):
        since = now() - timedelta(hours=6 * 8**times)
        with reachable():
            rows = collection("occurrences").find({"owner": who.id, "schedule": schedule, "due_at": {"$gte": since}})
            if found := [one for one in rows if one["status"] == "done"]:
                return sorted(found, key=lambda one: one["ended_at"], reverse=True)
    return []


def spend(who: Who, schedule: ObjectId, month: str, cost: float, answer: str) -> None:
    """Counts US dollars of a schedule in a month ("2026-12") for an answer, once."""
    mine = {"_id": schedule, "owner": who.id, "paid": {"$ne": answer}}
    paid = {"$each": [answer], "$slice": -MOST_PAID}
    with reachable():
        collection("schedules").update_one(mine, {"$inc": {f"spent.{month}": cost}, "$push": {"paid": paid}})


def remove_person(who: Who) -> None:
    """Removes everything of the person."""
    for name in ("occurrences", "schedules"):
        with reachable():
            collection(name).delete_many({"owner": who.id})
