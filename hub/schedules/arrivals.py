"""Documents that have come and have not started anything yet: `arrivals` {_id "SCHEDULE DOCUMENT", owner, schedule,
document, at}, a row for each schedule that waits for them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bson import ObjectId

from hub.db.indexes import Index
from hub.db.mongo import Document, collection, reachable
from hub.db.who import Who

INDEXES: list[Index] = [("arrivals", [("owner", 1), ("schedule", 1)], {})]


def note(who: Who, schedule: ObjectId, document: str, moment: datetime) -> None:
    """Notes that a document has come; a second time changes nothing."""
    made = {"owner": who.id, "schedule": schedule, "document": ObjectId(document), "at": moment}
    with reachable():
        collection("arrivals").update_one({"_id": f"{schedule} {document}"}, {"$setOnInsert": made}, upsert=True)


def waiting(who: Who, schedule: ObjectId) -> list[Document]:
    """What has come for a schedule, the first first."""
    with reachable():
        found = list(collection("arrivals").find({"owner": who.id, "schedule": schedule}))
    return sorted(found, key=lambda one: (one["at"], one["_id"]))


def drop(who: Who, schedule: ObjectId, documents: Iterable[str]) -> None:
    """Forgets documents that have started the schedule, or are gone."""
    ids = [f"{schedule} {one}" for one in documents]
    with reachable():
        collection("arrivals").delete_many({"_id": {"$in": ids}, "owner": who.id})


def forget(schedule: ObjectId) -> None:
    """Forgets all that has come for a schedule of anybody, which is paused or gone."""
    with reachable():
        collection("arrivals").delete_many({"schedule": schedule})


def schedules() -> set[str]:
    """The schedules of everybody that something has come for."""
    with reachable():
        return {str(one["schedule"]) for one in collection("arrivals").find({}, {"schedule": 1})}


def remove_person(who: Who) -> None:
    """Removes everything of the person."""
    with reachable():
        collection("arrivals").delete_many({"owner": who.id})
