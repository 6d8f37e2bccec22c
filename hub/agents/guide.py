"""What an agent brings to a chat: its instructions, and what is attached for the other rooms while it answers.

What the chat switches off stays off. Somebody else's agent narrows what is on; only one's own switches skills on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, cast

from hub.agents import manage
from hub.agents.records import Agent
from hub.db.who import Who
from hub.errors import NotFound
from hub.hooks.records import Guide
from hub.runs.records import Limits
from hub.turns import Turn

ROOM = "agents"
GROUP = "Agents"
"""The set of the tools that agents have as such: asking each other, handing over, asking the person."""
GONE = "The agent of this chat is not there any more, or is not shared with you any more; this was answered without it."
_DOCUMENTS = ("hub:search_documents", "hub:read_document")
_SKILLS = "group:Skills"
Attached = dict[str, Any]


def guide(who: Who, attached: Mapping[str, Any], person: Limits) -> Guide | None:
    """How an answer is made where an agent is attached; None where none is. Of tokens and dollars it may take no more
    than the `person` lets any answer take."""
    given = part(attached, ROOM)
    chosen, draft = str(given.get("agent") or ""), bool(given.get("draft"))
    if not chosen:
        return None
    base = {room: kept for room, kept in attached.items() if room != ROOM}
    try:
        agent = manage.find(who, chosen, draft=draft)
    except NotFound:
        return Guide(base, limits=person, notices=(GONE,))
    limits = agent.spec.limits.within(replace(person, steps=agent.spec.limits.steps))
    standing = {"agent": agent.id, "draft": draft, "path": [agent.id], "limits": asdict(limits)}
    spec = agent.spec
    return Guide(
        attached=brought(agent, base, standing),
        agent=agent.id,
        draft=draft,
        name=spec.name,
        version=agent.version,
        instructions=spec.instructions,
        model=spec.model,
        params=spec.params,
        fallbacks=spec.fallbacks,
        limits=limits,
        schema=spec.schema,
    )


def brought(agent: Agent, base: Mapping[str, Any], standing: Mapping[str, Any]) -> Attached:
    """What is attached to a chat, with what an agent brings. `standing` is where the agent stands: {"agent", "draft",
    "path": ids from the one that answers in the chat to this one, "limits"}; `base` goes along for those that it asks.
    """
    return {
        **base,
        "tools": _tools(agent, part(base, "tools")),
        "skills": _skills(agent, part(base, "skills")),
        "documents": _documents(agent, part(base, "documents")),
        "memory": _memory(agent, part(base, "memory")),
        ROOM: {**standing, "base": dict(base)},
    }


def part(attached: Mapping[str, Any], room: str) -> Attached:
    """What a room keeps in what is attached; nothing where that is no object."""
    kept = attached.get(room)
    return dict(cast("Mapping[str, Any]", kept)) if isinstance(kept, Mapping) else {}


def standing(turn: Turn) -> Attached:
    """Where the agent that answers a turn stands; empty where none does."""
    found = part(turn.attached, ROOM)
    return found if found.get("path") else {}


def _tools(agent: Agent, chat: Attached) -> Attached:
    spec = agent.spec
    own = [f"group:{GROUP}"] if spec.helpers or spec.successors or spec.asks else []
    if spec.tools is None:
        return chat if chat.get("mode") or not own else {**chat, "mode": "on"}
    only = [*spec.tools, *own]
    if spec.tools:
        only += [_SKILLS] if spec.skills != () or spec.always else []
        only += _DOCUMENTS if spec.collections else ()
    mode = "off" if chat.get("mode") == "off" or not only else "on"
    return {**chat, "only": only, "mode": mode}


def _skills(agent: Agent, chat: Attached) -> Attached:
    spec = agent.spec
    off = set(_names(chat, "off"))
    made = {**chat, "pinned": [name for name in spec.always if name not in off]}
    if spec.skills is not None:
        made["only"] = [*spec.skills, *spec.always]
    if agent.mine:
        named = [name for name in (*(spec.skills or ()), *spec.always) if name not in off]
        made["on"] = [*_names(chat, "on"), *named]
    return made


def _names(chat: Attached, key: str) -> list[str]:
    """A list of names in what somebody has attached, whatever they did."""
    kept = chat.get(key)
    return [str(one) for one in cast("list[Any]", kept)] if isinstance(kept, list) else []


def _documents(agent: Agent, chat: Attached) -> Attached:
    every = dict.fromkeys([*_names(chat, "collections"), *agent.spec.collections])
    return {**chat, "collections": list(every)} if agent.spec.collections else chat


def _memory(agent: Agent, chat: Attached) -> Attached:
    return {**chat, **{"off": {"off": True}, "read": {"learn": False}, "full": {}}[agent.spec.memory]}
