"""What LiteLLM's bundled map knows about models, read from its file: LiteLLM itself is slow to import."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import orjson

from hub.models.types import Ability, Price

_MODES = {"chat", "responses", "completion"}
_ABILITIES: tuple[tuple[str, Ability], ...] = (
    ("supports_vision", "vision"),
    ("supports_function_calling", "tools"),
    ("supports_reasoning", "reasoning"),
    ("supports_response_schema", "json"),
    ("supports_audio_input", "audio"),
)
_HOSTS = {
    "api.groq.com": "groq",
    "api.deepseek.com": "deepseek",
    "api.together.xyz": "together_ai",
    "api.fireworks.ai": "fireworks_ai",
    "api.x.ai": "xai",
    "api.deepinfra.com": "deepinfra",
    "api.perplexity.ai": "perplexity",
    "api.cerebras.ai": "cerebras",
    "api.mistral.ai": "mistral",
    "api.openai.com": "openai",
    "openrouter.ai": "openrouter",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """One model in the map. A price of 0 in the map means that nobody filled it in: it is None here.

    `mode` is what it is for: chat, embedding, image_generation and so on. `speaks_chat` is False for a model that
    answers in other protocols than chat completions only.
    """

    provider: str
    mode: str
    speaks_chat: bool
    context: int | None
    output_limit: int | None
    price: Price
    abilities: frozenset[Ability]


def facts(map_name: str, name: str) -> Facts | None:
    """What the map says about the chat model `name` at the provider that the map calls `map_name`, None when it is not
    there."""
    found = _entry(map_name, name)
    return found if found is not None and found.mode in _MODES else None


def mode(map_name: str, name: str) -> str:
    """What the map says `name` is for, empty when it does not know the model."""
    found = _entry(map_name, name) if map_name else None
    return found.mode if found is not None else ""


def speaks_chat(map_name: str, name: str) -> bool:
    """Whether `name` answers chat completions; True when the map does not say."""
    found = _entry(map_name, name) if map_name else None
    return found is None or found.speaks_chat


def _entry(map_name: str, name: str) -> Facts | None:
    known = _map()
    for key in (f"{map_name}/{name}", name, name.partition(":")[0]):
        found = known.get(key)
        if found is not None and _same(found.provider, map_name):
            return found
    return None


def names(map_name: str) -> list[str]:
    """The names of all chat models that the map has for a provider, newest spelling first as in the map."""
    prefix = f"{map_name}/"
    found = (
        key.removeprefix(prefix)
        for key, value in _map().items()
        if value.mode in _MODES and _same(value.provider, map_name)
    )
    return list(dict.fromkeys(name for name in found if not name.startswith("ft:")))


def map_name_of(base_url: str) -> str:
    """The map's name for the provider at `base_url`, empty when the address is not a known one."""
    return _HOSTS.get(urlsplit(base_url).hostname or "", "")


@lru_cache(maxsize=1)
def litellm_providers() -> tuple[str, ...]:
    """The names of all providers that LiteLLM reaches, sorted."""
    listed = orjson.loads((_package() / "provider_endpoints_support_backup.json").read_bytes())
    return tuple(sorted(cast(dict[str, Any], listed["providers"])))


def family(name: str) -> str:
    """One name for the same model at several providers: without vendor, date, price tier and punctuation."""
    short = name.rpartition("/")[2].lower().partition(":")[0].partition("@")[0]
    short = re.sub(r"[._\s]+", "-", short)
    short = re.sub(r"-(?:latest|preview|exp|\d{8}|\d{4}-\d{2}-\d{2}|\d{2}-\d{2}|gguf)(?=-|$)", "", short)
    return short.strip("-")


@lru_cache(maxsize=1)
def _map() -> dict[str, Facts]:
    raw: dict[str, dict[str, Any]] = orjson.loads(
        (_package() / "model_prices_and_context_window_backup.json").read_bytes()
    )
    return {key: _facts(value) for key, value in raw.items() if value.get("mode") and key != "sample_spec"}


def _facts(value: dict[str, Any]) -> Facts:
    endpoints = cast(list[str], value.get("supported_endpoints") or [])
    return Facts(
        provider=str(value.get("litellm_provider") or ""),
        mode=str(value["mode"]),
        speaks_chat=not endpoints or "/v1/chat/completions" in endpoints,
        context=_count(value.get("max_input_tokens") or value.get("max_tokens")),
        output_limit=_count(value.get("max_output_tokens")),
        price=Price(
            _million(value.get("input_cost_per_token")),
            _million(value.get("output_cost_per_token")),
            _million(value.get("cache_read_input_token_cost")),
        ),
        abilities=frozenset(ability for flag, ability in _ABILITIES if value.get(flag)),
    )


def _same(provider: str, map_name: str) -> bool:
    return provider == map_name or (map_name in ("ollama", "bedrock", "vertex_ai") and provider.startswith(map_name))


def _package() -> Path:
    spec = find_spec("litellm")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("litellm is not installed")
    return Path(spec.submodule_search_locations[0])


def _million(value: object) -> float | None:
    return round(float(value) * 1_000_000, 6) if isinstance(value, int | float) and value > 0 else None


def _count(value: object) -> int | None:
    return int(value) if isinstance(value, int | float) and value > 0 else None
