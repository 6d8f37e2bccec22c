"""The always-on profile of a scope: instructions, preferences and what the person is, at most so many tokens.

It is kept with the scope and made anew when facts have changed since; no question would find an instruction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from hub.db.mongo import Document
from hub.db.who import Who
from hub.memory import store
from hub.memory.fold import fact_of
from hub.memory.records import Fact, Kind
from hub.models import estimate

MOST_TOKENS = 600
LONGEST_KEPT = 1200
"""Tokens of facts that are kept ready for a scope: more than one profile takes, since two scopes may share it."""
_ORDER: dict[Kind, int] = {"instruction": 0, "preference": 1, "profile": 2}
_HEADS = {
    0: "What the user has asked of every answer:",
    1: "What the user prefers:",
    2: "About the user:",
}
OPENING = (
    "Remembered from earlier chats with the user, who can see and change it. What the user says now holds over it."
)
Row = dict[str, Any]
"""{id, text, kind, at, tokens}."""


def profile(who: Who, scopes: Sequence[str], most: int = MOST_TOKENS) -> list[Row]:
    """The facts of the profile of these scopes, the most telling first, within `most` tokens."""
    ready: list[Row] = []
    for scope in scopes:
        ready += _ready(who, scope)
    taken: list[Row] = []
    spent = estimate.tokens(OPENING) + 30
    for row in ready:
        if spent + row["tokens"] <= most:
            taken.append(row)
            spent += row["tokens"]
    return taken


def _ready(who: Who, scope: str) -> list[Row]:
    found = store.scope(who, scope)
    if found is None or not found["changes"]:
        return []
    kept = found.get("profile")
    if kept and kept["of"] == found["changes"]:
        return kept["facts"]
    facts = _chosen(store.shelf(who, scope, "always"))
    store.change_scope(who, scope, {"$set": {"profile": {"of": found["changes"], "facts": facts}}})
    return facts


def _chosen(rows: list[Document]) -> list[Row]:
    facts = [fact for row in rows if (fact := fact_of(row["_id"], row["scope"], row["fact"])) is not None]
    facts.sort(key=_rank, reverse=True)
    chosen: list[Row] = []
    spent = 0
    for fact in facts:
        tokens = estimate.tokens(fact.text) + 3
        if spent + tokens > LONGEST_KEPT:
            continue
        spent += tokens
        chosen.append({"id": fact.id, "text": fact.text, "kind": fact.kind, "at": fact.recorded_at, "tokens": tokens})
    return chosen


def _rank(fact: Fact) -> tuple[bool, bool, float, datetime]:
    assert fact.recorded_at is not None
    return fact.pinned, fact.kind == "instruction", fact.importance, fact.recorded_at


def written(rows: Sequence[Row]) -> str:
    """The profile as it stands in the prompt; "" without facts."""
    if not rows:
        return ""
    lines = [OPENING]
    for place, head in _HEADS.items():
        if some := [row["text"] for row in rows if _ORDER.get(row["kind"], 2) == place]:
            lines += [head, *(f"- {text}" for text in some)]
    return "\n".join(lines)
