"""Agents in the words that their pages show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hub.agents.records import Agent, AgentSpec, Memory

Wish = tuple[str, tuple[str, ...]]
"""What the person asked for, and what it is about."""

WHICH = ("All", "Mine", "Shared with me", "Not saved")
MEMORY: Mapping[Memory, str] = {
    "full": "Reads and learns",
    "read": "Reads only",
    "off": "Neither",
}
TEMPLATES = {
    "blank": ("Blank", "Begin with an empty form."),
    "researcher": ("Researcher", "Searches the web and your documents, and names its sources."),
    "editor": ("Editor", "Makes a text clearer and shorter, and says what it changed."),
    "extractor": ("Data extractor", "Turns a text into JSON of a fixed form."),
    "coordinator": ("Coordinator", "Splits a task among helpers; brings a researcher and an editor."),
}
"""What templates are called, and what they are for."""


def many(count: int, one: str, more: str = "") -> str:
    """A number with its word."""
    return f"{count:,} {one if count == 1 else more or one + 's'}"


def has(spec: AgentSpec) -> list[tuple[str, str]]:
    """What an agent has, as Material symbols and words; what it has as any chat has is left out."""
    found: list[tuple[str, str]] = []
    if spec.tools is not None:
        found.append(("build", many(len(spec.tools), "tool") if spec.tools else "no tools"))
    skills = {*(spec.skills or ()), *spec.always}
    if spec.skills is not None or spec.always:
        found.append(("school", many(len(skills), "skill") if skills else "no skills"))
    if spec.collections:
        found.append(("menu_book", many(len(spec.collections), "collection")))
    others = {*spec.helpers, *spec.successors}
    if others:
        found.append(("group_work", many(len(others), "agent")))
    if spec.schema is not None:
        found.append(("data_object", "fixed form"))
    return found


def whose(agent: Agent, owners: Mapping[str, str]) -> str:
    """Whose agent it is, and who may use it."""
    if not agent.mine:
        return f"from {owners.get(agent.owner, 'somebody else')}" + (", for everybody" if agent.everybody else "")
    if agent.everybody:
        return "yours, for everybody"
    return f"yours, shared with {many(len(agent.people), 'person', 'people')}" if agent.people else "yours"


def shown_of(agents: Sequence[Agent], words: str, which: str) -> list[Agent]:
    """Those that have all the words, and are of the kind asked for."""
    wanted = words.casefold().split()
    return [one for one in agents if _is(one, which) and all(word in _text(one.spec) for word in wanted)]


def _text(spec: AgentSpec) -> str:
    return f"{spec.name} {spec.description} {spec.instructions} {spec.model}".casefold()


def _is(agent: Agent, which: str) -> bool:
    match which:
        case "Mine":
            return agent.mine
        case "Shared with me":
            return not agent.mine
        case "Not saved":
            return agent.draft
        case _:
            return True
