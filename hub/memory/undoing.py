"""Undo: the facts that a change touched are again as they were before it.

Later changes of the same facts rest on it and are taken back with it. An undo is a change like any other, so it can be
undone too.
"""

from __future__ import annotations

from hub.db.mongo import Document
from hub.db.who import Who
from hub.errors import BadInput
from hub.memory import store
from hub.memory.change import Step, current, write
from hub.memory.fold import PURGED, fact_of
from hub.memory.records import Change


def undo(who: Who, event: str) -> list[Change]:
    """Takes a change back, with those that belong to it or rest on it; returns the events that did it."""
    first = store.event(who, event)
    if first["seq"] >= PURGED:
        raise BadInput("What was removed for good cannot be brought back.")
    groups = _resting_on(who, first["group"])
    earliest: dict[str, Document] = {}
    for group in groups:
        for one in store.events_of(who, "group", group):
            known = earliest.get(one["fact"])
            if known is None or one["seq"] < known["seq"]:
                earliest[one["fact"]] = one
    steps: list[Step] = []
    for fact, one in earliest.items():
        _, state = current(who, fact)
        if state != one["before"]:
            before = fact_of(fact, one["scope"], one["before"])
            steps.append(Step("undo", fact, before, "Taken back.", conversation=one["conversation"]))
    if not steps:
        raise BadInput("There is nothing to take back: it is as it was before.")
    return write(who, first["scope"], steps, "user", undoes=sorted(groups))


def _resting_on(who: Who, group: str) -> set[str]:
    """The groups of every later event of the facts that `group` touched, and of those that these touched."""
    found: set[str] = set()
    open_ = [group]
    while open_:
        one = open_.pop()
        if one in found:
            continue
        found.add(one)
        for event in store.events_of(who, "group", one):
            later = store.events_of(who, "fact", event["fact"])
            open_ += [other["group"] for other in later if other["seq"] > event["seq"]]
    return found


def taken_back(who: Who) -> set[str]:
    """The groups that stand undone: those of an undo that was itself undone stand again."""
    undone: set[str] = set()
    for event in reversed(store.events_of(who, "op", "undo")):
        if event["group"] not in undone:
            undone |= set(event["undoes"])
    return undone
