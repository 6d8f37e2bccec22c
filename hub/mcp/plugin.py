"""What the room of MCP does for the other rooms: tools for a turn."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import Any

from hub import hooks
from hub.db.who import Who
from hub.mcp import servers, store
from hub.mcp.open import opened, pool
from hub.mcp.records import RememberedTool, Server, ServerAway
from hub.models.types import ToolSpec
from hub.runs.records import RunRecord
from hub.turns import Permission, Tool, ToolResult, Turn

SECONDS = 120.0
LONGEST_NAME = 64


@hooks.implementation
def tools(turn: Turn) -> Sequence[Tool]:
    """What the person's servers offered when they were last asked; no server is asked for it."""
    off = frozenset(turn.attached.get("mcp", {}).get("off", ()))
    return [
        _tool(turn, server, one)
        for server in store.servers(turn.who)
        if server.enabled and server.id not in off
        for one in store.listing(server.id, store.key_of(turn.who, server)).tools
        if one.name not in server.off
    ]


def _tool(turn: Turn, server: Server, one: RememberedTool) -> Tool:
    permission: Permission = "always" if server.trusts_hints and one.read_only else "ask"
    return Tool(
        spec=ToolSpec(tool_name(server.name, one.name), one.description or one.title, dict(one.parameters)),
        title=one.title,
        icon="extension",
        call=partial(_call, turn.who, turn.answer, server, one),
        id=f"mcp:{server.id}/{one.name}",
        group=server.name,
        permission=permission,
        seconds=SECONDS + 5,
        version=one.version,
    )


def _call(who: Who, answer: str, server: Server, tool: RememberedTool, arguments: dict[str, Any]) -> ToolResult:
    try:
        return pool().call(who, server, tool, arguments, seconds=SECONDS, tag=answer)
    except ServerAway as error:
        about = {"server": server.id, "kind": error.kind}
        return ToolResult(f"{error.message} {error.hint}".strip(), said=error.message, error=True, about=about)


def tool_name(server: str, tool: str) -> str:
    """What a model calls a tool by: its server's name and its own, of letters that every provider takes."""
    sane = re.sub(r"[^A-Za-z0-9_-]+", "_", tool).strip("_") or "tool"
    short = re.sub(r"[^A-Za-z0-9]+", "_", server).strip("_").lower()[: max(8, LONGEST_NAME - 1 - len(sane))]
    return f"{short or 'mcp'}_{sane}"[:LONGEST_NAME]


@hooks.implementation
def run_finished(run: RunRecord) -> None:
    """Breaks off calls that an answer left behind when it was stopped."""
    live = opened()
    for target in run.targets if live else ():
        if live and (answer := target.context.get("message")):
            live.cancel(answer)


@hooks.implementation
def person_deleted(who: Who) -> None:
    """Removes the person's servers, sign-ins and logs."""
    servers.leave(who)
