"""What local servers tell about their models beyond the OpenAI protocol: the real context, and what a model can do."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import Any, cast

import httpx
import orjson

from hub.models import addresses, http
from hub.models.connections import Connection
from hub.models.types import Ability, Entry

Json = dict[str, Any]

_TIMEOUT = httpx.Timeout(5, connect=2)


async def details(connection: Connection, entries: list[Entry]) -> list[Entry]:
    """`entries` with context and abilities as this kind of server tells them; what it does not tell stays unknown.
    Models that it says are for embeddings only are left out."""
    root = addresses.root(connection.base_url)
    if connection.provider == "ollama":
        limit = asyncio.Semaphore(4)
        loaded = await _ollama_loaded(root)
        asked = await asyncio.gather(*(_ollama(root, entry, loaded, limit) for entry in entries))
        return [entry for entry in asked if entry is not None]
    if connection.provider == "llamacpp":
        return await _llamacpp(root, entries)
    if connection.provider == "lmstudio":
        return await _lmstudio(root, entries)
    return entries


async def _ollama_loaded(root: str) -> dict[str, int]:
    """The context with which models are loaded now: Ollama cuts off whatever is longer."""
    running = await _ask(f"{root}/api/ps")
    return {
        str(model.get("name")): int(model["context_length"])
        for model in cast(list[Json], running.get("models") or [])
        if model.get("context_length")
    }


async def _ollama(root: str, entry: Entry, loaded: dict[str, int], limit: asyncio.Semaphore) -> Entry | None:
    async with limit:
        shown = await _ask(f"{root}/api/show", {"model": entry.name})
    info = cast(Json, shown.get("model_info") or {})
    most = next((int(value) for name, value in info.items() if name.endswith(".context_length")), None)
    chosen = re.search(r"(?m)^num_ctx\s+(\d+)", str(shown.get("parameters") or ""))
    context = loaded.get(entry.name) or (int(chosen[1]) if chosen else most)
    can = set(cast(list[str], shown.get("capabilities") or []))
    if can and "completion" not in can:
        return None
    words: dict[str, Ability] = {"vision": "vision", "tools": "tools", "thinking": "reasoning"}
    abilities = frozenset(ability for word, ability in words.items() if word in can) | {"json"}
    return replace(entry, context=context or entry.context, abilities=abilities if can else entry.abilities)


async def _llamacpp(root: str, entries: list[Entry]) -> list[Entry]:
    props = await _ask(f"{root}/props")
    settings = cast(Json, props.get("default_generation_settings") or {})
    context = settings.get("n_ctx")
    kinds = cast(Json, props.get("modalities") or {})
    abilities: set[Ability] = {"json"}
    if kinds.get("vision"):
        abilities.add("vision")
    if kinds.get("audio"):
        abilities.add("audio")
    if "tools" in str(props.get("chat_template") or ""):
        abilities.add("tools")
    return [
        replace(
            entry,
            context=int(context) if isinstance(context, int) and context > 0 else entry.context,
            abilities=frozenset(abilities) if props else entry.abilities,
        )
        for entry in entries
    ]


async def _lmstudio(root: str, entries: list[Entry]) -> list[Entry]:
    listed = cast(list[Json], (await _ask(f"{root}/api/v0/models")).get("data") or [])
    known = {str(model.get("id")): model for model in listed}
    made: list[Entry] = []
    for entry in entries:
        model = known.get(entry.name, {})
        if model.get("type") == "embeddings":
            continue
        context = model.get("loaded_context_length") or model.get("max_context_length")
        abilities: set[Ability] = {"json"}
        if model.get("type") == "vlm":
            abilities.add("vision")
        if "tool_use" in cast(list[str], model.get("capabilities") or []):
            abilities.add("tools")
        made.append(
            replace(
                entry,
                context=int(context) if context else entry.context,
                abilities=frozenset(abilities) if model else entry.abilities,
            )
        )
    return made


async def _ask(url: str, body: Json | None = None) -> Json:
    """The JSON object at `url`; empty when this server has nothing there, because all of it is extra."""
    try:
        response = await http.client().request("POST" if body else "GET", url, json=body, timeout=_TIMEOUT)
        value: object = orjson.loads(response.content) if response.status_code == 200 else None
    except (httpx.HTTPError, orjson.JSONDecodeError):
        return {}
    return cast(Json, value) if isinstance(value, dict) else {}
