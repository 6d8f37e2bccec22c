"""Which models a provider has, asked from it and joined with LiteLLM's map."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

import httpx
import orjson

from hub.models import http, local, prices
from hub.models.blame import error_of, read
from hub.models.connections import Access, Connection
from hub.models.errors import Network, ProviderDown, TimedOut
from hub.models.types import Ability, Entry, Price
from hub.settings import settings

Json = dict[str, Any]

_NO_CHAT = re.compile(
    r"(?i)embed|whisper|tts|dall-e|moderation|realtime|transcri|gpt-image|sora|rerank|babbage|davinci|imagen|veo-|aqa|ocr"
)
_OPENROUTER_PARAMS = {
    "temperature": "temperature",
    "top_p": "top_p",
    "max_tokens": "max_tokens",
    "reasoning": "reasoning_effort",
    "seed": "seed",
    "stop": "stop",
    "response_format": "json_mode",
}
_SECONDS = 20


async def fetch(connection: Connection, access: Access) -> list[Entry]:
    """The chat models behind `connection`, sorted by title. Raises ModelError when the provider does not answer."""
    key = connection.provider
    if key == "litellm":
        return from_map(connection)
    if key == "anthropic":
        found = [_anthropic(item) for item in await _items(connection, access, "/v1/models?limit=1000", "data")]
    elif key == "google":
        found = await _google(connection, access)
    else:
        found = [_openai(item) for item in await _items(connection, access, "/models", "data")]
    if connection.preset.local:
        found = await local.details(connection, found)
    chat = [_joined(connection, entry) for entry in found if not _NO_CHAT.search(entry.name)]
    return sorted({entry.name: entry for entry in chat}.values(), key=lambda entry: entry.title.lower())


def from_map(connection: Connection) -> list[Entry]:
    """What LiteLLM's map says about the provider, for when it cannot be asked or has not been yet."""
    name = map_name(connection)
    found = [_joined(connection, Entry(model)) for model in prices.names(name)] if name else []
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
        cause = "nothing answers there" if isinstance(error, httpx.ConnectError) else type(error).__name__
        raise Network(title, url, cause) from error
    if response.status_code >= 400:
        raise error_of(read(response.status_code, response.content, response.headers, key), provider=title, model="")
    try:
        return orjson.loads(response.content)
    except orjson.JSONDecodeError as error:
        detail = "it answered with something that is no JSON, so the address is probably not that of an API"
        raise ProviderDown(title, response.status_code, detail) from error


def headers_of(connection: Connection, access: Access) -> dict[str, str]:
    """The headers that carry the key to this provider."""
    headers = dict(access.headers)
    if connection.provider == "anthropic":
        return headers | {"x-api-key": access.key or "", "anthropic-version": "2023-06-01"}
    if connection.provider == "google":
        return headers | {"x-goog-api-key": access.key or ""}
    return headers | ({"authorization": f"Bearer {access.key}"} if access.key else {})


async def _items(connection: Connection, access: Access, path: str, field: str) -> list[Json]:
    url = f"{connection.base_url}{path}"
    value = await ask(url, headers_of(connection, access), title=connection.name, key=access.key)
    items = cast(Json, value).get(field) if isinstance(value, dict) else value
    if not isinstance(items, list):
        raise ProviderDown(connection.name, detail="its list of models has a form that is not known")
    return [cast(Json, item) for item in cast(list[object], items) if isinstance(item, dict)]


async def _google(connection: Connection, access: Access) -> list[Entry]:
    items = await _items(connection, access, "/v1beta/models?pageSize=1000", "models")
    return [
        Entry(
            name=str(item["name"]).removeprefix("models/"),
            title=str(item.get("displayName") or ""),
            context=_count(item.get("inputTokenLimit")),
            output_limit=_count(item.get("outputTokenLimit")),
        )
        for item in items
        if "generateContent" in item.get("supportedGenerationMethods", ())
    ]


def _anthropic(item: Json) -> Entry:
    return Entry(
        name=str(item["id"]),
        title=str(item.get("display_name") or ""),
        context=_count(item.get("max_input_tokens")),
        output_limit=_count(item.get("max_tokens")),
    )


def _openai(item: Json) -> Entry:
    """An item of /models with whatever more this server tells: OpenRouter, vLLM, llama.cpp, Mistral, Groq, Together."""
    top = _dict(item.get("top_provider"))
    context = next(
        (
            item[name]
            for name in ("context_length", "max_model_len", "max_context_length", "context_window")
            if item.get(name)
        ),
        _dict(item.get("meta")).get("n_ctx_train"),
    )
    return Entry(
        name=str(item.get("id") or item.get("name") or ""),
        title=str(item.get("name") or item.get("display_name") or ""),
        context=_count(top.get("context_length") or context),
        output_limit=_count(top.get("max_completion_tokens")),
        price=_price(_dict(item.get("pricing"))),
        abilities=_abilities(item),
        params=_params(item.get("supported_parameters")),
    )


def _price(pricing: Json) -> Price:
    """OpenRouter states dollars for one token as text; "0" is free and "-1" means that it depends."""
    return Price(*(_million(pricing.get(name)) for name in ("prompt", "completion", "input_cache_read")))


def _abilities(item: Json) -> frozenset[Ability] | None:
    if isinstance(item.get("supported_parameters"), list):
        given = set(cast(list[str], item["supported_parameters"]))
        kinds = set(cast(list[str], _dict(item.get("architecture")).get("input_modalities") or []))
        flags: dict[Ability, bool] = {
            "vision": "image" in kinds,
            "audio": "audio" in kinds,
            "tools": "tools" in given,
            "reasoning": "reasoning" in given,
            "json": "response_format" in given,
        }
        return frozenset(ability for ability, has in flags.items() if has)
    if isinstance(item.get("capabilities"), dict):
        able = cast(Json, item["capabilities"])
        flags = {"vision": bool(able.get("vision")), "tools": bool(able.get("function_calling")), "json": True}
        return frozenset(ability for ability, has in flags.items() if has)
    return None


def _params(given: object) -> frozenset[str] | None:
    if not isinstance(given, list):
        return None
    return frozenset(_OPENROUTER_PARAMS[name] for name in cast(list[str], given) if name in _OPENROUTER_PARAMS)


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


def _million(text: object) -> float | None:
    try:
        value = float(str(text))
    except ValueError:
        return None
    return round(value * 1_000_000, 6) if value >= 0 else None


def _count(value: object) -> int | None:
    return int(value) if isinstance(value, int | float) and value > 0 else None


def _dict(value: object) -> Json:
    return cast(Json, value) if isinstance(value, dict) else {}
