"""Brave Search, https://api-dashboard.search.brave.com/app/documentation."""

from __future__ import annotations

from typing import Any

from hub.net.ask import ask
from hub.settings import settings
from hub.tools.searching.records import Found, Recent, answered, found, page, rows

_FRESH = {"day": "pd", "week": "pw", "month": "pm", "year": "py"}


class Brave:
    """The service, with a key."""

    title = "Brave Search"

    def __init__(self, key: str) -> None:
        self._key = key

    def search(self, query: str, most: int, recent: Recent = "") -> Found:
        """The best results, best first."""
        asked = {"q": query[:400], "count": str(most), **({"freshness": _FRESH[recent]} if recent else {})}
        key = {"X-Subscription-Token": self._key}
        answer = answered(self.title, ask("GET", settings().brave_url, headers=key, params=asked, private=True))
        web: Any = answer.get("web")
        listed = rows(web.get("results")) if isinstance(web, dict) else []  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType]
        return found((page(row, "description", "age") for row in listed), most)
