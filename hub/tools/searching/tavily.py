"""Tavily, https://docs.tavily.com."""

from __future__ import annotations

from typing import Any

import orjson

from hub.net.ask import ask
from hub.settings import settings
from hub.tools.searching.records import Found, Recent, answered, found, page, rows


class Tavily:
    """The service, with a key."""

    title = "Tavily"

    def __init__(self, key: str) -> None:
        self._key = key

    def search(self, query: str, most: int, recent: Recent = "") -> Found:
        """The best results, best first."""
        asked: dict[str, Any] = {"query": query[:400], "max_results": most}
        if recent:
            asked["time_range"] = recent
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        answer = ask("POST", settings().tavily_url, headers=headers, content=orjson.dumps(asked), private=True)
        return found(
            (page(row, "content", "published_date") for row in rows(answered(self.title, answer).get("results"))), most
        )
