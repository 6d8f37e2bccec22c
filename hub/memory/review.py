"""Changes that wait for the person, and what is never to be kept."""

from __future__ import annotations

from dataclasses import replace

from hub.db.mongo import Document, now
from hub.db.who import Who
from hub.errors import BadInput, NotFound
from hub.memory import store
from hub.memory.change import Step, new_id, write
from hub.memory.fold import fact_of
from hub.memory.look import known
from hub.memory.records import Fact, Pending, Rule

MOST_RULES = 50


def pending(who: Who, scope: str | None = None) -> list[Pending]:
    """Changes that wait for approval, oldest first; of every scope when none is given."""
    rows = [row for row in store.all_of("memory_pending", who) if scope is None or row["scope"] == scope]
    old = store.rows(who, [row["replaces"] for row in rows if row["replaces"]])
    return [_pending(who, row, old) for row in sorted(rows, key=lambda row: (row["at"], row["_id"]))]


def _pending(who: Who, row: Document, old: dict[str, Document]) -> Pending:
    fact = fact_of(row["fact"], row["scope"], row["state"])
    assert fact is not None
    there = old.get(row["replaces"])
    replaces = known(who, [there])[0] if there and there["fact"] else None
    return Pending(row["_id"], row["op"], fact, replaces, row["reason"], row["at"])


def approve(who: Who, waiting: str) -> Fact:
    """Makes a waiting change. What it was to replace may have changed meanwhile: then it is simply added."""
    row = _waiting(who, waiting)
    fact = fact_of(row["fact"], row["scope"], row["state"])
    assert fact is not None
    there = store.row(who, row["replaces"]) if row["replaces"] else None
    old = fact_of(row["replaces"], row["scope"], there["fact"]) if there else None
    conversation = row["conversation"]
    steps: list[Step] = []
    if row["op"] in {"update", "forget"} and old is None:
        raise BadInput("The memory that this would change is gone.", hint="Reject the change.")
    if row["op"] == "supersede" and old is not None and old.shelf == "live":
        closed = replace(old, valid_to=fact.valid_from, superseded_by=fact.id)
        steps.append(Step("supersede", old.id, closed, "Something newer took its place.", row["group"], conversation))
    steps.append(Step(row["op"], fact.id, fact, row["reason"], row["group"], conversation))
    write(who, row["scope"], steps, "automatic", batch=waiting.partition(".")[0], mark=f"approve {waiting}")
    store.remove("memory_pending", who, waiting)
    return fact


def reject(who: Who, waiting: str) -> None:
    """Drops a waiting change."""
    store.remove("memory_pending", who, _waiting(who, waiting)["_id"])


def _waiting(who: Who, waiting: str) -> Document:
    found = store.read("memory_pending", waiting)
    if found is None or found["owner"] != who.id:
        raise NotFound("There is no such change waiting.", hint="It may have been approved or rejected elsewhere.")
    return found


def never_rules(who: Who) -> list[Rule]:
    """What is never to be kept, oldest first."""
    rows = sorted(store.all_of("memory_rules", who), key=lambda row: row["at"])
    return [Rule(row["_id"], row["text"], row["at"]) for row in rows]


def add_never_rule(who: Who, text: str) -> Rule:
    """Adds something never to keep: words ("salary") or a memory like those meant."""
    text = " ".join(text.split())
    there = never_rules(who)
    if not text or len(text) > 300:
        raise BadInput("A rule needs a few words, at most 300 characters.", hint="Nothing was changed.")
    if len(there) >= MOST_RULES:
        raise BadInput(f"There are {MOST_RULES} rules already.", hint="Remove one first.")
    if same := next((rule for rule in there if rule.text.casefold() == text.casefold()), None):
        return same
    made = Rule(new_id(), text, now())
    store.write("memory_rules", {"_id": made.id, "owner": who.id, "text": text, "at": made.at})
    return made


def remove_never_rule(who: Who, rule: str) -> None:
    """Takes a rule back."""
    if not store.remove("memory_rules", who, rule):
        raise NotFound("There is no such rule.", hint="It may have been removed already.")
