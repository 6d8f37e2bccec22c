"""A comparison as it is shown: rebuilt each time from the messages that are stored, so every device sees the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bson import ObjectId

from hub import runs
from hub.chat import conversations, lineage, queue, rows, store
from hub.chat.records import ErrorRecord, Message
from hub.chat.window import LOST, YOUNG, checked
from hub.compare import merges_store, panes
from hub.compare import store as comparisons
from hub.compare.panes import Held
from hub.compare.records import Comparison, Difference, Merge, Shown, ShownPane, TurnVote
from hub.compare.veil import at_odds, settle
from hub.db.mongo import Document, now
from hub.db.who import Who
from hub.errors import NotFound
from hub.models.types import Usage

LEVELS = 40
"""Messages of each branch that are shown at first."""


def open_comparison(who: Who, comparison: str, *, levels: int = LEVELS) -> Shown:
    """A comparison with the newest `levels` messages of each pane. Raises NotFound, also when its chat is deleted."""
    found = comparisons.get(who, comparison)
    home, standing = conversation_of(who, found), panes.held(found)
    newest = _newest(who, found, standing, levels)
    if at_odds(found, newest):
        settle(who, found)
        newest = _newest(who, found, standing, levels)
    held = {one["_id"]: one for one in newest}
    shown = tuple(_pane(who, found, pane, held) for pane in standing)
    seen = {one.id for pane in shown for one in pane.messages}
    waiting = tuple(one for one in queue.queued(who, home["_id"]) if one.after in seen)
    merges = _merges(who, found)
    running = [m.run for one in shown for m in one.messages if m.status == "streaming" and m.run]
    running += [one.run for one in merges if one.status == "streaming" and one.run]
    return Shown(record(found, home, merges), shown, tuple(dict.fromkeys(running)), waiting)


def comparisons_of(who: Who, *, most: int = 50) -> tuple[Comparison, ...]:
    """The comparisons whose chats are there and not temporary, the one that changed last first."""
    end = since = now() + timedelta(minutes=5)
    shown: list[Comparison] = []
    for span in conversations.SPANS:
        before, since = since, end - span
        found = comparisons.between(who, since, before)
        homes = {one["_id"]: one for one in store.listed(who, {str(one["conversation"]) for one in found})}
        shown += [record(one, homes[one["conversation"]]) for one in found if one["conversation"] in homes]
        if len(shown) >= most:
            break
    return tuple(shown[:most])


def within(who: Who, conversation: str) -> tuple[Comparison, ...]:
    """The comparisons that stand in a conversation, oldest first."""
    home = store.conversation(who, conversation)
    return tuple(record(one, home) for one in comparisons.of_conversation(who, home["_id"]))


def merge_of(found: Document) -> Merge:
    """The merge in a stored document."""
    return Merge(
        id=str(found["_id"]),
        kind=found["kind"],
        turn=found["turn"],
        model=found["model"],
        label=found["label"],
        status=found["status"],
        instruction=found["instruction"],
        checklist=tuple(Difference(**one) for one in found["checklist"]),
        text=found["text"],
        run=found["run"],
        usage=Usage(**found["usage"]) if found.get("usage") else None,
        cost=found.get("cost"),
        error=ErrorRecord(**found["error"]) if found.get("error") else None,
    )


def _merges(who: Who, found: Document) -> list[Merge]:
    """The merges; those whose process died before they began are closed, so that they can be begun again."""
    merges = merges_store.of_comparison(who, found["_id"])
    waiting = [one for one in merges if one["status"] == "streaming" and one["created_at"] < now() - YOUNG]
    known = runs.known(who, [one["run"] for one in waiting]) if waiting else set[str]()
    for one in waiting:
        if one["run"] not in known:
            one |= {"status": "interrupted", "error": LOST}
            merges_store.change(who, one["_id"], {"status": "interrupted", "error": LOST}, only={"run": one["run"]})
    return [merge_of(one) for one in merges]


def vote_of(turn: int, kept: Document) -> TurnVote:
    """A kept vote as it is shown."""
    return TurnVote(turn, dict(kept["ranks"]), kept["all_bad"], kept["reason"], tuple(kept["tags"]))


def record(found: Document, home: Document, merges: Sequence[Merge] = ()) -> Comparison:
    """The comparison in a stored document, as the person may see it."""
    return Comparison(
        id=str(found["_id"]),
        conversation=str(found["conversation"]),
        title=home["title"],
        blind=found["blind"],
        revealed=found["revealed"] or not found["blind"],
        turns=found["turns"],
        panes=tuple(panes.shown(found, pane) for pane in panes.held(found)),
        merges=tuple(merges),
        votes=tuple(vote_of(int(turn), found["votes"][turn]) for turn in sorted(found["votes"], key=int)),
        created_at=found["created_at"],
        temporary=home["temporary"],
        project=home.get("project"),
        attached=dict(home.get("attached", {})),
    )


def _newest(who: Who, found: Document, standing: Sequence[Held], levels: int) -> list[Document]:
    """The newest messages of all branches in one look; the panes' heads are at most a few levels apart."""
    heads = store.some_messages(who, [pane.head for pane in standing])
    deepest = max((one["depth"] for one in heads), default=found["top"])
    low = max(found["top"], deepest - levels + 1)
    return checked(who, [*heads, *store.messages(who, found["conversation"], low, deepest)])


def _pane(who: Who, found: Document, pane: Held, held: dict[ObjectId, Document]) -> ShownPane:
    branch: list[Message] = []
    at = pane.head if pane.head in held else lineage.living(who, pane.head)
    while at is not None and at in held and held[at]["depth"] >= found["top"]:
        branch.append(replace(rows.message(held[at]), turn=panes.turn_of(found, held[at])))
        at = held[at]["parent"]
        if at is not None and at not in held:
            at = lineage.living(who, at)
    return ShownPane(panes.shown(found, pane), tuple(reversed(branch)), earlier=at is not None)


def conversation_of(who: Who, comparison: Document) -> Document:
    """The stored conversation; raises NotFound when it is deleted."""
    try:
        return store.conversation(who, comparison["conversation"])
    except NotFound as error:
        hint = f"Its chat was deleted; within {conversations.DELETED_FOR.days} day it can be restored."
        raise NotFound("This comparison is gone.", hint=hint) from error
