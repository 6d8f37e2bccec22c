"""Every query on projects. All of them ask for the owner."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bson import ObjectId

from hub.db.indexes import Index
from hub.db.mongo import Document, collection, object_id, reachable
from hub.db.who import Who
from hub.errors import NotFound

SCHEMA = 1
INDEXES: list[Index] = [
    ("projects", [("owner", 1)], {}),
    ("projects", [("deleted_at", 1)], {}),
]


def project(who: Who, project: str | ObjectId, *, deleted: bool = False) -> Document:
    """The stored project; raises NotFound when there is none, or it is deleted and that was not asked for."""
    id_ = project if isinstance(project, ObjectId) else object_id(project, "project")
    with reachable():
        found = collection("projects").find_one({"_id": id_, "owner": who.id})
    if found is None or ("deleted_at" in found) > deleted:
        raise NotFound("There is no such project.", hint="It may have been deleted.")
    return found


def projects(who: Who) -> list[Document]:
    """The living projects of a person, in no order."""
    with reachable():
        return [found for found in collection("projects").find({"owner": who.id}) if "deleted_at" not in found]


def insert(who: Who, document: Document) -> None:
    """Stores a new project; `document` holds `_id`."""
    with reachable():
        collection("projects").insert_one({**document, "owner": who.id, "schema": SCHEMA})


def update(who: Who, project: ObjectId, changes: Mapping[str, Any], *, unset: Iterable[str] = ()) -> None:
    """Sets and removes fields of a project."""
    change: dict[str, Any] = {"$set": dict(changes)} if changes else {}
    if gone := dict.fromkeys(unset, ""):
        change["$unset"] = gone
    with reachable():
        collection("projects").update_one({"_id": project, "owner": who.id}, change)


def deleted_before(time: datetime) -> list[Document]:
    """Projects of anyone that were deleted before a time."""
    with reachable():
        return list(collection("projects").find({"deleted_at": {"$lte": time}}))


def remove(who: Who, project: ObjectId) -> None:
    """Removes a project for good."""
    with reachable():
        collection("projects").delete_one({"_id": project, "owner": who.id})


def remove_person(who: Who) -> None:
    """Removes every project of a person for good."""
    with reachable():
        collection("projects").delete_many({"owner": who.id})
