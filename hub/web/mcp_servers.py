"""Routes of a person's MCP servers: what the composer asks of them, and signing in.

A sign-in leaves the hub and comes back to `/api/mcp/oauth/callback`, where the state must be one that the same person
started (`hub.mcp.sign_in`).
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from hub import files, mcp, oauth
from hub.db.who import Who
from hub.errors import BadInput
from hub.files import File
from hub.web.replies import json_reply, read, who_asks
from hub.web.sign_ins import SignIns
from hub.web.threads import off_loop

PAGE = "/tools?part=Servers"


async def servers(request: Request) -> Response:
    """GET /api/mcp/servers: every server with how it is."""
    found = await off_loop(mcp.cards, who_asks(request.scope))
    return json_reply({"servers": [_card(one) for one in found]})


async def resources(request: Request) -> Response:
    """GET /api/mcp/servers/{id}/resources: what there is to read."""
    found = await off_loop(mcp.list_resources, who_asks(request.scope), request.path_params["id"])
    return json_reply({"resources": found})


async def resource(request: Request) -> Response:
    """GET /api/mcp/servers/{id}/resource?uri=: what stands there; bytes are base64."""
    uri = request.query_params.get("uri", "")
    if not uri:
        raise BadInput("The uri is missing.")
    found = await off_loop(mcp.read_resource, who_asks(request.scope), request.path_params["id"], uri)
    plain = [{**asdict(one), "data": base64.b64encode(one.data).decode()} for one in found]
    return json_reply({"contents": plain})


class Wanted(BaseModel):
    """A resource to attach: its address, what goes into the blanks of that, and what the file is to be called."""

    uri: str
    name: str = ""
    arguments: dict[str, str] = {}


async def attach(request: Request) -> Response:
    """POST /api/mcp/servers/{id}/files: what stands at a resource, stored as files that a message may have."""
    body, who = await read(request, Wanted), who_asks(request.scope)
    return json_reply(await off_loop(_attached, who, request.path_params["id"], body), 201)


def _attached(who: Who, server: str, wanted: Wanted) -> list[File]:
    found = mcp.read_resource(who, server, wanted.uri, wanted.arguments)
    return [files.add(who, name, data) for name, data in mcp.as_files(found, wanted.name)]


async def prompts(request: Request) -> Response:
    """GET /api/mcp/servers/{id}/prompts: its prompts with their blanks."""
    found = await off_loop(mcp.list_prompts, who_asks(request.scope), request.path_params["id"])
    return json_reply({"prompts": found})


class Blanks(BaseModel):
    """What goes into the blanks of a prompt."""

    arguments: dict[str, str] = {}


async def prompt(request: Request) -> Response:
    """POST /api/mcp/servers/{id}/prompts/{name}: the prompt as text for the composer."""
    body, who, at = await read(request, Blanks), who_asks(request.scope), request.path_params
    return json_reply({"text": await off_loop(mcp.get_prompt, who, at["id"], at["name"], body.arguments)})


def _finish(who: Who, sent: Mapping[str, str]) -> str:
    state, code, issuer = (sent.get(name, "") for name in ("state", "code", "iss"))
    found = mcp.finish_sign_in(who, state, code, issuer or None, oauth.reason(sent))
    return f"{PAGE}&server={found.id}"


sign_ins = SignIns("/api/mcp/oauth", "server", PAGE, "Back to the servers", mcp.begin_sign_in, _finish)
"""GET /api/mcp/oauth/start?server=ID and GET /api/mcp/oauth/callback."""


def _card(card: mcp.Card) -> dict[str, Any]:
    return {
        "id": card.server.id,
        "name": card.server.name,
        "transport": card.server.transport,
        "place": card.server.place,
        "enabled": card.server.enabled,
        "everybody": card.server.everybody,
        "status": card.status,
        "signed_in": card.signed_in,
        "tools": [
            {"name": one.name, "title": one.title, "on": one.name not in card.server.off} for one in card.listing.tools
        ],
    }
