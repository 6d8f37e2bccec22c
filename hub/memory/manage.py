"""What a person does with what is remembered. All of it can be undone, but for `purge`, `forget_conversation` and
`reset`, which remove for good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from hub.db.mongo import Document, now
from hub.db.who import Who
from hub.errors import BadInput, NotFound
from hub.memory import store
from hub.memory.change import Step, finish_all, new_id, standing, write
from hub.memory.fold import GONE, PURGED
from hub.memory.index import space
from hub.memory.look import known, said_in
from hub.memory.records import Evidence, Fact, Kind, Origin
from hub.memory.words import fingerprint
from hub.search import index
from hub.turns import EVERYWHERE

LONGEST = 2000
"""Characters of a fact."""
CHANGEABLE = frozenset(
    {"text", "kind", "subject", "predicate", "object", "entities", "importance", "event", "valid_from", "valid_to"}
)
_adapter = TypeAdapter(Fact)


def add(
    who: Who,
    text: str,
    *,
    scope: str = EVERYWHERE,
    kind: Kind = "knowledge",
    pinned: bool = False,
    origin: Origin = "user",
    source: Evidence | None = None,
    **values: Any,
) -> Fact:
    """A fact that the person typed; the one that is there already when it says the same."""
    text = written(text)
    if there := duplicate(who, scope, text):
        return there
    conversation = source.conversation if source else ""
    made = checked(
        Fact(new_id(), scope, text, kind, pinned=pinned, origin=origin, recorded_at=now(), confidence=1.0),
        sources=(source or Evidence(),),
        **values,
    )
    write(who, scope, [Step("add", made.id, made, conversation=conversation)], origin)
    return made


def duplicate(who: Who, scope: str, text: str) -> Fact | None:
    """The live fact of a scope with the same words."""
    same = [row for row in store.same(who, scope, fingerprint(text)) if row["shelf"] in {"always", "live"}]
    return known(who, same)[0] if same else None


def written(text: str) -> str:
    """A fact's text as it is kept; raises BadInput when there is none or too much."""
    text = " ".join(text.replace("\0", " ").split())
    if not text:
        raise BadInput("A memory needs some text.", hint="Nothing was changed.")
    if len(text) > LONGEST:
        raise BadInput(
            f"A memory has at most {LONGEST:,} characters; this has {len(text):,}.", hint="Nothing was kept."
        )
    return text


def checked(fact: Fact, **values: Any) -> Fact:
    """`fact` with other values; raises BadInput for a name or value that there is not."""
    try:
        return _adapter.validate_python(asdict(replace(fact, **values)))
    except (TypeError, ValidationError) as error:
        raise BadInput("A memory has no such field, or it does not take that value.") from error


def edit(
    who: Who, fact: str, *, origin: Origin = "user", reason: str = "", source: Evidence | None = None, **values: Any
) -> Fact:
    """Changes text, kind, subject, predicate, object, entities, importance, event, valid_from or valid_to."""
    if unknown := sorted(set(values) - CHANGEABLE):
        raise BadInput(f"{unknown[0]} of a memory cannot be changed.", hint="Nothing was changed.")
    before = standing(who, fact)
    if "text" in values:
        values["text"] = written(str(values["text"]))
    after = checked(before, **values)
    if after == before:
        return before
    if source is not None:
        after = replace(after, sources=(*after.sources, source))
    conversation = source.conversation if source else ""
    op = "update" if origin == "tool" else "edit"
    write(who, before.scope, [Step(op, fact, after, reason, conversation=conversation)], origin)
    return after


def pin(who: Who, fact: str, pinned: bool = True) -> Fact:
    """Keeps a fact in the always-on profile, or no longer."""
    before = standing(who, fact)
    if before.pinned == pinned:
        return before
    after = replace(before, pinned=pinned)
    write(who, before.scope, [Step("pin" if pinned else "unpin", fact, after)], "user")
    return after


def merge(who: Who, facts: Sequence[str], text: str) -> Fact:
    """One fact in the place of several of a scope, with the sources of all."""
    old = [standing(who, fact) for fact in dict.fromkeys(facts)]
    if len(old) < 2 or len({one.scope for one in old}) > 1 or any(one.shelf != "live" for one in old):
        raise BadInput("Merging takes at least two live memories of one scope.", hint="Nothing was changed.")
    first, time = max(old, key=lambda one: (one.pinned, one.importance)), now()
    made = replace(
        first,
        id=new_id(),
        text=written(text),
        entities=tuple(dict.fromkeys(name for one in old for name in one.entities)),
        sources=tuple(dict.fromkeys(source for one in old for source in one.sources)),
        supersedes=tuple(one.id for one in old),
        pinned=any(one.pinned for one in old),
        recorded_at=time,
        origin="user",
    )
    steps = [Step("merge", one.id, replace(one, superseded_by=made.id, valid_to=one.valid_to or time)) for one in old]
    conversation = next((source.conversation for source in made.sources if source.conversation), "")
    write(who, first.scope, [*steps, Step("merge", made.id, made, conversation=conversation)], "user")
    return made


def delete(who: Who, fact: str, *, wrong: bool = False, origin: Origin = "user") -> str:
    """Takes a fact back; returns the event, which can be undone. `wrong`: the person said that it is wrong."""
    before = standing(who, fact)
    if before.shelf == "deleted":
        raise BadInput("This memory is deleted already.")
    reason = "Said to be wrong." if wrong else ""
    op = "forget" if origin == "tool" else "delete"
    [event] = write(who, before.scope, [Step(op, fact, replace(before, retracted_at=now()), reason)], origin)
    return event.id


def purge(who: Who, fact: str) -> None:
    """Removes a fact for good, the texts in its history too; what is left says only that something was removed."""
    finish_all(who)
    row = store.row(who, fact)
    if row is None or row["seq"] >= PURGED:
        raise NotFound("There is no such memory.", hint="It may have been removed already.")
    _purge(who, row)


def _purge(who: Who, row: Document) -> None:
    head = {"owner": who.id, "scope": row["scope"], "seq": PURGED}
    at, fact = now(), row["_id"]
    gone = {"_id": fact, **head, "shelf": GONE, "hash": "", "recorded_at": at, "fact": None}
    event = {**head, "_id": f"{fact}.{PURGED}", "fact": fact, "op": "purge", "before": None, "after": None, "at": at}
    about: Document = {"actor": "user", "reason": "", "group": new_id(), "batch": "", "undoes": [], "conversation": ""}
    index.drop(space(who, row["scope"]), [fact])  # first: with the index away nothing is promised
    store.purge(who, fact, event | about, gone)
    store.change_scope(who, row["scope"], {"$inc": {"changes": 1}, "$unset": {"profile": ""}})
    store.remove("memory_summaries", who, store.key(who, row["scope"]))


def forget_conversation(who: Who, conversation: str) -> int:
    """Removes for good what was learned from a conversation alone, its quotes in everything else, and what waits or
    was noted of it; how many facts went. What it had superseded is live again."""
    finish_all(who)
    went = 0
    for row in said_in(who, conversation).values():
        said_here = [one["conversation"] == conversation for state in _states(who, row) for one in state["sources"]]
        if said_here and all(said_here):
            for older in row["fact"]["supersedes"] if row["fact"] else ():
                _revive(who, older, row["_id"])
            _purge(who, row)
            went += row["fact"] is not None
        else:
            _unquote(who, row["_id"], conversation)
    for name in ("memory_pending", "memory_extractions"):
        for one in store.all_of(name, who):
            if one["conversation"] == conversation:
                store.remove(name, who, one["_id"])
    return went


def _states(who: Who, row: Document) -> list[Document]:
    """What a fact says, or said before an undo left nothing of it."""
    if row["fact"]:
        return [row["fact"]]
    return [event["after"] for event in store.events_of(who, "fact", row["_id"]) if event["after"]]


def _revive(who: Who, fact: str, superseded_by: str) -> None:
    try:
        before = standing(who, fact)
    except NotFound:
        return
    if before.superseded_by == superseded_by:
        after = replace(before, superseded_by="", valid_to=None)
        write(who, before.scope, [Step("edit", fact, after, "What took its place was removed.")], "user")


def _unquote(who: Who, fact: str, conversation: str) -> None:
    for event in store.events_of(who, "fact", fact):
        changes: Document = {}
        for side in ("before", "after"):
            state = event[side]
            if state and any(one["conversation"] == conversation for one in state["sources"]):
                kept = [one for one in state["sources"] if one["conversation"] != conversation]
                changes[side] = {**state, "sources": kept}
        if changes:
            store.change_event(who, event["_id"], changes)
    row = store.row(who, fact)
    if row and row["fact"]:
        kept = [one for one in row["fact"]["sources"] if one["conversation"] != conversation]
        store.write("memories", {**row, "fact": {**row["fact"], "sources": kept}})


def reset(who: Who, scope: str | None = None) -> int:
    """Removes everything remembered for good, of one scope or of all; how many facts went. Settings and rules stay."""
    finish_all(who)
    went = 0
    for one in [scope] if scope is not None else [row["scope"] for row in store.scopes(who)]:
        for shelf in ("always", "live", "past", "deleted"):
            for row in store.shelf(who, one, shelf):
                _purge(who, row)
                went += 1
    for name in ("memory_pending", "memory_extractions"):
        for row in store.all_of(name, who):
            if scope is None or row["scope"] == scope:
                store.remove(name, who, row["_id"])
    return went
