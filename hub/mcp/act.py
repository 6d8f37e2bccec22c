"""What a person does with a server by one press, by its word."""

from __future__ import annotations

from hub.db.who import Who
from hub.mcp import composing, servers
from hub.mcp.records import Draft


def act(who: Who, word: str, server: str, tool: str = "") -> None:
    """Does what `word` says with a server, or with one of its tools. Raises NotFound, BadInput, ServerAway."""
    match word:
        case "test":
            servers.test(who, server)
        case "on" | "off":
            servers.switch(who, server, on=word == "on")
        case "trust" | "distrust":
            servers.trust(who, server, on=word == "trust")
        case "tool_on" | "tool_off":
            servers.switch_tool(who, server, tool, on=word == "tool_on")
        case "sign_out":
            composing.sign_out(who, server)
        case "remove":
            servers.remove(who, server)
        case _:
            raise ValueError(f"nobody knows how to {word} a server")


def save(who: Who, server: str, draft: Draft) -> str:
    """Stores a new server, or changes the one named; its id."""
    return (servers.change(who, server, draft) if server else servers.add(who, draft)).id
