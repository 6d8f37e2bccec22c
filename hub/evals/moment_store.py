"""What changes from moment to moment while a run goes on.

`eval_shares` {_id: run, owner, rev, state}: what several workers share, as JSON, changed only by who names the `rev`
that was read. `eval_live` {_id, owner, run, index, text, at}: the text so far of watched cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress

from pymongo import ReplaceOne
from pymongo.errors import DuplicateKeyError

from hub.db.indexes import Index
from hub.db.mongo import Document, collection, reachable
from hub.db.who import Who
from hub.errors import NotFound

INDEXES: list[Index] = [("eval_live", [("owner", 1), ("run", 1)], {})]


def shares(who: Who, run_id: str) -> Document:
    """What workers share of a run of `who`, made when it is new; raises NotFound for one of somebody else."""
    key = {"_id": run_id, "owner": who.id}
    with reachable():
        found = collection("eval_shares").find_one(key)
        if found is None:
            with suppress(DuplicateKeyError):  # another worker was quicker
                collection("eval_shares").insert_one({**key, "rev": 0, "state": b"{}"})
            found = collection("eval_shares").find_one(key)
    if found is None:
        raise NotFound("There is no such run.")
    return found


def change_shares(who: Who, run_id: str, rev: int, state: bytes) -> bool:
    """Writes what workers share, unless somebody was quicker."""
    with reachable():
        changed = collection("eval_shares").update_one(
            {"_id": run_id, "owner": who.id, "rev": rev}, {"$set": {"state": state, "rev": rev + 1}}
        )
    return changed.matched_count > 0


def put_live(documents: Iterable[Document]) -> None:
    """Stores the text so far of cells that are watched."""
    writes = [ReplaceOne({"_id": one["_id"]}, one, upsert=True) for one in documents]
    if writes:
        with reachable():
            collection("eval_live").bulk_write(writes, ordered=False)


def live(who: Who, run_id: str) -> list[Document]:
    """The text so far of cells that are watched."""
    with reachable():
        return list(collection("eval_live").find({"owner": who.id, "run": run_id}))


def drop_live(who: Who, ids: Sequence[str]) -> None:
    """Removes the text of cells that are whole."""
    if ids:
        with reachable():
            collection("eval_live").delete_many({"_id": {"$in": list(ids)}, "owner": who.id})
