"""The search that a model has by itself, at one of the person's connections."""

from __future__ import annotations

from hub.db.who import Who
from hub.models import web_search
from hub.tools.searching.records import Found, Page, Recent, plain

_NEW = {"day": "of the last day", "week": "of the last week", "month": "of the last month", "year": "of the last year"}


class OwnSearch:
    """A model (`connection/name`) that searches the web itself; each search is a request to it."""

    title = "A model's own search"

    def __init__(self, who: Who, model: str) -> None:
        self._who, self._model = who, model

    def search(self, query: str, most: int, recent: Recent = "") -> Found:
        """What the model cited, in the order of its answer."""
        asked = f"{query} ({_NEW[recent]})" if recent else query
        made = web_search.search(self._who, self._model, asked, most)
        pages = tuple(Page(one.url, plain(one.title) or one.url, plain(one.text)) for one in made.pages)
        return Found(pages, made.usage, made.cost)
