"""A slice of a conversation around one message, on whatever branch that is. Looking changes nothing that is stored."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from bson import ObjectId

from hub.chat import lineage, store
from hub.chat.tree import Tree
from hub.db.mongo import Document
from hub.db.who import Who
from hub.errors import NotFound


@dataclass(frozen=True, slots=True)
class Slice:
    """Messages of one branch, oldest first. `aside` is the end of the branch when it is not the open one."""

    messages: list[Document]
    earlier: bool
    later: bool
    aside: ObjectId | None


def around(who: Who, conversation: Document, message: str, *, above: int, below: int) -> Slice:
    """The message `message` with at most `above` before it and `below` after it: of the open branch if it is on that,
    else of the newest branch that goes through it. Raises NotFound when it is not in this conversation."""
    found = store.message(who, message)
    if found["conversation"] != conversation["_id"]:
        raise NotFound("There is no such message in this conversation.")
    tree = Tree(store.row(one) for one in lineage.below(who, found))
    head = lineage.leaf_of(who, conversation)
    is_open = head is not None and head["_id"] in tree.rows
    leaf = head["_id"] if head is not None and is_open else tree.leaf(found["_id"])
    down = _down(tree, found["_id"], leaf)
    up = list(islice(lineage.upward(who, found, first=above + 2), above + 2))
    shown = [*up[: above + 1][::-1], *store.some_messages(who, down[:below])]
    return Slice(shown, len(up) > above + 1, len(down) > below, None if is_open else leaf)


def _down(tree: Tree[ObjectId], top: ObjectId, leaf: ObjectId | None) -> list[ObjectId]:
    """The messages below `top` on the way to `leaf`, from above."""
    path: list[ObjectId] = []
    while leaf is not None and leaf != top:
        path.append(leaf)
        leaf = tree.rows[leaf].parent
    return path[::-1]
