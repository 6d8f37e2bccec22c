"""The Test button: does a connection work, and if not, what is wrong, in words."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import Any, cast

from hub.models import addresses, listing
from hub.models.connections import Access, Connection
from hub.models.errors import ModelError
from hub.models.litellm_chat import LiteLLMChat
from hub.models.types import ChatMessage, ChatRequest, Params, TextPart


@dataclass(frozen=True, slots=True)
class Check:
    """What came out. `models` is how many the provider lists, `latency_ms` the time of the request that answered.

    `base_url` is a better address when the given one does not work but that one does. `connection` is the id of what
    was tried, once that is stored.
    """

    ok: bool
    sentence: str
    models: int | None = None
    latency_ms: int | None = None
    base_url: str = ""
    connection: str = ""


async def check(connection: Connection, access: Access) -> Check:
    """Asks the provider for its models with the key of the connection; nothing is charged for that. A provider that
    only LiteLLM knows is asked for one token."""
    if connection.source == "demo":
        return Check(True, "The demo is built in and always works.", 1, 0)
    started = perf_counter()
    try:
        if connection.provider == "litellm":
            return await _one_token(connection, access, started)
        extra = await _credit(connection, access) if connection.provider == "openrouter" else ""
        started = perf_counter()
        found = await listing.fetch(connection, access)
    except ModelError as error:
        return await _advice(connection, access, error)
    took = round((perf_counter() - started) * 1000)
    if not found:
        sentence = f"{connection.name} answers, but has no model to chat with. Load or download one there."
        return Check(False, sentence, 0, took)
    many = "one model" if len(found) == 1 else f"{len(found)} models"
    return Check(True, f"{connection.name} works: {many}, answered in {took} ms.{extra}", len(found), took)


async def _credit(connection: Connection, access: Access) -> str:
    """OpenRouter lists its models to everyone, so the key is tested by asking about itself. Raises ModelError."""
    url = f"{connection.base_url}/key"
    value = await listing.ask(url, listing.headers_of(connection, access), title=connection.name, key=access.key)
    data = cast(dict[str, Any], value).get("data") if isinstance(value, dict) else None
    left = cast(dict[str, Any], data).get("limit_remaining") if isinstance(data, dict) else None
    return f" This key may spend ${left:.2f} more." if isinstance(left, int | float) else ""


async def _advice(connection: Connection, access: Access, error: ModelError) -> Check:
    """What is wrong; for an address where no API is, which of the usual ones on the same server would do."""
    of_plugin = connection.preset.kind in ("plugin", "gone")
    if error.kind not in ("model_gone", "no_api") or of_plugin:
        return Check(False, f"{error.message} {error.hint}")
    url = connection.base_url
    wrong = f"Nothing is at {url}" if error.kind == "model_gone" else error.message.removesuffix(".")
    for better in _usual(url):
        if await _answers(connection, access, better):
            return Check(False, f"{wrong}, but {better} works. Use that.", base_url=better)
    if error.kind == "no_api":
        return Check(False, f"{error.message} {error.hint}")
    return Check(False, f"{url} has no list of models. Check the address, most end in /v1.")


def _usual(base_url: str) -> list[str]:
    """Addresses that servers commonly have, other than `base_url` but on the same server: the key goes with it."""
    root = addresses.root(base_url)
    usual = (f"{base_url}/v1", f"{root}/v1", f"{root}/api/v1", f"{root}/openai/v1", f"{root}/api")
    return [url for url in dict.fromkeys(usual) if url != base_url]


async def _answers(connection: Connection, access: Access, base_url: str) -> bool:
    headers = listing.headers_of(connection, access)
    try:
        value = await listing.ask(f"{base_url}/models", headers, title=connection.name, key=access.key)
    except ModelError:
        return False
    return isinstance(value, list) or (isinstance(value, dict) and "data" in value)


async def _one_token(connection: Connection, access: Access, started: float) -> Check:
    known = listing.from_map(connection)
    if not known:
        name = connection.litellm_provider
        return Check(False, f"LiteLLM has no list of models for {name}, so only a first message can test it.")
    cheapest = min(known, key=lambda entry: (entry.price.output is None, entry.price.output or 0))
    model = LiteLLMChat(
        name=cheapest.name,
        provider=connection.preset,
        litellm_provider=connection.litellm_provider,
        key=access.key,
        base_url=connection.base_url,
        title=connection.name,
        headers=dict(access.headers),
    )
    await model.complete(ChatRequest((ChatMessage("user", (TextPart("Hi"),)),), Params(max_tokens=1)))
    took = round((perf_counter() - started) * 1000)
    return Check(True, f"{connection.name} works: {cheapest.name} answered in {took} ms.", len(known), took)
