"""Hiding and showing the names of a blind comparison.

Each of its answers keeps what it is called (`letter`). While names are hidden that stands as `veiled` on it too, and
nothing that reads messages then tells the model (`hub.chat.veil`). The comparison is changed first and the answers
after it, so a process that dies between leaves something to be mended, which the next look does.
"""

from __future__ import annotations

from collections.abc import Iterable

from hub.chat import store
from hub.compare import panes
from hub.compare import store as comparisons
from hub.db.mongo import Document
from hub.db.who import Who


def reveal(who: Who, comparison: str) -> None:
    """Shows the names without a vote; votes that come later do not count as blind."""
    found = comparisons.get(who, comparison)
    if panes.veiled(found):
        comparisons.change(who, found["_id"], {"revealed": True})
        settle(who, {**found, "revealed": True})


def settle(who: Who, comparison: Document) -> None:
    """Makes all answers and the conversation say what the comparison says."""
    conversation, hidden = comparison["conversation"], panes.veiled(comparison)
    answers = [one for one in store.all_messages(who, conversation) if one.get("letter")]
    if hidden:
        store.update_conversation(who, conversation, {"veiled": True})
        for letter in sorted({one["letter"] for one in answers}):
            mine = [one["_id"] for one in answers if one["letter"] == letter]
            store.update_messages(who, mine, {"veiled": letter})
        return
    store.update_messages(who, [one["_id"] for one in answers if "veiled" in one], {}, unset=["veiled"])
    store.update_conversation(who, conversation, {}, unset=["veiled"])


def at_odds(comparison: Document, messages: Iterable[Document]) -> bool:
    """Whether some of these messages do not say what the comparison says."""
    hidden = panes.veiled(comparison)
    return comparison["blind"] and any(("veiled" in one) != hidden for one in messages if one.get("letter"))
