"""Every query on runs: their plans, copied rows, pages and cells.

`eval_runs` {owner, status, plan, spent, said, paused, ...}: `plan` is everything that never changes, as JSON.
`eval_rows` {owner, run, row, content}. `eval_cells`: one document an answered cell; cells that nobody has asked have
none. `eval_pages`: what the workers keep of a range of cells, with its board. `hub.evals.moment_store`, `replies_store`
and `words_store` have what else belongs to a run.

The embedded store answers from an index only when each field of the filter is part of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bson import ObjectId
from pymongo import InsertOne, UpdateOne
from pymongo.errors import BulkWriteError, DuplicateKeyError

from hub.db.indexes import Index
from hub.db.mongo import Document, collection, object_id, reachable
from hub.db.who import Who
from hub.errors import NotFound

INDEXES: list[Index] = [
    ("eval_runs", [("owner", 1)], {}),
    ("eval_runs", [("status", 1)], {}),
    ("eval_runs", [("deleted_at", 1)], {}),
    ("eval_rows", [("owner", 1), ("run", 1), ("row", 1)], {"unique": True}),
    ("eval_pages", [("owner", 1), ("run", 1), ("page", 1)], {"unique": True}),
    ("eval_cells", [("owner", 1), ("run", 1), ("index", 1)], {"unique": True}),
    ("eval_cells", [("owner", 1), ("key", 1)], {}),
]
AT_ONCE = 250
"""Documents in one write or one `$in`."""
_DUPLICATE = 11000


# Runs


def insert_run(document: Document) -> str:
    """Stores a new run."""
    with reachable():
        return str(collection("eval_runs").insert_one(document).inserted_id)


def run(who: Who, run_id: str, *, deleted: bool = False) -> Document:
    """A run; raises NotFound, also for a deleted one unless that was asked for."""
    with reachable():
        found = collection("eval_runs").find_one({"_id": object_id(run_id, "run"), "owner": who.id})
    if found is None or (found.get("deleted_at") is not None and not deleted):
        raise NotFound("There is no such run.", hint="It may have been deleted.")
    return found


def runs(who: Who) -> list[Document]:
    """The runs of a person, those that are not deleted, newest first."""
    with reachable():
        found = list(collection("eval_runs").find({"owner": who.id}))
    return sorted((one for one in found if one.get("deleted_at") is None), key=lambda one: one["_id"], reverse=True)


def change_run(
    who: Who, run_id: str, changes: Document, *, only: Sequence[str] = (), unset: Sequence[str] = ()
) -> bool:
    """Sets fields of a run whose status is one of `only` (any for none); whether it was."""
    wanted: Document = {"_id": ObjectId(run_id), "owner": who.id}
    if only:
        wanted["status"] = {"$in": list(only)}
    update: Document = {"$set": changes}
    if unset:
        update["$unset"] = dict.fromkeys(unset, "")
    with reachable():
        return collection("eval_runs").update_one(wanted, update).matched_count > 0


def running() -> list[Document]:
    """Every run of anyone that is under way."""
    with reachable():
        return list(collection("eval_runs").find({"status": "running"}, {"plan": 0}))


def deleted_before(time: Any) -> list[Document]:
    """Runs of anyone that were deleted before `time`."""
    with reachable():
        return list(collection("eval_runs").find({"deleted_at": {"$lt": time}}, {"plan": 0}))


def remove_run(who: Who, run_id: str) -> None:
    """Removes a run with everything in it."""
    with reachable():
        for name in ("eval_cells", "eval_pages", "eval_rows", "eval_live", "eval_replies", "eval_words"):
            collection(name).delete_many({"owner": who.id, "run": run_id})
        collection("eval_shares").delete_one({"_id": run_id})
        collection("eval_runs").delete_one({"_id": ObjectId(run_id), "owner": who.id})


def remove_person(who: Who) -> None:
    """Removes every run of a person."""
    with reachable():
        found = [str(one["_id"]) for one in collection("eval_runs").find({"owner": who.id}, {"_id": 1})]
    for one in found:
        remove_run(who, one)


# Rows


def insert_rows(documents: Sequence[Document]) -> None:
    """Stores rows of a new run."""
    for start in range(0, len(documents), AT_ONCE):
        with reachable():
            collection("eval_rows").insert_many(documents[start : start + AT_ONCE], ordered=False)


def rows(who: Who, run_id: str, first: int, count: int) -> list[Document]:
    """The rows numbered `first` and up, in order."""
    return _span("eval_rows", who, run_id, "row", first, count)


# Pages


def pages(who: Who, run_id: str, *, boards: bool = False, first: int = 0) -> list[Document]:
    """The pages of a run that anybody has begun, from number `first` on, in order."""
    wanted = {"owner": who.id, "run": run_id, "page": {"$gte": first}}
    with reachable():
        found = list(collection("eval_pages").find(wanted, None if boards else {"board": 0}))
    return sorted(found, key=lambda one: one["page"])


def page(who: Who, run_id: str, number: int) -> Document | None:
    """One page with its board."""
    with reachable():
        return collection("eval_pages").find_one({"owner": who.id, "run": run_id, "page": number})


def insert_page(document: Document) -> bool:
    """Begins a page; False when somebody else has."""
    with reachable():
        try:
            collection("eval_pages").insert_one(document)
        except DuplicateKeyError:
            return False
    return True


def change_page(page_id: str, rev: int, changes: Document) -> bool:
    """Changes a page that is as it was read."""
    with reachable():
        changed = collection("eval_pages").update_one(
            {"_id": page_id, "rev": rev}, {"$set": changes, "$inc": {"rev": 1}}
        )
    return changed.matched_count > 0


# Cells


def put_cells(who: Who, documents: Sequence[Document]) -> None:
    """Stores cells that were asked. An answer that is there already stays; an error gives way."""
    with reachable():
        try:
            collection("eval_cells").bulk_write([InsertOne(one) for one in documents], ordered=False)
        except BulkWriteError as error:
            details: Document = dict(error.details or {})
            problems: list[Document] = details["writeErrors"]
            if any(problem["code"] != _DUPLICATE for problem in problems):
                raise
            _replace(who, [documents[int(problem["index"])] for problem in problems])


def _replace(who: Who, documents: Sequence[Document]) -> None:
    numbers: list[int] = [one["index"] for one in documents]
    there = {one["index"] for one in some_cells(who, documents[0]["run"], numbers) if one["status"] == "done"}
    for one in documents:
        if one["index"] not in there:
            collection("eval_cells").replace_one({"_id": one["_id"]}, one, upsert=True)


def cells(who: Who, run_id: str, first: int, count: int) -> list[Document]:
    """The stored cells numbered `first` to `first + count - 1`, in order."""
    return _span("eval_cells", who, run_id, "index", first, count)


def answers(who: Who, run_id: str, first: int, count: int) -> list[tuple[int, list[str]]]:
    """(row, answers) of the stored cells numbered `first` to `first + count - 1`, in no order."""
    wanted = {"owner": who.id, "run": run_id, "index": {"$gte": first, "$lt": first + count}}
    with reachable():
        found = list(collection("eval_cells").find(wanted, {"row": 1, "answers": 1, "_id": 0}))
    return [(one["row"], one["answers"]) for one in found]


def some_cells(who: Who, run_id: str, indexes: Sequence[int]) -> list[Document]:
    """Those of some cells that are stored, in no order."""
    found: list[Document] = []
    for start in range(0, len(indexes), AT_ONCE):
        wanted = {"owner": who.id, "run": run_id, "index": {"$in": list(indexes[start : start + AT_ONCE])}}
        with reachable():
            found += collection("eval_cells").find(wanted)
    return found


def keyed(who: Who, keys: Sequence[str]) -> list[Document]:
    """The cells of a person, of any run, that were asked exactly this."""
    found: list[Document] = []
    for start in range(0, len(keys), AT_ONCE):
        with reachable():
            found += collection("eval_cells").find(
                {"owner": who.id, "key": {"$in": list(keys[start : start + AT_ONCE])}}
            )
    return found


def change_cells(who: Who, run_id: str, changes: Mapping[int, Document]) -> None:
    """Sets fields of stored cells, by number."""
    updates = [
        UpdateOne({"owner": who.id, "run": run_id, "index": index}, {"$set": fields})
        for index, fields in changes.items()
    ]
    for start in range(0, len(updates), AT_ONCE):
        with reachable():
            collection("eval_cells").bulk_write(updates[start : start + AT_ONCE], ordered=False)


def remove_cells(who: Who, run_id: str, indexes: Sequence[int]) -> None:
    """Removes stored cells, so that they count as never asked."""
    for start in range(0, len(indexes), AT_ONCE):
        wanted = {"owner": who.id, "run": run_id, "index": {"$in": list(indexes[start : start + AT_ONCE])}}
        with reachable():
            collection("eval_cells").delete_many(wanted)


def _span(name: str, who: Who, run_id: str, field: str, first: int, count: int) -> list[Document]:
    wanted = {"owner": who.id, "run": run_id, field: {"$gte": first, "$lt": first + count}}
    with reachable():
        found = list(collection(name).find(wanted))
    return sorted(found, key=lambda one: one[field])


def cell_id(run_id: str, index: int) -> str:
    """The id of a cell's document, also of its live text."""
    return f"{run_id}:{index}"
