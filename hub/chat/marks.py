"""Marks on conversations whose place in the search index may be out of date; they outlive every crash.

A mark is written just before the change that it is for. Whoever works it off reads the conversation, so a mark whose
change is still on its way would be worked off too early: a mark therefore stays for `SETTLE` after it was set and is
worked off once more before it goes. A change that has not arrived by then never will.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bson import ObjectId

from hub.db.mongo import collection, now, reachable
from hub.db.who import Who

SETTLE = timedelta(seconds=150)
"""Longer than the driver waits for any write (`hub.db.mongo`, 120 s)."""
LONGEST_PAUSE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Mark:
    """`change` is new with every change; `answers` are the ones whose exchange other rooms are to be told of."""

    conversation: ObjectId
    who: Who
    change: ObjectId
    at: datetime
    answers: tuple[ObjectId, ...]
    done: bool
    tries: int

    @property
    def settled(self) -> bool:
        """Whether the change that it was set for has arrived or never will."""
        return self.at < now() - SETTLE


def mark(who: Who, conversations: Iterable[ObjectId], answers: Sequence[ObjectId] = ()) -> None:
    """Marks conversations before they change; `answers` are about to be stored."""
    change = {"$set": {"owner": who.id, "at": now(), "change": ObjectId()}, "$unset": {"tries": "", "after": ""}}
    added = {"$addToSet": {"answers": {"$each": list(answers)}}} if answers else {}
    with reachable():
        for conversation in conversations:
            collection("unindexed").update_one({"_id": conversation}, change | added, upsert=True)


def due() -> list[Mark]:
    """The marks that are to be worked off now, oldest first."""
    with reachable():
        found = [row for row in collection("unindexed").find({}) if row.get("after", row["at"]) <= now()]
    marks = [
        Mark(
            row["_id"],
            Who(row["owner"], ""),
            row["change"],
            row["at"],
            tuple(row.get("answers", ())),
            row.get("done") == row["change"],
            row.get("tries", 0),
        )
        for row in found
    ]
    return sorted((one for one in marks if one.settled or not one.done), key=lambda one: one.at)


def waiting() -> int:
    """How many conversations have a change that the index does not know."""
    with reachable():
        return sum(row.get("done") != row["change"] for row in collection("unindexed").find({}))


def told(one: Mark, answer: ObjectId) -> None:
    """Takes an answer from the mark: the other rooms know."""
    with reachable():
        collection("unindexed").update_one({"_id": one.conversation}, {"$pull": {"answers": answer}})


def done(one: Mark) -> None:
    """Remembers that the index knows; a settled mark goes, unless there was another change meanwhile."""
    with reachable():
        same = {"_id": one.conversation, "change": one.change}
        if one.settled:
            collection("unindexed").delete_one(same)
        else:
            collection("unindexed").update_one(
                same, {"$set": {"done": one.change}, "$unset": {"tries": "", "after": ""}}
            )


def failed(one: Mark) -> None:
    """Puts a mark off that could not be worked off, each time for longer."""
    pause = min(timedelta(minutes=2**one.tries), LONGEST_PAUSE)
    with reachable():
        change = {"$set": {"tries": one.tries + 1, "after": now() + pause}}
        collection("unindexed").update_one({"_id": one.conversation, "change": one.change}, change)
