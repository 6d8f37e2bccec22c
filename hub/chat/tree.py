"""The tree of messages as pure functions: which branch is open, who stands beside whom, what deleting would do.

They take the living rows of a conversation, or of a slice of it. A parent that is not among the rows ends a walk, so
a slice is a tree of its own. Every child is deeper than its parent, though not always by one.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

Id = TypeVar("Id", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Row(Generic[Id]):
    """The place of one message. Siblings stand in the order of (`created`, `id`)."""

    id: Id
    parent: Id | None
    created: datetime
    depth: int = 0

    @property
    def order(self) -> tuple[datetime, str]:
        """The sort key among siblings and leaves."""
        return (self.created, str(self.id))


class Tree(Generic[Id]):
    """Rows with their children at hand."""

    def __init__(self, rows: Iterable[Row[Id]]) -> None:
        self.rows: Mapping[Id, Row[Id]] = {row.id: row for row in rows}
        self._children: dict[Id | None, list[Row[Id]]] = {}
        for row in sorted(self.rows.values(), key=lambda row: row.order):
            self._children.setdefault(row.parent, []).append(row)

    def children(self, parent: Id | None) -> list[Id]:
        """The children of `parent`, oldest first; None asks for the roots."""
        return [row.id for row in self._children.get(parent, ())]

    def siblings(self, message: Id) -> list[Id]:
        """All children of the message's parent, itself among them."""
        return self.children(self.rows[message].parent)

    def path(self, leaf: Id) -> list[Id]:
        """From the first known ancestor down to `leaf`."""
        found: list[Id] = []
        at: Id | None = leaf
        while at is not None and at in self.rows:
            found.append(at)
            at = self.rows[at].parent
        return found[::-1]

    def subtree(self, message: Id) -> list[Id]:
        """The message and everything below it, parents before children."""
        found = [message]
        for at in found:
            found.extend(self.children(at))
        return found

    def leaf(self, below: Id | None = None) -> Id | None:
        """The newest leaf below a message (itself if it has no children), or of the whole tree."""
        among = self.rows if below is None else self.subtree(below)
        leaves = [self.rows[at] for at in among if at not in self._children]
        return max(leaves, key=lambda row: row.order).id if leaves else None


@dataclass(frozen=True, slots=True)
class Removal(Generic[Id]):
    """What goes, which messages move to `target` (the parent of what goes), and the leaf to open afterwards."""

    removed: tuple[Id, ...]
    moved: tuple[Id, ...]
    target: Id | None
    head: Id | None


def removal(tree: Tree[Id], message: Id, head: Id | None, *, subtree: bool) -> Removal[Id]:
    """Plans to delete `message`: alone, so that its children move up to its parent, or with everything below it."""
    target = tree.rows[message].parent
    removed = tuple(tree.subtree(message)) if subtree else (message,)
    moved = () if subtree else tuple(tree.children(message))
    gone, lifted = set(removed), set(moved)
    rest = Tree(
        Row(row.id, target if row.id in lifted else row.parent, row.created, row.depth)
        for row in tree.rows.values()
        if row.id not in gone
    )
    if head is None or head in gone or head not in rest.rows:
        head = rest.leaf(target if target in rest.rows else None)
    return Removal(removed, moved, target, head)
