"""The operations of interfaces as tools for a turn."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import orjson

from hub.models.types import ToolSpec
from hub.tools.openapi import store
from hub.tools.openapi.call import call
from hub.tools.openapi.records import Api, Operation
from hub.turns import Tool, ToolResult, Turn

SECONDS = 60.0


def tools(turn: Turn) -> list[Tool]:
    """One tool for each operation of each interface that is on."""
    return [_tool(turn, api, one) for api in store.apis(turn.who) if api.enabled for one in api.spec.operations]


def tool_id(api: Api, operation: Operation) -> str:
    """The id that names the tool for good."""
    return f"api:{api.id}/{operation.name}"


def _tool(turn: Turn, api: Api, operation: Operation) -> Tool:
    def run(arguments: dict[str, Any]) -> ToolResult:
        return call(turn.who, api, operation, arguments)

    spec = ToolSpec(operation.name, operation.description, operation.parameters)
    title = re.sub(r"[_-]+|(?<=[a-z0-9])(?=[A-Z])", " ", operation.name).lower()
    return Tool(
        spec, title[:1].upper() + title[1:], "api", run, tool_id(api, operation), api.name, "ask",
        seconds=SECONDS, version=_version(api, operation),
    )  # fmt: skip


def _version(api: Api, operation: Operation) -> str:
    """Changes when a call would do something else."""
    what = [api.base_url, operation.method, operation.path, operation.parameters, operation.body]
    return hashlib.sha256(orjson.dumps(what, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]
