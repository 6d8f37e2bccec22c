"""Whether this process lives, and whether the hub can be used."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import structlog
from starlette.requests import Request
from starlette.responses import Response

from hub import __version__, runs
from hub.db import disk
from hub.db.migrations import mongo, postgres
from hub.db.mongo import collection, reachable
from hub.errors import HubError, StoreDown
from hub.jobs import look
from hub.web.replies import json_reply
from hub.web.threads import look_up

SECONDS = 2.0
NEEDED = frozenset({"mongo", "migrations", "disk"})
"""Without these nobody can chat. Without the others chat goes on, without search, memory and background work."""

log = structlog.get_logger(__name__)


async def live(request: Request) -> Response:
    """GET /healthz, open to all: 200 as long as the process answers. No store is asked."""
    return json_reply({"ok": True, "version": __version__})


async def ready(request: Request) -> Response:
    """GET /readyz, open to all: {"ok", "degraded", "version", "runs", "parts": {name: {"ok", "says"}}}; 503 when a part
    that chat needs is away. Says nothing about people or data."""
    asked = {"mongo": _mongo, "postgres": _postgres, "workers": _workers, "migrations": _migrations, "disk": _disk}
    said = await asyncio.gather(*(_part(name, ask) for name, ask in asked.items()))
    parts: dict[str, dict[str, Any]] = {
        name: {"ok": not wrong, "says": wrong or "good"} for name, wrong in zip(asked, said, strict=True)
    }
    ok = all(parts[name]["ok"] for name in NEEDED)
    degraded = not all(part["ok"] for part in parts.values())
    report = {"ok": ok, "degraded": degraded, "version": __version__, "runs": runs.running(), "parts": parts}
    return json_reply(report, 200 if ok else 503)


async def _part(name: str, ask: Callable[[], str]) -> str:
    """What is wrong with a part, "" for nothing."""
    try:
        wrong = await asyncio.wait_for(look_up(ask), SECONDS)
    except (TimeoutError, StoreDown):
        wrong = "does not answer"
    except HubError as error:  # a database of another version, or one that is half restored
        wrong = error.message
    if wrong:
        log.warning("part_not_ready", part=name, says=wrong)
    return wrong


def _mongo() -> str:
    with reachable():  # a read, because a store whose disk was full goes on answering pings
        collection("processes").find_one({"_id": ""})
    return ""


def _postgres() -> str:
    look.worker_count()
    return ""


def _workers() -> str:
    return "" if look.worker_count() else "no worker lives"


def _migrations() -> str:
    steps = [step.name for step in mongo.pending()]
    try:
        steps += postgres.pending()
    except StoreDown:
        pass  # said by its own part
    return f"not done yet: {', '.join(steps)}" if steps else ""


def _disk() -> str:
    return "full" if disk.full() else ""
