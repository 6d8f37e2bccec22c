"""What the person is told of a run, in a notification."""

from __future__ import annotations

from hub.db.mongo import Document
from hub.schedules.ending import headline
from hub.schedules.records import Told
from hub.settings import settings

LONGEST = 1_500
_TITLES = {"done": "{}", "failed": "{} failed", "needs": "{} needs you", "paused": "{} is paused"}


def told(row: Document, schedule: Document, what: Told) -> tuple[str, str]:
    """Title and text of a notification."""
    title = _TITLES[what].format(row["name"])
    match what:
        case "done":
            body = row.get("said", "")[:LONGEST]
        case "needs":
            body = f"Nobody could be asked for: {', '.join(row['needs'])}.\n\n{headline(row.get('said', ''), 500)}"
        case "failed":
            body = f"{row.get('error', '')} {row.get('hint', '')}".strip()
        case "paused":
            body = schedule.get("why", "")
    return title, f"{body}\n\n{link(row)}".strip()


def link(row: Document) -> str:
    """Where the result is, for people who are told of it elsewhere; "" where the hub does not know its own address."""
    base = settings().public_url.rstrip("/")
    return f"{base}/?c={row['ids']['conversation']}" if base and "prompt" in row else ""
