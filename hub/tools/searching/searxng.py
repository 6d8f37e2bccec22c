"""SearXNG, a search engine that one runs oneself. Its `settings.yml` must list `json` among the formats."""

from __future__ import annotations

from hub.net.ask import ask
from hub.tools.searching.records import Found, Recent, answered, found, page, rows


class SearXNG:
    """A server at `url`; `private` ones may stand in a private network."""

    title = "SearXNG"

    def __init__(self, url: str, *, private: bool) -> None:
        self._url, self._private = url.rstrip("/"), private

    def search(self, query: str, most: int, recent: Recent = "") -> Found:
        """The best results, best first."""
        asked = {"q": query, "format": "json", **({"time_range": recent} if recent else {})}
        answer = answered(self.title, ask("GET", f"{self._url}/search", params=asked, private=self._private))
        return found((page(row, "content", "publishedDate") for row in rows(answer.get("results"))), most)
