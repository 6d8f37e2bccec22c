"""What a server says that it has, in our own records."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeVar

import orjson
from mcp import Client, MCPError
from mcp.shared.uri_template import InvalidUriTemplate, UriTemplate
from mcp.types import METHOD_NOT_FOUND, Prompt, ResourceTemplate, Tool

from hub.errors import BadInput
from hub.mcp.records import Blank, PromptItem, RememberedTool, ResourceItem

MOST_PAGES = 50
LONGEST_DESCRIPTION = 8_000
LARGEST_SCHEMA = 64_000


class _Page(Protocol):
    @property
    def next_cursor(self) -> str | None: ...


P = TypeVar("P", bound=_Page)
T = TypeVar("T")


async def _all(ask: Callable[[str | None], Awaitable[P]], items: Callable[[P], Sequence[T]]) -> list[T]:
    """What stands on every page of a list, up to MOST_PAGES of them."""
    found: list[T] = []
    cursor: str | None = None
    for _ in range(MOST_PAGES):
        page = await ask(cursor)
        found += items(page)
        cursor = page.next_cursor
        if cursor is None:
            break
    return found


async def list_tools(client: Client) -> tuple[RememberedTool, ...]:
    """Every tool of a server, asked anew; those whose schema is beyond reason are left out."""
    found = await _all(lambda at: client.list_tools(cursor=at, cache_mode="refresh"), lambda page: page.tools)
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
    """Every resource of a server, those with blanks in their address last."""
    found = await _all(lambda at: client.list_resources(cursor=at), lambda page: page.resources)
    plain = [
        ResourceItem(one.uri, one.title or one.name, one.description or "", one.mime_type or "", one.size)
        for one in found
    ]
    return (*plain, *[made for one in await _templates(client) if (made := _with_blanks(one))])


async def _templates(client: Client) -> list[ResourceTemplate]:
    try:
        return await _all(lambda at: client.list_resource_templates(cursor=at), lambda page: page.resource_templates)
    except MCPError as error:
        if error.code == METHOD_NOT_FOUND:
            return []
        raise


def _with_blanks(one: ResourceTemplate) -> ResourceItem | None:
    """A template as a resource; None for one that nobody can read."""
    try:
        names = UriTemplate.parse(one.uri_template).variable_names
    except InvalidUriTemplate:
        return None
    blanks = tuple(Blank(name, required=True) for name in names)
    about = one.description or ""
    return ResourceItem(one.uri_template, one.title or one.name, about, one.mime_type or "", arguments=blanks)


def filled(uri: str, blanks: dict[str, str]) -> str:
    """The address that a template stands for once its blanks are filled in; raises BadInput."""
    if not blanks:
        return uri
    try:
        return UriTemplate.parse(uri).expand(blanks)
    except (InvalidUriTemplate, TypeError, ValueError) as error:
        raise BadInput(f"{uri[:200]} is no address with blanks that can be filled in.") from error


async def list_prompts(client: Client) -> tuple[PromptItem, ...]:
    """Every prompt of a server."""
    found = await _all(lambda at: client.list_prompts(cursor=at), lambda page: page.prompts)
    return tuple(
        PromptItem(one.name, one.title or one.name, (one.description or "")[:LONGEST_DESCRIPTION], _blanks(one))
        for one in found
    )


def _blanks(prompt: Prompt) -> tuple[Blank, ...]:
    given = prompt.arguments or ()
    return tuple(Blank(one.name, one.description or "", bool(one.required)) for one in given)
