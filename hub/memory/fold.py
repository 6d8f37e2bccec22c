"""From events to rows: a row is what its last event left.

{_id: fact, owner, scope, shelf, hash, recorded_at, seq, fact: {...}}; `fact` is None where the last event left none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

from hub.db.mongo import Document
from hub.memory.records import ALWAYS, EventTime, Evidence, Fact
from hub.memory.words import fingerprint

OUTSIDE = frozenset({"id", "scope", "uses", "last_used"})
"""Fields of `Fact` that stand outside its state: its place, and what is counted rather than decided."""
INSIDE = tuple(one.name for one in fields(Fact) if one.name not in OUTSIDE)
GONE = "gone"
PURGED = 1_000_000_000
"""The number of a row whose fact was removed for good: no event comes after it."""


def state_of(fact: Fact | None) -> Document | None:
    """What an event keeps of a fact, in one order, so that equal states are equal bytes."""
    if fact is None:
        return None
    whole = asdict(fact)
    state = {name: whole[name] for name in INSIDE}
    state["entities"], state["supersedes"] = list(fact.entities), list(fact.supersedes)
    state["sources"] = [asdict(one) for one in fact.sources]
    return state


def fact_of(
    fact: str, scope: str, state: Mapping[str, Any] | None, uses: Mapping[str, Any] | None = None
) -> Fact | None:
    """The fact of a state; `uses` is its row of `memory_uses`."""
    if state is None:
        return None
    values = {name: state[name] for name in INSIDE}
    values["entities"], values["supersedes"] = tuple(state["entities"]), tuple(state["supersedes"])
    values["sources"] = tuple(Evidence(**one) for one in state["sources"])
    values["event"] = EventTime(**state["event"]) if state["event"] else None
    counted = {"uses": uses["count"], "last_used": uses["last_used"]} if uses else {}
    return Fact(id=fact, scope=scope, **values, **counted)


def place(fact: Fact | None) -> str:
    """The shelf of its row: "always" are the live ones that stand in the profile."""
    if fact is None:
        return GONE
    if fact.shelf == "live" and (fact.pinned or fact.kind in ALWAYS):
        return "always"
    return fact.shelf


def row_of(events: Sequence[Document]) -> Document:
    """The row that the events of one fact (at least one, in any order) come to."""
    last = max(events, key=lambda one: one["seq"])
    fact = fact_of(last["fact"], last["scope"], last["after"])
    return {
        "_id": last["fact"],
        "owner": last["owner"],
        "scope": last["scope"],
        "shelf": place(fact),
        "hash": fingerprint(fact.text) if fact else "",
        "recorded_at": fact.recorded_at if fact else last["at"],
        "seq": last["seq"],
        "fact": last["after"],
    }
