"""Keeping what a form of an agent says, and what its page has done by a word for it."""

from __future__ import annotations

from dataclasses import fields, replace

from hub.agents import manage
from hub.agents import spec as specs
from hub.agents.records import AgentSpec
from hub.db.who import Who
from hub.errors import BadInput


def keep(who: Who, agent: str, before: AgentSpec, now: AgentSpec) -> AgentSpec:
    """Keeps what a form changed, from `before` to `now`, as the draft; the agent as it is tried then. What another
    form of the same agent changed meanwhile stays, unless both changed the same field. Raises as `manage.try_`."""
    kept, now = manage.find(who, agent, draft=True).spec, specs.checked(now)
    names = [field.name for field in fields(AgentSpec)]
    changed = {name: getattr(now, name) for name in names if getattr(now, name) != getattr(before, name)}
    made = replace(kept, **changed)
    if made == kept:
        return kept
    if made == manage.find(who, agent).spec:
        manage.drop_draft(who, agent)
        return made
    return manage.try_(who, agent, made).spec


def act(who: Who, word: str, about: tuple[str, ...]) -> str:
    """Does what `word` says, and tells it in a sentence: rollback (agent, version), discard (agent), delete (agent).
    Raises BadInput and NotFound."""
    match word, about:
        case "rollback", (agent, number) if number.isdecimal():
            made = manage.rollback(who, agent, int(number))
            return f"Version {number} is back, as version {made.version}."
        case "discard", (agent,):
            manage.drop_draft(who, agent)
            return "The changes are gone. The agent is as it was saved."
        case "delete", (agent,):
            name = manage.find(who, agent).spec.name
            manage.delete(who, agent)
            return f"Deleted the agent “{name}”"
        case _:
            raise BadInput(f"An agent cannot be asked for “{word}”.")
