"""Every change: an event first, the row by folding, then the index.

What is about to be written stands whole in `memory_unsettled` before the first event; whoever finds it there finishes
it. So a process may die anywhere, and a job may run twice, without anything lost or doubled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from bson import ObjectId

from hub.db.mongo import Document, now
from hub.db.who import Who
from hub.errors import NotFound, StoreDown
from hub.memory import index, store
from hub.memory.fold import PURGED, fact_of, row_of, state_of
from hub.memory.records import Change, Fact, Op, Origin

PATIENCE = timedelta(seconds=5)
"""What has been on its way for so long was left by a process that died, or waits for the index."""
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Step:
    """One change of one fact: what it is afterwards (None: it is not there any more)."""

    op: Op
    fact: str
    after: Fact | None
    reason: str = ""
    group: str = ""
    conversation: str = ""


def new_id() -> str:
    """An id for a fact, a group, a batch."""
    return str(ObjectId())


def write(
    who: Who,
    scope: str,
    steps: Sequence[Step],
    actor: Origin,
    *,
    batch: str = "",
    undoes: Sequence[str] = (),
    mark: str = "",
    also: Sequence[tuple[str, Document]] = (),
) -> list[Change]:
    """Makes changes, all of them or none; returns the events.

    Steps without a group belong together. `mark`: an id under which the same call may be made again and does nothing
    more; `also`: rows ({collection, row}) that are stored with the changes.
    """
    group, at, last = mark or new_id(), now(), dict[str, tuple[int, Document | None]]()
    events: list[Document] = []
    for step in steps:
        there = store.events_of(who, "fact", step.fact) if step.fact not in last else []
        if stored := next((one for one in there if one["group"] == (step.group or group)), None):
            events.append(stored)  # the same call was made before
            continue
        seq, before = last.get(step.fact) or _last(there)
        after = state_of(step.after)
        event = _event(who, scope, step, actor) | {
            "_id": f"{step.fact}.{seq + 1}",
            "seq": seq + 1,
            "before": before,
            "after": after,
            "at": at,
            "group": step.group or group,
            "batch": batch,
            "undoes": list(undoes),
        }
        last[step.fact] = (seq + 1, after)
        events.append(event)
    document: Document = {"_id": mark or new_id(), "owner": who.id, "scope": scope, "at": at, "events": events}
    document["also"] = [{"name": name, "row": row} for name, row in also]
    if not store.mark(document):
        document = store.marked(document["_id"]) or document
    return settle(document)


def _event(who: Who, scope: str, step: Step, actor: Origin) -> Document:
    return {
        "owner": who.id,
        "scope": scope,
        "fact": step.fact,
        "op": step.op,
        "actor": actor,
        "reason": step.reason,
        "conversation": step.conversation,
    }


def current(who: Who, fact: str) -> tuple[int, Document | None]:
    """The number of the last event of a fact and what it left; (0, None) for a new one."""
    return _last(store.events_of(who, "fact", fact))


def _last(events: Sequence[Document]) -> tuple[int, Document | None]:
    if not events:
        return 0, None
    last = max(events, key=lambda one: one["seq"])
    return last["seq"], last["after"]


def settle(document: Document) -> list[Change]:
    """Finishes what stands in `memory_unsettled`. With the index away it stays there, and is finished later."""
    who = Who(document["owner"], "")
    events = [_append(who, event) for event in document["events"]]
    facts = list(dict.fromkeys(event["fact"] for event in events))
    for fact in facts:
        fold(who, fact)
    for other in document["also"]:
        store.write(other["name"], other["row"])
    if facts:
        store.change_scope(who, document["scope"], {"$inc": {"changes": 1}})
    try:
        index.follow(who, document["scope"], facts)
    except StoreDown:
        log.warning("memory_index_waits", facts=len(facts))
    else:
        store.unmark(document["_id"])
    return [change(event) for event in events]


def _append(who: Who, event: Document) -> Document:
    """Stores an event, behind those that others wrote meanwhile; the same one is not stored twice."""
    while not store.insert_event(event):
        there = store.events_of(who, "fact", event["fact"])
        for one in there:
            if one["group"] == event["group"]:
                return one
        last = max(there, key=lambda one: one["seq"])
        if last["seq"] >= PURGED:
            return last
        seq = last["seq"] + 1
        event = {**event, "_id": f"{event['fact']}.{seq}", "seq": seq, "before": last["after"]}
    return event


def fold(who: Who, fact: str) -> None:
    """Makes the row of a fact what its events say."""
    store.put_row(row_of(store.events_of(who, "fact", fact)))


def finish_all(who: Who | None = None) -> int:
    """Finishes what dead processes left, or everything of one person; how many there were."""
    found = store.unsettled_of(who) if who else store.unsettled(now() - PATIENCE)
    for document in found:
        settle(document)
    return len(found)


def change(event: Document, undone: bool = False) -> Change:
    """An event as it is shown."""
    values: dict[str, Any] = {name: event[name] for name in ("op", "fact", "scope", "actor", "reason", "at", "group")}
    before, after = (fact_of(event["fact"], event["scope"], event[side]) for side in ("before", "after"))
    values |= {"batch": event["batch"], "undoes": tuple(event["undoes"]), "gone": event["seq"] >= PURGED}
    return Change(event["_id"], before=before, after=after, undone=undone, **values)


def standing(who: Who, fact: str) -> Fact:
    """A fact as its row says; raises NotFound when there is none."""
    row = store.row(who, fact)
    found = fact_of(fact, row["scope"], row["fact"]) if row else None
    if found is None:
        raise NotFound("There is no such memory.", hint="It may have been removed for good.")
    return found
