"""Tools of a plugin that are plain functions, marked by the decorator of `hub.tools.schema`."""

from __future__ import annotations

from typing import Any

from hub.models.types import ToolSpec
from hub.turns import Tool, Turn


def marked(plugin: object, turn: Turn) -> list[Tool]:
    """The tools for a turn among what stands in a plugin's module, in its order. What the decorator makes has a `spec`
    and is a tool `of(turn)`; the hub's own tools that a plugin only imports are not its."""
    return [one.of(turn) for one in _marked(plugin)]


def names(plugin: object) -> list[str]:
    """The names of those tools."""
    return [one.spec.name for one in _marked(plugin)]


def _marked(plugin: object) -> list[Any]:
    there: list[Any] = list(vars(plugin).values()) if hasattr(plugin, "__dict__") else []
    return [one for one in there if isinstance(getattr(one, "spec", None), ToolSpec) and _own(one)]


def _own(one: Any) -> bool:
    home = str(getattr(getattr(one, "function", None), "__module__", "hub."))
    return callable(getattr(one, "of", None)) and not home.startswith("hub.")
