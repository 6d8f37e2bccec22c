"""A conversation as the library shows it, in words."""

from __future__ import annotations

from datetime import datetime

from components import model_words
from components.clock import long_ago
from components.library_list import Entry
from components.transcript.money import money
from hub.chat.records import Conversation, Totals


def entry(one: Conversation, now: datetime, *, running: bool = False) -> Entry:
    """The row of a conversation; `now` carries the viewer's time zone."""
    sums = one.totals
    return Entry(
        id=one.id,
        title=one.title or "New chat",
        changed=long_ago(one.updated_at, now),
        model=one.model.rpartition("/")[2],
        tokens=model_words.tokens(sums.input + sums.output) if sums.input + sums.output else "",
        cost=cost(sums),
        pinned=one.pinned,
        archived=one.archived,
        running=running,
    )


def cost(sums: Totals) -> str:
    """What the answers cost together: "" where nothing was used; unknown prices are said, never taken for 0."""
    if not sums.input + sums.output:
        return ""
    if sums.unpriced >= sums.answers:
        return "unknown"
    return f"{'over ' if sums.unpriced else ''}{money(sums.cost)}"
