"""What the items of a provider's list of models say, each in the form that the provider documents."""

from __future__ import annotations

from typing import Any, cast

from hub.models import kinds
from hub.models.types import Ability, Entry, Price

Json = dict[str, Any]

_OPENROUTER_PARAMS = {
    "temperature": "temperature",
    "top_p": "top_p",
    "max_tokens": "max_tokens",
    "reasoning": "reasoning_effort",
    "seed": "seed",
    "stop": "stop",
    "response_format": "json_mode",
}


def entry(provider: str, item: Json) -> Entry:
    """The model that `item` of the list of `provider` is about; its name is empty when it has none."""
    return _READERS.get(provider, _openai)(item)


def chats(provider: str, item: Json, map_name: str) -> bool:
    """Whether `item` is a model to chat with: as the list says, else as LiteLLM's map or the name say. What nobody
    knows is taken for a chat model."""
    said = _said(item)
    if said is not None:
        return said
    name = entry(provider, item).name
    return kinds.chats(name, map_name, answers_in_text="supportedGenerationMethods" in item)


def _said(item: Json) -> bool | None:
    """What the list itself says about it, None when it says nothing that decides."""
    if item.get("lifecycle") == "retired" or item.get("active") is False:
        return False
    methods, made = item.get("supportedGenerationMethods"), _dict(item.get("architecture")).get("output_modalities")
    if isinstance(methods, list):
        return None if "generateContent" in methods else False
    if isinstance(made, list):
        return "text" in made
    able = _dict(item.get("capabilities")).get("completion_chat")
    if isinstance(able, bool):
        # Mistral says it of its readers of scanned pages and of speech too: their names tell them apart.
        return able and not kinds.named_otherwise(str(item.get("id")))
    return False if item.get("type") in kinds.OTHER_TYPES else None


def _google(item: Json) -> Entry:
    """https://ai.google.dev/api/models"""
    return Entry(
        name=str(item.get("name") or "").removeprefix("models/"),
        title=str(item.get("displayName") or ""),
        context=_count(item.get("inputTokenLimit")),
        output_limit=_count(item.get("outputTokenLimit")),
    )


def _anthropic(item: Json) -> Entry:
    """https://docs.anthropic.com/en/api/models-list"""
    able = _dict(item.get("capabilities"))
    signs: dict[str, Ability] = {"image_input": "vision", "thinking": "reasoning", "structured_outputs": "json"}
    has: set[Ability] = {ability for sign, ability in signs.items() if _dict(able.get(sign)).get("supported")}
    return Entry(
        name=str(item.get("id") or ""),
        title=str(item.get("display_name") or ""),
        context=_count(item.get("max_input_tokens")),
        output_limit=_count(item.get("max_tokens")),
        abilities=frozenset({*has, "tools"}) if able else None,  # every model of this list takes tools
    )


def _mistral(item: Json) -> Entry:
    """https://docs.mistral.ai/api/#tag/models. The `name` of an alias is the name of the model that it leads to."""
    able = _dict(item.get("capabilities"))
    signs: dict[str, Ability] = {
        "vision": "vision",
        "function_calling": "tools",
        "reasoning": "reasoning",
        "audio": "audio",
    }
    has: set[Ability] = {ability for sign, ability in signs.items() if able.get(sign)}
    return Entry(
        name=str(item.get("id") or ""),
        context=_count(item.get("max_context_length")),
        abilities=frozenset({*has, "json"}) if able else None,
    )


def _openai(item: Json) -> Entry:
    """An item of /models with whatever more this server tells: OpenRouter, vLLM, llama.cpp, Groq, Together."""
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
        output_limit=_count(top.get("max_completion_tokens") or item.get("max_completion_tokens")),
        price=_price(_dict(item.get("pricing"))),
        abilities=_abilities(item),
        params=_params(item.get("supported_parameters")),
    )


_READERS = {"google": _google, "anthropic": _anthropic, "mistral": _mistral}


def _price(pricing: Json) -> Price:
    """OpenRouter states dollars for one token as text; "0" is free and "-1" means that it depends."""
    return Price(*(_million(pricing.get(name)) for name in ("prompt", "completion", "input_cache_read")))


def _abilities(item: Json) -> frozenset[Ability] | None:
    if not isinstance(item.get("supported_parameters"), list):
        return None
    given = set(cast(list[str], item["supported_parameters"]))
    kinds_in = set(cast(list[str], _dict(item.get("architecture")).get("input_modalities") or []))
    flags: dict[Ability, bool] = {
        "vision": "image" in kinds_in,
        "audio": "audio" in kinds_in,
        "tools": "tools" in given,
        "reasoning": "reasoning" in given,
        "json": "response_format" in given,
    }
    return frozenset(ability for ability, has in flags.items() if has)


def _params(given: object) -> frozenset[str] | None:
    if not isinstance(given, list):
        return None
    return frozenset(_OPENROUTER_PARAMS[name] for name in cast(list[str], given) if name in _OPENROUTER_PARAMS)


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
