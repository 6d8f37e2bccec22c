"""The search of the web that some models have at their providers, asked for by itself, through LiteLLM.

OpenAI's search models, Gemini, Claude, Grok and Perplexity take `web_search_options`; OpenRouter gives a search to
every model as its plugin "web". What they found stands in the annotations of the answer (`url_citation` of the chat
completions API), at Perplexity in `search_results`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hub.db.who import Who
from hub.models import catalogue
from hub.models.litellm_library import library
from hub.models.litellm_reach import OPENAI, Reach, reach
from hub.models.types import Usage

SECONDS = 90
BEFORE = 400
"""Characters of the answer before a citation that it stands for, where the provider gives no text of the page."""
ASKED = (
    "Search the web for this and list what you find, up to {most} pages: for each its main facts in two sentences, "
    "with its citation.\n\n{query}"
)


@dataclass(frozen=True, slots=True)
class Cited:
    """A page that the model cited; `text` is of the page, or what the model says of it."""

    url: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Searched:
    """What came, each address once; `cost` in US dollars, None where nobody knows it."""

    pages: tuple[Cited, ...]
    usage: Usage | None
    cost: float | None


def search(who: Who, model_id: str, query: str, most: int) -> Searched:
    """Has a model search. Raises HubError with the cause, also for a model whose provider knows no such search."""
    way = reach(who, model_id)
    asked = [{"role": "user", "content": ASKED.format(most=most, query=query)}]
    try:
        answer = library().completion(messages=asked, **way.arguments(SECONDS), **_wanted(way, most))
    except Exception as error:
        raise way.told(error) from error
    given: dict[str, Any] = answer.model_dump(exclude_none=True)
    usage = _usage(given.get("usage"))
    cost = None if usage is None else catalogue.find(who, model_id).price.cost(usage)
    return Searched(_pages(given)[:most], usage, cost)


def _wanted(way: Reach, most: int) -> dict[str, Any]:
    if way.connection.preset.key == "openrouter":
        return {"extra_body": {"plugins": [{"id": "web", "max_results": most}], "usage": {"include": True}}}
    options = {"search_context_size": "medium"}
    # LiteLLM refuses what it does not know of a model at an address of one's own; the server is the one to say so.
    return (
        {"extra_body": {"web_search_options": options}} if way.provider == OPENAI else {"web_search_options": options}
    )


def _pages(given: dict[str, Any]) -> tuple[Cited, ...]:
    message: dict[str, Any] = given["choices"][0]["message"]
    said = str(message.get("content") or "")
    found = [page for one in message.get("annotations") or () if (page := _cited(one.get("url_citation"), said))]
    listed = given.get("search_results") or ()
    found += [page for one in listed if (page := _cited({**one, "content": one.get("snippet")}, said))]
    return tuple({page.url: page for page in reversed(found)}.values())[::-1]


def _cited(given: Any, said: str) -> Cited | None:
    one: dict[str, Any] = given or {}
    url = str(one.get("url") or "")
    if not url.startswith(("https://", "http://")):
        return None
    text = str(one.get("content") or "")
    if not text and (end := one.get("start_index")):
        text = said[max(0, int(end) - BEFORE) : int(end)].rpartition("\n\n")[2].strip(" ([")
    return Cited(url, str(one.get("title") or url), text)


def _usage(given: Any) -> Usage | None:
    if not given:
        return None
    cost = given.get("cost")
    return Usage(
        int(given.get("prompt_tokens") or 0),
        int(given.get("completion_tokens") or 0),
        cost=float(cost) if isinstance(cost, int | float) else None,
    )
