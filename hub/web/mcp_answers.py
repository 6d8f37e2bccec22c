"""What the hub answers as an MCP server; `hub.web.mcp` loads it with the first request, since the SDK takes a while."""

from __future__ import annotations

from typing import Any

import structlog
from mcp import MCPError, types
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel.server import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

from hub import __version__, hooks
from hub.db.who import Who
from hub.errors import BadInput, HubError, NotFound
from hub.models.types import ToolSpec
from hub.tools import check
from hub.turns import Tool, ToolResult
from hub.web.replies import who_asks
from hub.web.threads import off_loop

INSTRUCTIONS = "The hub of one person: their documents, what is remembered of them, their agents and skills."
Asked = ServerRequestContext[Any, Any]

log = structlog.get_logger(__name__)


def manager() -> StreamableHTTPSessionManager:
    """What takes the requests. Host and Origin are checked in front of every route already."""
    server: Server[Any] = Server(
        "llm-hub",
        version=__version__,
        title="LLM Hub",
        instructions=INSTRUCTIONS,
        on_list_tools=_list_tools,
        on_call_tool=_call_tool,
        on_list_resources=_list_resources,
        on_read_resource=_read_resource,
    )
    return StreamableHTTPSessionManager(server, json_response=True, stateless=True)


async def _list_tools(asked: Asked, params: types.PaginatedRequestParams | None) -> types.ListToolsResult:
    found = await off_loop(hooks.served_tools, _who(asked))
    return types.ListToolsResult(
        tools=[
            types.Tool(
                name=one.name,
                description=one.description,
                input_schema=one.parameters,
                annotations=types.ToolAnnotations(read_only_hint=one.reads),
            )
            for one in found
        ]
    )


async def _call_tool(asked: Asked, params: types.CallToolRequestParams) -> types.CallToolResult:
    text, good = await off_loop(_called, _who(asked), params.name, params.arguments or {})
    return types.CallToolResult(content=[types.TextContent(text=text)], is_error=not good)


async def _list_resources(asked: Asked, params: types.PaginatedRequestParams | None) -> types.ListResourcesResult:
    found = await off_loop(hooks.served_resources, _who(asked))
    return types.ListResourcesResult(
        resources=[
            types.Resource(uri=one.uri, name=one.name, description=one.description, mime_type=one.mime)
            for one in found
            if one.listed
        ]
    )


async def _read_resource(asked: Asked, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
    try:
        text, mime = await off_loop(_read, _who(asked), params.uri)
    except HubError as error:
        raise MCPError(types.INVALID_PARAMS, error.message) from error
    return types.ReadResourceResult(contents=[types.TextResourceContents(uri=params.uri, mime_type=mime, text=text)])


def _who(asked: Asked) -> Who:
    assert asked.request is not None  # it came over HTTP
    return who_asks(asked.request.scope)


def _called(who: Who, name: str, given: dict[str, Any]) -> tuple[str, bool]:
    """What a tool answers, and whether it went well."""
    try:
        one = next((tool for tool in hooks.served_tools(who) if tool.name == name), None)
        if one is None:
            raise BadInput(f"There is no tool {name}.")
        spec = ToolSpec(one.name, one.description, one.parameters)
        arguments = check.fitted(Tool(spec, name, "", lambda _: ToolResult("")), given)
        return one.call(arguments), True
    except HubError as error:
        return f"{error.message} {error.hint}".strip(), False
    except Exception as error:
        log.exception("served_tool_failed", tool=name)
        return f"Something went wrong in the hub ({type(error).__name__}).", False


def _read(who: Who, uri: str) -> tuple[str, str]:
    found = next((one for one in hooks.served_resources(who) if one.uri == uri), None)
    if found is None:
        raise NotFound("There is no such resource.")
    return found.read(), found.mime
