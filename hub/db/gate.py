"""Whether a process may work on the Mongo database: not on half a restored one, and not on that of a newer hub."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from hub.db.mongo import Document, collection, now, reachable
from hub.errors import HubError

_MARK = "restoring"


class HalfRestored(HubError):
    """A restore has begun on this database and has not ended."""

    kind = "half_restored"


class NewerSchema(HubError):
    """A store was used by a newer version of the hub, in a form that this one does not know."""

    kind = "newer_schema"


def check(knows: int) -> None:
    """Raises HalfRestored or NewerSchema where a process that `knows` migrations up to this number may not go on, and
    StoreDown."""
    mark = restoring()
    if mark is not None:
        raise HalfRestored(
            f"This database is half restored: the restore of {mark['file']} that began at {mark['at']:%Y-%m-%d %H:%M} "
            "UTC has not ended.",
            hint="If it does not run any more, run `hub restore` again with the same file, or with another backup.",
        )
    if (number := newest()) > knows:
        raise newer("The database", number, knows)


def newer(what: str, number: int, knows: int) -> NewerSchema:
    """The error for a store, or a backup of one, at a migration that this version does not know."""
    return NewerSchema(
        f"{what} is of a newer version of the hub: it is at migration {number}, and this version knows them up to "
        f"{knows}. Nothing was changed.",
        hint="Start the newer version, or restore a backup from before the update into an empty database.",
    )


def newest() -> int:
    """The number of the newest migration that the database has had; 0 when it had none."""
    with reachable():
        return max((row["number"] for row in collection("migrations").find({"number": {"$gt": 0}})), default=0)


def restoring() -> Document | None:
    """The mark of a restore that has begun and not ended: its file and when it began."""
    with reachable():
        return collection("migrations").find_one({"_id": _MARK})


@contextmanager
def closed(file: str) -> Generator[None]:
    """Keeps processes off the database while `file` is restored into it; after a failure too."""
    with reachable():
        mark = {"file": file, "at": now()}
        collection("migrations").replace_one({"_id": _MARK}, {"_id": _MARK, **mark}, upsert=True)
    yield
    with reachable():
        collection("migrations").delete_one({"_id": _MARK})
