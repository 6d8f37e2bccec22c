"""Every query on merges: {comparison, turn, kind, model, instruction, checklist, status, run, text, ...}."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bson import ObjectId

from hub.db.mongo import Document, collection, object_id, reachable
from hub.db.who import Who
from hub.errors import NotFound

SCHEMA = 1


def insert(who: Who, document: Document) -> None:
    """Stores a new merge; `document` holds `_id`."""
    with reachable():
        collection("merges").insert_one({**document, "owner": who.id, "schema": SCHEMA})


def get(who: Who, merge: str) -> Document:
    """The stored merge; raises NotFound."""
    with reachable():
        found = collection("merges").find_one({"_id": object_id(merge, "merge"), "owner": who.id})
    if found is None:
        raise NotFound("There is no such merge.", hint="It may have been removed.")
    return found


def of_comparison(who: Who, comparison: ObjectId) -> list[Document]:
    """The merges of a comparison, oldest first."""
    with reachable():
        found = list(collection("merges").find({"owner": who.id, "comparison": comparison}))
    return sorted(found, key=lambda one: one["_id"])


def runs_of(who: Who, comparisons: Iterable[ObjectId]) -> set[str]:
    """The runs that wrote the merges of comparisons."""
    return {one["run"] for comparison in comparisons for one in of_comparison(who, comparison)}


def change(
    who: Who,
    merge: ObjectId,
    changes: Mapping[str, Any],
    *,
    only: Mapping[str, Any] | None = None,
    unset: Iterable[str] = (),
) -> bool:
    """Sets and removes fields of a merge if it still has the values in `only`; says whether it did."""
    change: dict[str, Any] = {"$set": dict(changes)}
    if gone := dict.fromkeys(unset, ""):
        change["$unset"] = gone
    with reachable():
        result = collection("merges").update_one({**(only or {}), "_id": merge, "owner": who.id}, change)
    return result.matched_count > 0


def remove(who: Who, merge: ObjectId) -> None:
    """Removes a merge for good."""
    with reachable():
        collection("merges").delete_one({"_id": merge, "owner": who.id})
