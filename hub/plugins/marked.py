"""Tools of a plugin that are plain functions, marked by the decorator `hub.tools.schema.tool`."""

from __future__ import annotations

from hub.turns import Tool

MARK = "hub_tool"
"""The attribute in which a marked function carries its `Tool`."""


def marked(plugin: object) -> list[Tool]:
    """The tools among what stands in a plugin's module, in the order of their names in it; what a module has under two
    names is there once."""
    found: dict[int, Tool] = {}
    for value in vars(plugin).values() if hasattr(plugin, "__dict__") else ():
        tool = value if isinstance(value, Tool) else getattr(value, MARK, None)
        if isinstance(tool, Tool):
            found.setdefault(id(tool), tool)
    return list(found.values())
