"""MCP servers of people: their tools for every model, their resources and prompts for the composer.

Every function takes who asks first. Only those of `composing` and `test` wait for a server; what a turn is offered
comes from what was remembered.
"""

from hub.mcp.composing import (
    as_files,
    begin_sign_in,
    finish_sign_in,
    get_prompt,
    list_prompts,
    list_resources,
    offering,
    read_resource,
    sign_out,
)
from hub.mcp.open import close
from hub.mcp.records import Access, Card, Draft, Event, Imported, Offering, Server, ServerAway, SignInNeeded, Status
from hub.mcp.servers import access, add, card, cards, change, log, remove, shown, switch, switch_tool, test, trust
from hub.mcp.store import INDEXES, server
from hub.mcp.transfer import export_servers, import_servers

__all__ = [
    "INDEXES",
    "Access",
    "Card",
    "Draft",
    "Event",
    "Imported",
    "Offering",
    "Server",
    "ServerAway",
    "SignInNeeded",
    "Status",
    "access",
    "add",
    "as_files",
    "begin_sign_in",
    "card",
    "cards",
    "change",
    "close",
    "export_servers",
    "finish_sign_in",
    "get_prompt",
    "import_servers",
    "list_prompts",
    "list_resources",
    "log",
    "offering",
    "read_resource",
    "remove",
    "server",
    "shown",
    "sign_out",
    "switch",
    "switch_tool",
    "test",
    "trust",
]
