"""What goes on in a person's conversations right now, for marks in lists."""

from __future__ import annotations

from dataclasses import dataclass

from hub import runs
from hub.chat import title
from hub.db.who import Who


@dataclass(frozen=True, slots=True)
class Busy:
    """Conversations in which something is written: `answering` an answer or a summary, `naming` the title."""

    answering: frozenset[str] = frozenset()
    naming: frozenset[str] = frozenset()


def busy(who: Who) -> Busy:
    """What this process writes for `who`; it asks no store, so it may be called often."""
    pairs = [(run.kind == title.KIND, str(run.context.get("conversation", ""))) for run in runs.ongoing(who)]
    return Busy(
        frozenset(conversation for naming, conversation in pairs if not naming),
        frozenset(conversation for naming, conversation in pairs if naming),
    )
