"""What is done with panes: ask on, ask again, another model, one more, one less, stop, go on with one in the chat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bson import ObjectId

from hub import runs
from hub.chat import branch, conversations, lineage, queue, rows, store, turn
from hub.compare import panes
from hub.compare import store as comparisons
from hub.compare.ask import Place, again, ask, further
from hub.compare.panes import Held, Member
from hub.compare.records import MOST_PANES, Asked
from hub.compare.show import conversation_of
from hub.db.mongo import Document
from hub.db.who import Who
from hub.errors import BadInput


def say(who: Who, comparison: str, text: str, *, files: Sequence[str] = (), only: Sequence[str] | None = None) -> Asked:
    """Asks every pane on, or `only` these. A pane that is still writing gets the question when it has ended; it holds
    up no other. Raises BadInput, NotFound and StoreDown."""
    found = comparisons.get(who, comparison)
    home = conversation_of(who, found)
    draft = turn.compose(who, text, files)
    chosen = panes.held(found) if only is None else [panes.one(found, pane) for pane in dict.fromkeys(only)]
    if not chosen:
        raise BadInput("No pane was chosen. Nothing was sent.", hint="Choose one, or all.")
    return further(who, home, found, chosen, draft)


def retry(who: Who, comparison: str, pane: str) -> Asked:
    """Asks a pane its newest question again, beside the answer that it has; one that is being written is stopped."""
    found = comparisons.get(who, comparison)
    home, held = conversation_of(who, found), panes.one(found, pane)
    sent = again(who, home, found, held)
    _stop(who, held)
    return sent


def swap(who: Who, comparison: str, pane: str, model: str, params: object = None, *, asking: bool = True) -> Asked:
    """Puts another model, or other parameters, into a pane, which answers the newest question at once; with `asking`
    False it begins with the next one. Raises BadInput while names are hidden."""
    found = comparisons.get(who, comparison)
    home, held = conversation_of(who, found), panes.one(found, pane)
    _named(found, "Another model would be known by its pane.")
    [(model, label, wanted)] = panes.members(who, [(model, rows.params(params))])
    place = f"panes.{pane}"
    changes = {f"{place}.model": model, f"{place}.label": label, f"{place}.params": rows.plain(wanted)}
    if not asking:
        comparisons.change(who, found["_id"], changes)
        return Asked(comparison, str(home["_id"]), None)
    sent = again(who, home, found, Held(held.id, held.letter, model, label, wanted, held.head), changes)
    _stop(who, held)
    return sent


def add_pane(who: Who, comparison: str, member: Member, *, like: str | None = None) -> Asked:
    """Adds a model, which answers the newest question at once. What was said before is what the pane `like` (the first)
    has said. Raises BadInput while names are hidden, and when there are too many."""
    found = comparisons.get(who, comparison)
    home, standing = conversation_of(who, found), panes.held(found)
    _named(found, "A model that is added would be known by its pane.")
    if len(standing) >= MOST_PANES:
        raise BadInput(f"At most {MOST_PANES} models can be compared at once.")
    [(model, label, params)] = panes.members(who, [member])
    beside = panes.one(found, like) if like else standing[0]
    asked = _question(who, beside)
    position = 1 + max(row["position"] for row in found["panes"].values())
    free = next(name for name in map(panes.letter, range(MOST_PANES)) if name not in {one.letter for one in standing})
    made = str(ObjectId())
    row = panes.stored(position, (model, label, params), asked["_id"], free)
    comparisons.change(who, found["_id"], {f"panes.{made}": row})
    place = Place(Held(made, free, model, label, params, asked["_id"]), asked)
    return ask(who, home, comparisons.get(who, comparison), [place], number=panes.turn_of(found, asked))


def remove_pane(who: Who, comparison: str, pane: str) -> None:
    """Takes a pane away; what it said stays in the chat as a branch. One that is being written is stopped."""
    found = comparisons.get(who, comparison)
    held = panes.one(found, pane)
    if len(found["panes"]) == 1:
        raise BadInput("The last pane stays.", hint="Delete the chat to be rid of the comparison.")
    _stop(who, held)
    comparisons.change(who, found["_id"], {}, unset=[f"panes.{pane}"])
    for waiting in queue.waiting_for(who, found["conversation"], held.head):
        if waiting.get("pane") == pane:
            queue.drop_queued(who, str(waiting["_id"]))


def stop(who: Who, comparison: str, pane: str | None = None) -> None:
    """Stops one pane, or all; what they have said is kept."""
    found = comparisons.get(who, comparison)
    standing = panes.held(found) if pane is None else [panes.one(found, pane)]
    writing = [one for one in panes.heads(who, standing).values() if one is not None and one["status"] == "streaming"]
    known = runs.known(who, {str(one["run"]) for one in writing})
    for head in writing:
        if head["run"] in known:
            runs.cancel(who, head["run"], head["target"])


def continue_with(who: Who, comparison: str, pane: str) -> str:
    """Opens a pane's branch in the chat, with its model; returns the conversation. Raises BadInput while names are
    hidden: the chat would tell."""
    found = comparisons.get(who, comparison)
    home, held = conversation_of(who, found), panes.one(found, pane)
    _named(found, "The chat would tell which model it is.")
    head = panes.head(who, held)
    if head is not None:
        branch.select(who, str(head["_id"]))
    conversations.configure(who, str(home["_id"]), model=held.model, params=held.params)
    return str(home["_id"])


def attach(who: Who, comparison: str, given: Mapping[str, Any]) -> None:
    """Keeps with a comparison what rooms shall know when its next question is asked, such as the collections of
    documents that it reads."""
    found = comparisons.get(who, comparison)
    conversations.configure(who, str(conversation_of(who, found)["_id"]), attached=given)


def _stop(who: Who, pane: Held) -> None:
    head = panes.head(who, pane)
    if head is not None and head["status"] == "streaming" and runs.known(who, [head["run"]]):
        runs.cancel(who, head["run"], head["target"])


def _question(who: Who, pane: Held) -> Document:
    head = panes.head(who, pane)
    above = None if head is None else head["_id"] if head["role"] == "user" else lineage.living(who, head["parent"])
    if above is None:
        raise BadInput("There is no question that could be answered.", hint="Send one.")
    return store.message(who, above)


def _named(found: Document, why: str) -> None:
    if panes.veiled(found):
        raise BadInput(why, hint="Vote first, or show the names.")
