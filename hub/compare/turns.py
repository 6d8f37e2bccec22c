"""The answers of one turn: what each pane said to a question that went to all of them."""

from __future__ import annotations

from dataclasses import dataclass

from hub.chat import lineage
from hub.chat.shared import Shared
from hub.compare import panes
from hub.compare.panes import Held
from hub.db.mongo import Document
from hub.db.who import Who


@dataclass(frozen=True, slots=True)
class Said:
    """One pane's question of a turn, and its newest answer to it."""

    pane: Held
    question: Document
    answer: Document

    @property
    def ended(self) -> bool:
        """Whether the answer is there and says something."""
        return self.answer["status"] != "streaming" and bool(self.answer["text"])


def answers(who: Who, comparison: Document, number: int) -> list[Said]:
    """What the panes said in turn `number`, in their order; panes that were not asked then are left out."""
    read = Shared(()).messages
    found: list[Said] = []
    standing = panes.held(comparison)
    heads = panes.heads(who, standing)
    for pane in standing:
        head = heads[pane.id]
        answer: Document | None = None
        for one in lineage.upward(who, head, read=read) if head else ():
            here = panes.turn_of(comparison, one) == number
            if here and answer is not None:
                found.append(Said(pane, one, answer))
            if here or one["depth"] <= comparison["top"]:
                break
            answer = one
    return found
