"""What differs between two states of an agent, in lines that a person reads."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from typing import Any, cast

import orjson

from hub.agents.records import AgentSpec, Change

WORDS = {
    "params": "parameters",
    "always": "skills always on",
    "collections": "documents",
    "asks": "may ask",
    "schema": "output schema",
    "hue": "colour",
}
"""What fields are called that do not go by their own name."""


def changes(before: AgentSpec, after: AgentSpec, names: Mapping[str, str] | None = None) -> list[Change]:
    """The fields that differ, in their order; `names` are what ids of agents, documents and models are shown as."""
    found: list[Change] = []
    for field in fields(AgentSpec):
        old, new = (_lines(getattr(one, field.name), names or {}) for one in (before, after))
        if old != new:
            lines = list(difflib.unified_diff(old, new, n=2, lineterm=""))[2:]
            shown = "\n".join(line for line in lines if not line.startswith("@@"))
            found.append(Change(WORDS.get(field.name, field.name), shown))
    return found


def _lines(value: Any, names: Mapping[str, str]) -> list[str]:
    match value:
        case None:
            return ["as in the chat"]
        case str():
            return [names.get(value, line) for line in value.splitlines()]
        case tuple():
            return [names.get(one, one) for one in cast("tuple[str, ...]", value)] or ["none"]
        case bool():
            return ["yes" if value else "no"]
        case int():
            return [str(value)]
        case _:
            plain: Any = asdict(value) if is_dataclass(value) else value  # pyright: ignore[reportArgumentType]
            return orjson.dumps(plain, option=orjson.OPT_INDENT_2).decode().splitlines()
