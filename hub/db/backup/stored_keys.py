"""Texts in the database that are encrypted with the hub's key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, cast

from hub.db.mongo import collection, reachable
from hub.db.secrets import SecretUnreadable, decrypt

COLLECTIONS = (
    "connections",
    "web_searches",
    "tool_apis",
    "tool_tokens",
    "mcp_servers",
    "mcp_tokens",
    "plugins",
    "schedules",
    "channels",
)
"""Those whose rows hold such texts."""
_BEGINNING = "gAAAAA"
"""Of every text that Fernet has encrypted."""


def tried() -> tuple[int, Counter[str]]:
    """How many there are, and how many of each collection this hub's key does not decrypt."""
    found, unreadable = 0, Counter[str]()
    for name in COLLECTIONS:
        with reachable():
            rows = list(collection(name).find({}))
        for text in _encrypted(rows):
            found += 1
            try:
                decrypt(text)
            except SecretUnreadable:
                unreadable[name] += 1
    return found, unreadable


def _encrypted(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield from [value] if value.startswith(_BEGINNING) else []
    elif isinstance(value, dict):
        yield from _encrypted(list(cast(dict[Any, Any], value).values()))
    elif isinstance(value, list):
        for one in cast(list[Any], value):
            yield from _encrypted(one)
