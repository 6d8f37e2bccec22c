"""Routes that list or report."""

from __future__ import annotations

import asyncio

import structlog
from pymongo.errors import PyMongoError
from starlette.requests import Request
from starlette.responses import Response

from hub import __version__, chat, runs
from hub.db.mongo import client
from hub.models import catalogue
from hub.web.replies import json_reply, who_asks
from hub.web.threads import look_up, off_loop

HEALTH_SECONDS = 2.0

log = structlog.get_logger(__name__)


async def conversations(request: Request) -> Response:
    """GET /api/conversations: {pinned, recent, earlier}."""
    return json_reply(await off_loop(chat.list_conversations, who_asks(request.scope)))


async def models(request: Request) -> Response:
    """GET /api/models: the models that may be asked."""
    return json_reply(await off_loop(catalogue.models, who_asks(request.scope)))


async def health(request: Request) -> Response:
    """GET /healthz, open to all: 200 when a turn can be stored, 503 when not. Says nothing about people or data."""
    try:
        await asyncio.wait_for(look_up(client().admin.command, "ping"), HEALTH_SECONDS)
        mongo = True
    except (TimeoutError, PyMongoError) as error:
        log.warning("unhealthy", error=type(error).__name__)
        mongo = False
    report = {"ok": mongo, "version": __version__, "mongo": mongo, "runs": runs.running()}
    return json_reply(report, 200 if mongo else 503)
