"""The panes of a stored comparison: their order, their names, where each branch ends."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bson import ObjectId

from hub.chat import lineage, rows
from hub.chat import store as messages
from hub.chat.records import Target
from hub.compare.records import MOST_PANES, Pane
from hub.db.mongo import Document
from hub.db.who import Who
from hub.errors import BadInput, NotFound
from hub.models import catalogue
from hub.models.types import Params

Member = tuple[str, Params | Mapping[str, Any] | None]
"""A model, and how it shall answer."""


@dataclass(frozen=True, slots=True)
class Held:
    """A pane as it is stored, under its real name."""

    id: str
    letter: str
    model: str
    label: str
    params: Params
    head: ObjectId

    @property
    def target(self) -> Target:
        """What is asked."""
        return self.model, self.params


def letter(number: int) -> str:
    """The name of the pane with this number, from 0; there are at most as many as letters."""
    return chr(ord("A") + number)


def hidden_name(letter: str) -> str:
    """What stands for a model while names are hidden."""
    return f"Model {letter}"


def members(who: Who, given: Sequence[Member]) -> list[tuple[str, str, Params]]:
    """Model, label and parameters of each; raises BadInput and NotFound."""
    if not given:
        raise BadInput("A comparison needs at least one model.", hint="Choose two or more.")
    if len(given) > MOST_PANES:
        raise BadInput(f"At most {MOST_PANES} models can be compared at once.")
    return [(model, catalogue.find(who, model).label, rows.params(params)) for model, params in given]


def shuffled(count: int, seed: int) -> list[int]:
    """The order in which the chosen models stand while names are hidden."""
    order = list(range(count))
    random.Random(seed).shuffle(order)
    return order


def stored(position: int, member: tuple[str, str, Params], head: ObjectId, name: str = "") -> Document:
    """A pane as it is kept."""
    model, label, params = member
    return {
        "position": position,
        "letter": name or letter(position),
        "model": model,
        "label": label,
        "params": rows.plain(params),
        "head": head,
    }


def held(comparison: Document) -> list[Held]:
    """The panes in their order."""
    found = sorted(comparison["panes"].items(), key=lambda pair: (pair[1]["position"], pair[0]))
    return [_held(id_, row) for id_, row in found]


def one(comparison: Document, pane: str) -> Held:
    """One pane; raises NotFound."""
    row = comparison["panes"].get(pane)
    if row is None:
        raise NotFound("There is no such pane.", hint="It may have been removed.")
    return _held(pane, row)


def _held(id_: str, row: Document) -> Held:
    params = rows.params(row.get("params"))
    return Held(id_, row["letter"], row["model"], row["label"], params, row["head"])


def veiled(comparison: Document) -> bool:
    """Whether names are hidden now."""
    return comparison["blind"] and not comparison["revealed"]


def called(comparison: Document, pane: Held) -> Document:
    """What the answers of a pane carry in a blind comparison: what they are called, and whether that is all there is to
    know (`hub.compare.veil`)."""
    if not comparison["blind"]:
        return {}
    name = hidden_name(pane.letter)
    return {"letter": name, "veiled": name} if veiled(comparison) else {"letter": name}


def shown(comparison: Document, pane: Held) -> Pane:
    """The pane as the person may see it."""
    head = str(pane.head)
    if veiled(comparison):
        return Pane(pane.id, pane.letter, "", "", Params(), head)
    return Pane(pane.id, pane.letter, pane.model, pane.label, pane.params, head)


def turn_of(comparison: Document, question: Document) -> int | None:
    """The number of the turn that a question opens; None where it went to one pane of several. The first question needs
    no mark: in a chat that was compared from, it was there before."""
    if question["role"] != "user":
        return None
    if question["depth"] == comparison["top"]:
        return 1
    return question.get("turn") if question.get("comparison") == comparison["_id"] else None


def heads(who: Who, chosen: Sequence[Held]) -> dict[str, Document | None]:
    """The newest message of each pane's branch that is not deleted, by the pane's id: read in one go, as long as nobody
    has deleted any of them."""
    found = {one["_id"]: one for one in messages.some_messages(who, [pane.head for pane in chosen])}
    return {pane.id: found.get(pane.head) or _above(who, pane.head) for pane in chosen}


def head(who: Who, pane: Held) -> Document | None:
    """As `heads`, of one pane."""
    return heads(who, [pane])[pane.id]


def _above(who: Who, deleted: ObjectId) -> Document | None:
    living = lineage.living(who, deleted)
    return None if living is None else messages.message(who, living)
