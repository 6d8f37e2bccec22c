"""Routes that list or report."""

from __future__ import annotations

from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

import structlog
from starlette.requests import Request
from starlette.responses import Response

from hub import chat, library
from hub import projects as project_room
from hub.errors import BadInput, NotFound
from hub.models import catalogue
from hub.web.replies import json_reply, limit_of, who_asks
from hub.web.threads import off_loop

MOST_FOUND = 30
LONGEST_SEARCH = 200
MOST_MESSAGES = 500
"""As many messages are answered at once, at most."""

log = structlog.get_logger(__name__)


async def conversations(request: Request) -> Response:
    """GET /api/conversations: {pinned, recent, earlier}; with ?q=words&limit=30: {found}, those whose title has all
    the words, newest first, archived ones too. With ?project=ID only those in it."""
    who, words = who_asks(request.scope), request.query_params.get("q")
    project = request.query_params.get("project") or None
    if words is None:
        return json_reply(await off_loop(chat.list_conversations, who, project=project))
    if len(words) > LONGEST_SEARCH:
        raise BadInput(f"q has at most {LONGEST_SEARCH} characters.")
    found = await off_loop(chat.search_titles, who, words, limit=limit_of(request, MOST_FOUND), project=project)
    return json_reply({"found": found})


async def conversation(request: Request) -> Response:
    """GET /api/conversations/{id}?limit=40&before=id: {conversation, messages, earlier, queued, later, aside} of its
    open branch, oldest first: the last messages, or those above the message `before`; with ?at=id those around it, on
    whatever branch it is."""
    who, limit = who_asks(request.scope), limit_of(request, MOST_MESSAGES, usual=40)
    before, at = (request.query_params.get(name) or None for name in ("before", "at"))
    id_ = request.path_params["id"]
    return json_reply(await off_loop(chat.open_window, who, id_, limit=limit, before=before, at=at))


async def search(request: Request) -> Response:
    """GET /api/search?q=words&limit=20&project=ID&tz=Europe/Paris: {talks, documents, memories, problems, without}, the
    best of everything the person has."""
    who, words = who_asks(request.scope), request.query_params.get("q", "")
    if len(words) > LONGEST_SEARCH:
        raise BadInput(f"q has at most {LONGEST_SEARCH} characters.")
    most, project = limit_of(request, MOST_FOUND, usual=20), request.query_params.get("project") or None
    now = datetime.now(_zone(request.query_params.get("tz", "UTC")))
    return json_reply(await off_loop(library.search, who, words, most=most, project=project, now=now))


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise BadInput("tz is the name of a time zone, such as Europe/Paris.") from error


async def projects(request: Request) -> Response:
    """GET /api/projects: the projects in use, by name."""
    return json_reply(await off_loop(project_room.list_projects, who_asks(request.scope)))


async def models(request: Request) -> Response:
    """GET /api/models: the models that may be asked."""
    return json_reply(await off_loop(catalogue.models, who_asks(request.scope)))


async def nothing(request: Request) -> Response:
    """Every other address below /api: an error in words, where a page would answer otherwise."""
    raise NotFound(f"There is no {request.method} {request.url.path[:200]}.", hint="docs/api.md lists what there is.")
