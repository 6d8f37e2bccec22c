"""What a page does with memories, by word: it says what was done, and which events take it back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from hub.db.who import Who
from hub.errors import HubError
from hub.memory import carry, look, manage, preferences, review, store, summaries, undoing
from hub.memory.records import Change, Planned
from hub.turns import EVERYWHERE


@dataclass(frozen=True, slots=True)
class Done:
    """`said` is for the person ("" says nothing), `events` take it back when undone, `fact` is the one to look at."""

    said: str = ""
    events: tuple[str, ...] = ()
    fact: str = ""


def act(who: Who, do: str, facts: Sequence[str] = (), **values: Any) -> Done:
    """Does `do` with `facts`; raises NotFound or BadInput of `hub.errors`.

    pin, unpin, delete, wrong, restore, purge of one or several; edit(**values), merge(text), add(text, scope, kind,
    pinned), never(text, delete). In the place of a fact stands for undo the event, for keep and drop what waits, for
    unrule the rule, for import(plan), rewrite and
    reset the scope. pause, resume, turn_on and set(**values) need none.
    """
    alone = _ALONE.get(do)
    if alone:
        return alone(who, facts, **values)
    change, word = _EACH[do]
    events = tuple(event for fact in facts for event in change(who, fact))
    return Done(f"{word} {_many(len(facts))}", events)


def planned(who: Who, scope: str, data: str, model: str) -> Planned | str:
    """What an import would take, or a sentence that says why nothing can be."""
    try:
        return carry.plan(who, data, scope=scope, model=model)
    except HubError as error:
        return f"{error.message} {error.hint}".strip()


def _last(who: Who, fact: str) -> tuple[str, ...]:
    """The event that was just written about a fact."""
    return (store.events_of(who, "fact", fact)[-1]["_id"],)


def _pin(who: Who, fact: str, pinned: bool) -> tuple[str, ...]:
    if look.get(who, fact).pinned == pinned:
        return ()
    manage.pin(who, fact, pinned)
    return _last(who, fact)


def _restore(who: Who, fact: str) -> tuple[str, ...]:
    return _ids(undoing.undo(who, _last(who, fact)[0]))


def _purge(who: Who, fact: str) -> tuple[str, ...]:
    manage.purge(who, fact)
    return ()


def _ids(changes: Sequence[Change]) -> tuple[str, ...]:
    return tuple(change.id for change in changes[:1])


def _edit(who: Who, facts: Sequence[str], **values: Any) -> Done:
    before = look.get(who, facts[0])
    after = manage.edit(who, facts[0], **values)
    return Done("Changed the memory", _last(who, after.id)) if after != before else Done()


def _add(who: Who, facts: Sequence[str], *, text: str, scope: str = EVERYWHERE, **values: Any) -> Done:
    if there := manage.duplicate(who, scope, manage.written(text)):
        return Done("You have this memory already", fact=there.id)
    made = manage.add(who, text, scope=scope, **values)
    return Done("Added a memory", _last(who, made.id), made.id)


def _merge(who: Who, facts: Sequence[str], *, text: str) -> Done:
    made = manage.merge(who, facts, text)
    return Done(f"Merged {len(facts)} memories", _last(who, made.id), made.id)


def _import(who: Who, scopes: Sequence[str], *, plan: Planned) -> Done:
    done = carry.take(who, scopes[0], plan)
    return Done(f"Imported {_many(done.added)}", _last(who, plan.facts[0].id)) if done.added else Done(done.said)


def _undo(who: Who, events: Sequence[str]) -> Done:
    return Done("Took the change back", _ids(undoing.undo(who, events[0])))


def _never(who: Who, facts: Sequence[str], *, text: str, delete: bool) -> Done:
    review.add_never_rule(who, text)
    events = tuple(manage.delete(who, fact) for fact in facts) if delete else ()
    return Done("Added the rule" + (" and deleted the memory" if events else ""), events)


def _decide(who: Who, waiting: Sequence[str], *, keep: bool) -> Done:
    for one in waiting:
        review.approve(who, one) if keep else review.reject(who, one)
    return Done(f"{'Kept' if keep else 'Dropped'} {_many(len(waiting), 'change', 'changes')}")


def _unrule(who: Who, rules: Sequence[str]) -> Done:
    for rule in rules:
        review.remove_never_rule(who, rule)
    return Done("Removed the rule")


def _set(who: Who, facts: Sequence[str], said: str = "", **values: Any) -> Done:
    preferences.change_settings(who, **values)
    return Done(said)


def _reset(who: Who, scopes: Sequence[str]) -> Done:
    return Done(f"Removed {_many(sum(manage.reset(who, scope) for scope in scopes))} for good")


def _rewrite(who: Who, scopes: Sequence[str]) -> Done:
    for scope in scopes:
        summaries.rewrite(who, scope)
    return Done("Wrote the summary anew")


def _many(count: int, one: str = "memory", more: str = "memories") -> str:
    return f"1 {one}" if count == 1 else f"{count:,} {more}"


_EACH: dict[str, tuple[Callable[[Who, str], tuple[str, ...]], str]] = {
    "pin": (lambda who, fact: _pin(who, fact, True), "Pinned"),
    "unpin": (lambda who, fact: _pin(who, fact, False), "Unpinned"),
    "delete": (lambda who, fact: (manage.delete(who, fact),), "Deleted"),
    "wrong": (lambda who, fact: (manage.delete(who, fact, wrong=True),), "Forgot"),
    "restore": (_restore, "Brought back"),
    "purge": (_purge, "Removed for good:"),
}
_ALONE: dict[str, Callable[..., Done]] = {
    "edit": _edit,
    "add": _add,
    "merge": _merge,
    "undo": _undo,
    "import": _import,
    "never": _never,
    "keep": partial(_decide, keep=True),
    "drop": partial(_decide, keep=False),
    "unrule": _unrule,
    "set": _set,
    "pause": partial(_set, said="Learning is paused", paused=True),
    "resume": partial(_set, said="Learning goes on", paused=False),
    "turn_on": partial(_set, said="Memory is on", enabled=True),
    "rewrite": _rewrite,
    "reset": _reset,
}
