"""Twelve servers with three hundred tools as real ones have them: `TOOLS`, written in short in `toolset_data`.

A file's first line is the server's title, `$name=...` a parameter that several tools share, and each other line one
tool: `name :: description :: parameter!; parameter:type=description`. `!` is required, `a/b/c` an enumeration.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from hub.models.types import ToolSpec
from hub.turns import Tool, ToolResult

_DATA = Path(__file__).parent / "toolset_data"
_PARAMETER = re.compile(r"(?P<name>\w+)(?P<needed>!?)(?::(?P<type>[\w/]+))?(?:=(?P<about>.*))?", re.DOTALL)
_HEAD = {"$schema": "http://json-schema.org/draft-07/schema#", "type": "object", "additionalProperties": False}
_TYPES = {"string", "integer", "number", "boolean", "array", "object"}


@cache
def toolsets() -> dict[str, tuple[Tool, ...]]:
    """The tools of each server, by the server's name."""
    return {path.stem: _server(path) for path in sorted(_DATA.glob("*.txt"))}


@cache
def tools() -> tuple[Tool, ...]:
    """All tools; their ids are `mcp:<server>/<name>`."""
    return tuple(tool for given in toolsets().values() for tool in given)


def _server(path: Path) -> tuple[Tool, ...]:
    title, *lines = path.read_text().splitlines()
    shared = {line[1:].partition("=")[0].partition(":")[0]: line[1:] for line in lines if line.startswith("$")}
    return tuple(_tool(path.stem, title, line, shared) for line in lines if not line.startswith("$"))


def _tool(server: str, title: str, line: str, shared: dict[str, str]) -> Tool:
    name, about, given = (part.strip() for part in f"{line} ".split(" ::"))
    shape: dict[str, Any] = {**_HEAD, "properties": {}, "required": []}
    for one in filter(None, (part.strip() for part in given.split(";"))):
        _add(shape, one, shared)

    def call(arguments: dict[str, Any]) -> ToolResult:
        return ToolResult(f"{server}/{name} was called with {sorted(arguments)}")

    spec = ToolSpec(name, about, {key: value for key, value in shape.items() if value or key != "required"})
    words = name.replace("_", " ").capitalize()
    return Tool(spec, words, "extension", call, id=f"mcp:{server}/{name}", group=title, permission="ask")


def _add(shape: dict[str, Any], written: str, shared: dict[str, str]) -> None:
    found = _parsed(written)
    usual = _parsed(shared[found["name"]]) if found["name"] in shared and not found["about"] else found
    kind, about = found["type"] or usual["type"] or "string", usual["about"]
    made: dict[str, Any] = {"type": kind} if kind in _TYPES else {"type": "string", "enum": kind.split("/")}
    made["title"] = found["name"].replace("_", " ").title()
    if kind == "array":
        made["items"] = {"type": "string"}
    shape["properties"][found["name"]] = {**made, "description": about or found["name"].replace("_", " ").capitalize()}
    if found["needed"]:
        shape["required"].append(found["name"])


def _parsed(written: str) -> dict[str, str]:
    match = _PARAMETER.fullmatch(written)
    if match is None:
        raise ValueError(f"No parameter: {written!r}")
    return {key: value or "" for key, value in match.groupdict().items()}
