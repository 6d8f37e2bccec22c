"""Which models a provider has, asked from it and joined with LiteLLM's map."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast
from urllib.parse import parse_qsl, urlencode, urljoin

import httpx
import orjson

from hub.models import addresses, entries, http, kinds, local, prices
from hub.models.blame import error_of, read
from hub.models.connections import Access, Connection
from hub.models.errors import Network, NoAPI, ProviderDown, TimedOut
from hub.models.provided import Opening, list_provided
from hub.models.types import Entry, Price
from hub.settings import settings

Json = dict[str, Any]

_LISTS = {
    "anthropic": ("/v1/models?limit=1000", "data"),
    "google": ("/v1beta/models?pageSize=1000", "models"),
}
"""Where the list is, and the field that holds it, when that is not /models and `data`."""
_MOST_PAGES = 20
_SECONDS = 20


async def fetch(connection: Connection, access: Access) -> list[Entry]:
    """The chat models behind `connection`, sorted by title. Raises ModelError when the provider does not answer."""
    if connection.provider == "litellm":
        return from_map(connection)
    if connection.preset.kind in ("plugin", "gone"):
        opening = Opening("", connection.name, connection.base_url, access.key, access.headers)
        return await asyncio.to_thread(list_provided, connection.provider, opening)
    key, known_as = connection.provider, map_name(connection)
    items = [item for item in await _pages(connection, access) if entries.chats(key, item, known_as)]
    found = [entries.entry(key, item) for item in items]
    if connection.preset.local:
        found = await local.details(connection, found)
    usable = [entry for entry in found if entry.name and _reachable(connection, entry.name)]
    made = {entry.name: _joined(connection, entry) for entry in usable}
    return sorted(made.values(), key=lambda entry: entry.title.lower())


def from_map(connection: Connection) -> list[Entry]:
    """What LiteLLM's map says about the provider, for when it cannot be asked or has not been yet."""
    name = map_name(connection)
    names = [model for model in prices.names(name) if kinds.chats(model, name)] if name else []
    found = [_joined(connection, Entry(model)) for model in names if _reachable(connection, model)]
    return sorted(found, key=lambda entry: entry.title.lower())


def unlisted(connection: Connection, name: str) -> Entry:
    """A model that the provider does not list, with what the map knows of it."""
    return _joined(connection, Entry(name))


def map_name(connection: Connection) -> str:
    """The provider's name in LiteLLM's map, empty when it has none."""
    return connection.litellm_provider or connection.preset.map_name or prices.map_name_of(connection.base_url)


async def ask(url: str, headers: Mapping[str, str], *, title: str, key: str | None, body: Json | None = None) -> Any:
    """The JSON that `url` answers (POST when there is a body). Raises ModelError."""
    timeout = httpx.Timeout(_SECONDS, connect=settings().connect_timeout)
    try:
        response = await http.client().request(
            "POST" if body is not None else "GET", url, headers=headers, json=body, timeout=timeout
        )
    except httpx.ConnectTimeout:
        raise TimedOut(title, "connect", settings().connect_timeout) from None
    except httpx.TimeoutException:
        raise TimedOut(title, "first_token", _SECONDS) from None
    except httpx.HTTPError as error:
        raise Network(title, url, http.reason(error)) from error
    if response.has_redirect_location:
        raise NoAPI(title, url, f"it leads on to {urljoin(url, response.headers['location'])}")
    if response.status_code >= 400:
        raise error_of(read(response.status_code, response.content, response.headers, key), provider=title, model="")
    try:
        return orjson.loads(response.content)
    except orjson.JSONDecodeError as error:
        page = response.content.lstrip()[:1] == b"<"
        raise NoAPI(title, url, "a web page is there" if page else "what it sends is no JSON") from error


def headers_of(connection: Connection, access: Access) -> dict[str, str]:
    """The headers that carry the key to this provider."""
    headers = dict(access.headers)
    if connection.provider == "anthropic":
        return headers | {"x-api-key": access.key or "", "anthropic-version": "2023-06-01"}
    if connection.provider == "google":
        return headers | {"x-goog-api-key": access.key or ""}
    return headers | ({"authorization": f"Bearer {access.key}"} if access.key else {})


async def _pages(connection: Connection, access: Access) -> list[Json]:
    """All items of the list, page after page. Raises ModelError."""
    path, field = _LISTS.get(connection.provider, ("/models", "data"))
    url, items, seen = f"{connection.base_url}{path}", list[Json](), set[str]()
    while url and url not in seen and len(seen) < _MOST_PAGES:
        seen.add(url)
        value = await ask(url, headers_of(connection, access), title=connection.name, key=access.key)
        page = cast(Json, value).get(field) if isinstance(value, dict) else value
        if page is None and field == "models" and isinstance(value, dict):
            page = list[object]()  # Google leaves an empty list out
        if not isinstance(page, list):
            raise ProviderDown(connection.name, detail="its list of models has a form that is not known")
        items += [cast(Json, item) for item in cast(list[object], page) if isinstance(item, dict)]
        url = _next(url, cast(Json, value)) if isinstance(value, dict) else ""
    return items


def _next(url: str, page: Json) -> str:
    """The address of the page after `page`, empty after the last: by cursor at Anthropic (`has_more`) and Google
    (`nextPageToken`), by link at OpenRouter, which must lead to the same server because the key goes with it."""
    bare, _, query = url.partition("?")
    kept = {name: value for name, value in parse_qsl(query) if name not in ("after_id", "pageToken")}
    if page.get("has_more") is True and page.get("last_id"):
        return f"{bare}?{urlencode({**kept, 'after_id': page['last_id']})}"
    if page.get("nextPageToken"):
        return f"{bare}?{urlencode({**kept, 'pageToken': page['nextPageToken']})}"
    links = page.get("links")
    link = cast(Json, links).get("next") if isinstance(links, dict) else None
    further = urljoin(url, link) if isinstance(link, str) and link else ""
    return further if addresses.root(further) == addresses.root(url) else ""


def _reachable(connection: Connection, name: str) -> bool:
    """Some models answer only in another protocol (OpenAI's Responses), which our own path does not speak."""
    return connection.preset.kind != "openai" or prices.speaks_chat(map_name(connection), name)


def _joined(connection: Connection, entry: Entry) -> Entry:
    """`entry` with what only the map knows. What the provider itself says comes first."""
    name = map_name(connection)
    known = prices.facts(name, entry.name) if name else None
    if known is None:
        return replace(entry, title=entry.title or entry.name)
    price = entry.price
    return replace(
        entry,
        title=entry.title or entry.name,
        context=entry.context or (None if connection.preset.local else known.context),
        output_limit=entry.output_limit or known.output_limit,
        price=Price(
            price.input if price.input is not None else known.price.input,
            price.output if price.output is not None else known.price.output,
            price.cached if price.cached is not None else known.price.cached,
        )
        if price != Price() or connection.provider != "openrouter"
        else price,
        abilities=entry.abilities if entry.abilities is not None else known.abilities,
    )
