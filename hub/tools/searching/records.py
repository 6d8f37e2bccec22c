"""What a search engine of the web is, and what it finds."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, Protocol, cast

from hub.errors import HubError
from hub.models.types import Usage
from hub.net.ask import Answered

Recent = Literal["", "day", "week", "month", "year"]
Kind = Literal["searxng", "brave", "tavily", "model"]
_TAG = re.compile(r"<[^>]+>")
_TEXT = 1_200


class SearchRefused(HubError):
    """A search engine did not search."""

    kind = "search_engine"


@dataclass(frozen=True, slots=True)
class Page:
    """One result; `when` is its date or age in the engine's words, if it knows."""

    url: str
    title: str
    text: str
    when: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """The results, best first; `usage` and `cost` (US dollars, None unknown) of a model that searched."""

    pages: tuple[Page, ...]
    usage: Usage | None = None
    cost: float | None = 0.0


class Engine(Protocol):
    """A search engine, ready to be asked."""

    @property
    def title(self) -> str: ...

    def search(self, query: str, most: int, recent: Recent = "") -> Found:
        """The best results; raises HubError."""
        ...


def answered(title: str, answer: Answered) -> dict[str, Any]:
    """The JSON object of an answer; raises SearchRefused with what went wrong."""
    if answer.status in {401, 403}:
        hint = (
            "Enter another key under Tools." if title != "SearXNG" else "Its settings must list json among the formats."
        )
        raise SearchRefused(f"{title} refused the request ({answer.status}).", hint=hint)
    if answer.status == 429:
        raise SearchRefused(f"{title} takes no more searches for now.", hint="Wait a while, or use another engine.")
    if answer.status != 200:
        raise SearchRefused(f"{title} answered {answer.status} {answer.reason}.", hint="Try again later.")
    found = answer.json()
    if not isinstance(found, dict):
        raise SearchRefused(f"{title} answered something that is no list of results.")
    return cast("dict[str, Any]", found)


def rows(found: Any) -> list[Any]:
    """The members of what should be a list."""
    return cast("list[Any]", found) if isinstance(found, list) else []


def found(pages: Iterable[Page | None], most: int) -> Found:
    """At most so many of the results that have an address."""
    return Found(tuple(one for one in pages if one)[:most])


def page(row: Any, text: str, when: str = "") -> Page | None:
    """A result from a row whose text is called `text`; None for one without an address."""
    if not isinstance(row, dict):
        return None
    given = cast("dict[str, Any]", row)
    url = str(given.get("url") or "")
    if not url.startswith(("https://", "http://")):
        return None
    return Page(url, plain(given.get("title")) or url, plain(given.get(text)), plain(given.get(when)) if when else "")


def plain(value: Any) -> str:
    """Text without the marks of HTML, not too long."""
    return " ".join(html.unescape(_TAG.sub("", str(value or ""))).split())[:_TEXT]
