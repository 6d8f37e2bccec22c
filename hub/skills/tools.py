"""What a model calls: loading a skill, reading a file of one, searching them. They read, and run nothing.

Only what is offered to the turn can be named: guessing the name of a skill that is off finds nothing.
"""

from __future__ import annotations

from threading import Lock
from typing import Any

from hub.errors import BadInput
from hub.models.types import ToolSpec
from hub.skills import shelf
from hub.skills.active import active, keep, written
from hub.skills.package import as_text
from hub.skills.rank import MOST, rank
from hub.skills.records import Offered, Skill
from hub.turns import Tool, ToolResult, Turn

GROUP = "Skills"
LONGEST_REASON = 200
_NAME = {"type": "string", "description": "Name of the skill."}


def tools(turn: Turn) -> list[Tool]:
    """The tools of a turn; none where no skill is offered."""
    offered = shelf.offered(turn)
    if not offered:
        return []
    work = _Work(turn, offered)
    made = [
        _tool(
            "load_skill",
            "Load the instructions of a skill and follow them. They stay in this conversation.",
            {"name": _NAME, "reason": {"type": "string", "description": "Why, in one short line for the user."}},
            ["name", "reason"],
            ("Load skill", "school"),
            work.load,
        ),
        _tool(
            "read_skill_file",
            "Read a file of a skill, by the path that the skill gives.",
            {"name": _NAME, "path": {"type": "string", "description": "Path within the skill."}},
            ["name", "path"],
            ("Read skill file", "article"),
            work.read,
        ),
        _tool(
            "search_skills",
            "Search all skills by what they are for.",
            {"query": {"type": "string", "description": "The task, in a few words."}},
            ["query"],
            ("Search skills", "manage_search"),
            work.search,
        ),
    ]
    return made if any(one.skill.files for one in offered) else [made[0], made[2]]


def _tool(
    name: str, about: str, fields: dict[str, Any], needed: list[str], shown: tuple[str, str], call: Any
) -> Tool:  # fmt: skip
    shape = {"type": "object", "properties": fields, "required": needed, "additionalProperties": False}
    return Tool(ToolSpec(name, about, shape), *shown, call, group=GROUP, resident=True)


class _Work:
    """The calls of one turn."""

    def __init__(self, turn: Turn, offered: list[Offered]) -> None:
        self._turn = turn
        self._by_name = {one.skill.name: one.skill for one in offered}
        self._open = {one.skill.name: one.skill for one in offered if not one.skill.quiet}
        self._lock = Lock()
        self._there = {one.skill.name for one in active(turn, offered)}
        """Skills whose body this turn's prompt has already."""

    def load(self, given: dict[str, Any]) -> ToolResult:
        """The body of a skill, once."""
        skill = self._named(given)
        reason = " ".join(str(given.get("reason", "")).split())[:LONGEST_REASON]
        with self._lock:
            if skill.name in self._there:
                said = f"{skill.name} is active already"
                return ToolResult(f"The skill {skill.name} stands in this prompt already: follow it.", said, ours=True)
            self._there.add(skill.name)
        text = written(self._turn.who, skill)
        keep(self._turn, skill, reason, "model")
        said = f"{reason or skill.name} · {skill.body_tokens:,} tokens"
        about = {"skill": skill.id, "name": skill.name, "tokens": skill.body_tokens, "why": reason}
        return ToolResult(text, said, ours=True, about=about)

    def read(self, given: dict[str, Any]) -> ToolResult:
        """The text of a file; it is data."""
        skill, path = self._named(given), str(given.get("path", "")).strip().removeprefix("./")
        if path not in {one.path for one in skill.files}:
            there = ", ".join(one.path for one in skill.files[:20]) or "none"
            raise BadInput(f"The skill {skill.name} has no file {path[:120]}.", hint=f"It has: {there}.")
        data = shelf.files(self._turn.who, skill.id, only=[path])[path]
        text = as_text(data)
        about = {"skill": skill.id, "name": skill.name, "path": path}
        if text is None:
            return ToolResult(f"{path} is no text ({len(data):,} bytes).", f"{path} is no text", about=about)
        return ToolResult(text, f"{path} of {skill.name}", about=about)

    def search(self, given: dict[str, Any]) -> ToolResult:
        """The skills that fit best, with what they are for."""
        query = str(given.get("query", "")).strip()
        found = rank(list(self._open.values()), query, MOST)
        if not found:
            return ToolResult("No skill has these words. Try other words for the task.", "nothing found", ours=True)
        lines = [f"- {one.name}: {' '.join(one.description.split())}" for one in found]
        said = ", ".join(one.name for one in found)
        return ToolResult("\n".join([*lines, "Load one with load_skill."]), said, ours=True)

    def _named(self, given: dict[str, Any]) -> Skill:
        name = str(given.get("name", "")).strip().lstrip("$/")
        found = self._open.get(name)
        if found is None and name in self._there:
            found = self._by_name.get(name)
        if found is None:
            near = ", ".join(one.name for one in rank(list(self._open.values()), name.replace("-", " "), 3))
            hint = f"Did you mean {near}?" if near else "search_skills finds the skills that there are."
            raise BadInput(f"There is no skill {name[:80]}.", hint=hint)
        return found
