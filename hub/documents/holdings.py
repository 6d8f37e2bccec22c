"""Collections: who reads them, who changes them. Every query names who asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from bson import ObjectId
from pydantic import TypeAdapter, ValidationError

from hub import hooks
from hub.db.mongo import Document as Row
from hub.db.mongo import collection, now, object_id, reachable
from hub.db.who import Who
from hub.documents.records import MOVING, Collection, CollectionSettings
from hub.errors import BadInput, NotFound
from hub.search.records import Space

LONGEST_NAME = 100
KEPT = timedelta(days=1)
"""How long what was removed can be brought back."""
LIMITS = {"chunk_tokens": (32, 2000), "overlap": (0, 500), "k": (1, 50)}

_settings = TypeAdapter(CollectionSettings)


def readable(who: Who, scope: str | None = None, chosen: Sequence[str] | None = None) -> list[Row]:
    """The rows of the collections that `who` may read, by name; `chosen` leaves only these ids."""
    theirs: Row = {"owner": who.id} if scope is None else {"owner": who.id, "scope": scope}
    wanted: Row = {"removed_at": None}
    if chosen is not None:
        wanted["_id"] = {"$in": [ObjectId(one) for one in chosen if ObjectId.is_valid(one)]}
    found: list[Row] = []
    with reachable():
        found += collection("document_collections").find({**theirs, **wanted})
        if not scope:
            found += collection("document_collections").find({"shared": True, "owner": {"$ne": who.id}, **wanted})
    return sorted(found, key=lambda row: str(row["name"]).casefold())


def row_of(who: Who, collection_id: str, *, write: bool = False, removed: bool = False) -> Row:
    """One collection's row; raises NotFound when `who` may not read (or with `write` change) it."""
    with reachable():
        found = collection("document_collections").find_one({"_id": object_id(collection_id, "collection")})
    gone = found is None or (found["removed_at"] is not None) != removed
    if found is None or gone or (found["owner"] != who.id and (write or not found["shared"])):
        raise NotFound("There is no such collection.", hint="It was removed, or it belongs to somebody else.")
    return found


def listed(who: Who, rows: Iterable[Row]) -> tuple[Collection, ...]:
    """The records of `rows` with their counts."""
    rows = list(rows)
    counts: dict[ObjectId, Counter[str]] = {row["_id"]: Counter() for row in rows}
    with reachable():
        for one in collection("documents").find(
            {"collection": {"$in": list(counts)}, "removed_at": None}, {"collection": 1, "work.state": 1}
        ):
            counts[one["collection"]][one["work"]["state"]] += 1
    return tuple(record(who, row, counts[row["_id"]]) for row in rows)


def record(who: Who, row: Row, states: Counter[str]) -> Collection:
    """The collection in a stored row, with its documents counted by state."""
    return Collection(
        id=str(row["_id"]),
        name=row["name"],
        owner=row["owner"],
        scope=row["scope"],
        shared=row["shared"],
        mine=row["owner"] == who.id,
        settings=settings_of(row),
        created_at=row["created_at"],
        documents=states.total(),
        moving=sum(states[state] for state in MOVING),
        failed=states["failed"],
    )


def settings_of(row: Row) -> CollectionSettings:
    """The settings in a stored row."""
    return _settings.validate_python(row["settings"])


def create(who: Who, name: str, scope: str, shared: bool, settings: CollectionSettings | None) -> Row:
    """Stores a new collection and gives its row."""
    if scope and not scope.startswith("project:"):
        raise BadInput("A collection is personal or belongs to a project.")
    if scope and hooks.project_name(who, scope.removeprefix("project:")) is None:
        raise NotFound("There is no such project.", hint="It was deleted, or it belongs to somebody else.")
    if shared and scope:
        raise BadInput("A collection of a project is not shared with everybody.", hint="Make a shared one beside it.")
    row: Row = {
        "_id": ObjectId(),
        "owner": who.id,
        "name": _free_name(who, scope, name),
        "scope": scope,
        "shared": shared,
        "settings": asdict(checked(settings or CollectionSettings())),
        "created_at": now(),
        "removed_at": None,
        "removed_with": "",
    }
    with reachable():
        collection("document_collections").insert_one(row)
    return row


def change(
    who: Who, collection_id: str, name: str | None, shared: bool | None, settings: CollectionSettings | None
) -> tuple[Row, Row]:
    """Stores what is given; the row before and after."""
    before = row_of(who, collection_id, write=True)
    new: Row = {}
    if name is not None and name.strip() != before["name"]:
        new["name"] = _free_name(who, before["scope"], name)
    if shared is not None:
        if shared and before["scope"]:
            raise BadInput("A collection of a project is not shared with everybody.", hint="Make a shared one.")
        new["shared"] = shared
    if settings is not None:
        new["settings"] = asdict(checked(settings))
    if new:
        with reachable():
            collection("document_collections").update_one({"_id": before["_id"], "owner": who.id}, {"$set": new})
    return before, before | new


def mark_removed(who: Who, collection_id: str, *, cause: str = "") -> None:
    """Takes a collection out of sight; `cause` says with what it went."""
    row = row_of(who, collection_id, write=True)
    gone: Row = {"removed_at": now(), "removed_with": cause}
    with reachable():
        collection("document_collections").update_one({"_id": row["_id"]}, {"$set": gone})


def mark_restored(who: Who, collection_id: str) -> Row:
    """Brings a collection back that was taken out of sight within the last day."""
    row = row_of(who, collection_id, write=True, removed=True)
    with reachable():
        collection("document_collections").update_one({"_id": row["_id"]}, {"$set": {"removed_at": None}})
    return row | {"removed_at": None}


def of_project(who: Who, project: str) -> list[Row]:
    """The rows of a project's collections, removed ones too."""
    with reachable():
        return list(collection("document_collections").find({"owner": who.id, "scope": f"project:{project}"}))


def space_of(row: Row) -> Space:
    """Where the passages of a collection stand in the index."""
    return Space("documents", row["owner"], f"collection:{row['_id']}")


def checked(settings: CollectionSettings) -> CollectionSettings:
    """`settings` if they make sense; raises BadInput with the one that does not."""
    try:
        settings = _settings.validate_python(asdict(settings))
    except ValidationError as error:
        raise BadInput(f"A setting cannot be used: {error.errors()[0]['msg']}.") from error
    values: dict[str, Any] = asdict(settings)
    for name, (least, most) in LIMITS.items():
        if not least <= values[name] <= most:
            raise BadInput(f"{name.replace('_', ' ').capitalize()} must lie between {least} and {most}.")
    if settings.overlap * 2 > settings.chunk_tokens:
        raise BadInput("The overlap can be half of a passage at most.", hint="Make it smaller or the passages longer.")
    return settings


def _free_name(who: Who, scope: str, name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise BadInput("A collection needs a name.")
    if len(name) > LONGEST_NAME:
        raise BadInput(f"The name has {len(name)} characters; {LONGEST_NAME} are the most.")
    with reachable():
        taken = collection("document_collections").find_one(
            {"owner": who.id, "scope": scope, "name": name, "removed_at": None}
        )
    if taken is not None:
        raise BadInput(f"There is a collection called {name} already.", hint="Choose another name.")
    return name
