"""What happened lately with each server: a ring of short lines, without what was said or sent, and without keys."""

from __future__ import annotations

from collections.abc import Iterable

from hub.db.mongo import collection, now, reachable
from hub.db.who import Who
from hub.mcp.records import Event

KEPT = 100
LONGEST = 300


def note(
    server: str,
    person: str,
    kind: str,
    said: str,
    *,
    ms: float | None = None,
    error: bool = False,
    secrets: Iterable[str] = (),
) -> None:
    """Adds a line; `person` is "" for what concerns all who use the server."""
    for secret in secrets:
        said = said.replace(secret, "•••")
    said = said if len(said) <= LONGEST else f"{said[: LONGEST - 1]}…"
    line = {"at": now(), "kind": kind, "said": said, "ms": ms, "error": error}
    with reachable():
        collection("mcp_log").update_one(
            {"_id": f"{server}:{person}"},
            {"$push": {"lines": {"$each": [line], "$slice": -KEPT}}, "$set": {"server": server, "owner": person}},
            upsert=True,
        )


def lately(who: Who, server: str) -> tuple[Event, ...]:
    """The newest lines first: the person's own and those that concern all. Who may see the server is the caller's
    business."""
    ids = [f"{server}:", f"{server}:{who.id}"]
    with reachable():
        rows = [collection("mcp_log").find_one({"_id": id_}) for id_ in ids]
    lines = [Event(**line) for row in rows if row for line in row["lines"]]
    return tuple(sorted(lines, key=lambda line: line.at, reverse=True)[:KEPT])
