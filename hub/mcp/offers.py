"""What a server says that it has, in our own records."""

from __future__ import annotations

import hashlib

import orjson
from mcp import Client
from mcp.types import Prompt, Resource, Tool

from hub.mcp.records import PromptArgument, PromptItem, RememberedTool, ResourceItem

MOST_PAGES = 50
LONGEST_DESCRIPTION = 8_000
LARGEST_SCHEMA = 64_000


async def list_tools(client: Client) -> tuple[RememberedTool, ...]:
    """Every tool of a server, asked anew; those whose schema is beyond reason are left out."""
    found: list[Tool] = []
    cursor: str | None = None
    for _ in range(MOST_PAGES):
        page = await client.list_tools(cursor=cursor, cache_mode="refresh")
        found += page.tools
        cursor = page.next_cursor
        if cursor is None:
            break
    made = (remembered(tool) for tool in found)
    return tuple(one for one in made if len(orjson.dumps(one.parameters)) <= LARGEST_SCHEMA)


def remembered(tool: Tool) -> RememberedTool:
    """A tool as it is kept."""
    said = tool.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"icons", "meta"})
    hints = tool.annotations
    return RememberedTool(
        name=tool.name,
        title=tool.title or (hints.title if hints and hints.title else "") or tool.name,
        description=(tool.description or "")[:LONGEST_DESCRIPTION],
        parameters=tool.input_schema,
        version=hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16],
        read_only=bool(hints and hints.read_only_hint),
        destructive=not hints or hints.destructive_hint is not False,
    )


async def list_resources(client: Client) -> tuple[ResourceItem, ...]:
    """Every resource of a server."""
    found: list[Resource] = []
    cursor: str | None = None
    for _ in range(MOST_PAGES):
        page = await client.list_resources(cursor=cursor)
        found += page.resources
        cursor = page.next_cursor
        if cursor is None:
            break
    return tuple(
        ResourceItem(one.uri, one.title or one.name, one.description or "", one.mime_type or "", one.size)
        for one in found
    )


async def list_prompts(client: Client) -> tuple[PromptItem, ...]:
    """Every prompt of a server."""
    found: list[Prompt] = []
    cursor: str | None = None
    for _ in range(MOST_PAGES):
        page = await client.list_prompts(cursor=cursor)
        found += page.prompts
        cursor = page.next_cursor
        if cursor is None:
            break
    return tuple(PromptItem(one.name, one.title or one.name, one.description or "", _blanks(one)) for one in found)


def _blanks(prompt: Prompt) -> tuple[PromptArgument, ...]:
    given = prompt.arguments or ()
    return tuple(PromptArgument(one.name, one.description or "", bool(one.required)) for one in given)
