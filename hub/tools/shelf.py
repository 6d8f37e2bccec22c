"""Which tools stand in the prompt and which have to be found first.

Anthropic's engineering post of November 2025 on tool search has the idea and the figures; OpenRouter and Codex do the
same on their side. Ours is on this side of the provider and works for every model: what is found is described at the
end of the prompt and called through one tool that is always there, so that the beginning, which providers keep in their
caches, never changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import orjson

from hub.models import estimate
from hub.models.types import ToolSpec
from hub.tools.rank import OTHER, QUERY
from hub.turns import Tool

SHARE = 0.1
"""Of the model's window that all tools together may take before they have to be found."""
UNKNOWN_WINDOW = 32_000
MOST_LOADED = 30
MOST_RESIDENT = 5

NAMES_SHARE = 0.02
"""Of the window that the names of tools which have to be found may take; beyond, only their sets are named."""

SEARCH, CALL = "tool_search", "call_tool"


@dataclass(frozen=True, slots=True)
class Shelf:
    """`resident` tools are described in the prompt of a model with this `window`, `deferred` ones are found with
    `tool_search`."""

    resident: tuple[Tool, ...]
    deferred: tuple[Tool, ...]
    window: int = UNKNOWN_WINDOW

    @property
    def specs(self) -> tuple[ToolSpec, ...]:
        """What the prompt describes."""
        own = tuple(tool.spec for tool in self.resident)
        return (*own, self.search, call_spec()) if self.deferred else own

    @property
    def search(self) -> ToolSpec:
        """The tool that finds tools."""
        return search_spec(self.deferred, self.window)


def shelve(tools: Sequence[Tool], window: int | None) -> Shelf:
    """The tools as they are given to a model with a window of so many tokens (None unknown)."""
    most = (window or UNKNOWN_WINDOW) * SHARE
    if len(tools) <= MOST_LOADED and sum(map(tokens, tools)) <= most:
        return Shelf(tuple(tools), (), window or UNKNOWN_WINDOW)
    resident: list[Tool] = []
    taken = 0
    for tool in (tool for tool in tools if tool.resident):
        if len(resident) < MOST_RESIDENT and taken + tokens(tool) <= most / 2:
            resident.append(tool)
            taken += tokens(tool)
    return Shelf(tuple(resident), tuple(tool for tool in tools if tool not in resident), window or UNKNOWN_WINDOW)


def tokens(tool: Tool) -> int:
    """About how many tokens the description of a tool takes."""
    return _count(described(tool))


def described(tool: Tool) -> str:
    """A tool as it is described to a model that found it: one line of JSON."""
    spec = tool.spec
    whole = {"name": spec.name, "description": spec.description, "parameters": spec.parameters}
    return orjson.dumps(whole).decode()


@lru_cache(maxsize=4096)
def _count(text: str) -> int:
    return estimate.tokens(text)


def search_spec(deferred: Sequence[Tool], window: int) -> ToolSpec:
    """The tool that finds tools; it says which there are, by their names or, when these are too many, by their sets."""
    sets: dict[str, list[str]] = {}
    for tool in deferred:
        sets.setdefault(tool.group or OTHER, []).append(tool.name)
    every = "\n".join(f"{name}: {', '.join(tools)}" for name, tools in sorted(sets.items()))
    short = ", ".join(f"{name} ({len(tools)})" for name, tools in sorted(sets.items()))
    named = _count(every) <= window * NAMES_SHARE
    return ToolSpec(
        SEARCH,
        "Find tools by what they do, or have them described by their names. Look here before you say that something "
        f"cannot be done. What is found is called with {CALL}. There are {len(deferred)}"
        + (f":\n{every}" if named else f" in these sets: {short}"),
        {
            "type": "object",
            "properties": {
                "query": {"type": "string", "description": f"Names of tools as they stand here, or else: {QUERY}"},
                "set": {"type": "string", "description": "Tools of this set come first."},
            },
            "required": ["query"],
        },
    )


def call_spec() -> ToolSpec:
    """The tool that calls what was found."""
    return ToolSpec(
        CALL,
        f"Call a tool that {SEARCH} has found.",
        {
            "type": "object",
            "properties": {
                "name": {"type": "string", "description": "The name of the tool."},
                "arguments": {"type": "object", "description": "Its arguments, as its parameters describe them."},
            },
            "required": ["name"],
        },
    )
