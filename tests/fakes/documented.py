"""Lists of models in the forms that providers document, page by page where they have pages.

OpenAI: platform.openai.com/docs/api-reference/models/list. Anthropic: docs.anthropic.com/en/api/models-list.
Google: ai.google.dev/api/models. Mistral: docs.mistral.ai/api. OpenRouter: openrouter.ai/docs/models.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
Query = dict[str, str]


def openai(_: Query) -> Json:
    names = (
        "gpt-4o-mini",
        "gpt-5-mini",
        "gpt-9-unheard-of",
        "ft:gpt-4o-mini:my-org::abc123",
        "gpt-5-pro",
        "text-embedding-3-large",
        "tts-1-hd",
        "whisper-1",
        "gpt-4o-transcribe",
        "omni-moderation-latest",
        "gpt-image-1",
        "gpt-realtime",
        "gpt-11-realtime-preview",
        "dall-e-3",
        "sora-2",
        "babbage-002",
    )
    return {
        "object": "list",
        "data": [{"id": name, "object": "model", "created": 1686935002, "owned_by": "openai"} for name in names],
    }


def anthropic(query: Query) -> Json:
    pages = {
        "": [("claude-opus-4-6", "Claude Opus 4.6", "active")],
        "claude-opus-4-6": [
            ("claude-sonnet-4-20250514", "Claude Sonnet 4", "active"),
            ("claude-2.1", "Claude 2.1", "retired"),
        ],
    }
    after = query.get("after_id", "")
    page = [_claude(*one) for one in pages[after]]
    return {"data": page, "has_more": not after, "first_id": page[0]["id"], "last_id": page[-1]["id"]}


def _claude(name: str, title: str, lifecycle: str) -> Json:
    return {
        "type": "model",
        "id": name,
        "display_name": title,
        "created_at": "2025-02-19T00:00:00Z",
        "lifecycle": lifecycle,
        "max_input_tokens": 200000,
        "max_tokens": 64000,
        "capabilities": {
            "batch": {"supported": True},
            "image_input": {"supported": True},
            "structured_outputs": {"supported": False},
            "thinking": {"supported": True, "types": {"enabled": {"supported": True}}},
        },
    }


def google(query: Query) -> Json:
    if query.get("pageToken") == "second":
        return {"models": [_gemini("gemini-embedding-001", "embedContent"), _gemini("gemini-2.5-pro-preview-tts")]}
    return {
        "models": [
            _gemini("gemini-2.5-flash", "generateContent", "countTokens", "createCachedContent"),
            _gemini("gemini-2.5-flash-image"),
            _gemini("gemini-9-unheard-of"),
            _gemini("gemini-2.5-flash-native-audio-latest", "bidiGenerateContent"),
            _gemini("imagen-4.0-generate-001", "predict"),
            _gemini("aqa", "generateAnswer"),
        ],
        "nextPageToken": "second",
    }


def _gemini(name: str, *methods: str) -> Json:
    return {
        "name": f"models/{name}",
        "version": "001",
        "displayName": name.replace("-", " ").title(),
        "description": "A model.",
        "inputTokenLimit": 1048576,
        "outputTokenLimit": 65536,
        "supportedGenerationMethods": list(methods) or ["generateContent", "countTokens"],
        "temperature": 1,
        "thinking": True,
    }


def mistral(_: Query) -> Json:
    return {
        "object": "list",
        "data": [
            _mistral("mistral-large-2512", "mistral-large-latest", vision=True),
            _mistral("mistral-large-latest", "mistral-large-2512", name="mistral-large-2512", vision=True),
            _mistral("voxtral-mini-latest", audio=True, function_calling=False),
            _mistral("mistral-embed", completion_chat=False, function_calling=False),
            _mistral("mistral-ocr-latest", function_calling=False, vision=True),
            _mistral("mistral-moderation-latest", completion_chat=False, classification=True),
        ],
    }


def _mistral(id_: str, *aliases: str, name: str = "", **able: bool) -> Json:
    return {
        "id": id_,
        "object": "model",
        "created": 1711430400,
        "owned_by": "mistralai",
        "capabilities": {
            "completion_chat": True,
            "completion_fim": False,
            "function_calling": True,
            "fine_tuning": False,
            "vision": False,
            "classification": False,
            **able,
        },
        "name": name or id_,
        "description": "A model.",
        "max_context_length": 131072,
        "aliases": list(aliases),
        "deprecation": None,
        "default_model_temperature": 0.3,
        "type": "base",
    }


def openrouter(query: Query) -> Json:
    """Two pages by link, of which the second has a model that makes only pictures."""
    if query.get("offset") == "2":
        return {"data": [_routed("google/imagen-9", "image")], "links": {"next": None}, "total_count": 3}
    page = [_routed("openai/gpt-4", "text"), _routed("google/gemini-2.5-flash-image", "text", "image")]
    return {"data": page, "links": {"next": "/api/v1/models?offset=2&limit=2"}, "total_count": 3}


def _routed(name: str, *made: str) -> Json:
    return {
        "id": name,
        "canonical_slug": name,
        "name": f"Maker: {name.rpartition('/')[2]}",
        "created": 1692901234,
        "description": "A model.",
        "context_length": 8192,
        "architecture": {"input_modalities": ["text"], "output_modalities": list(made), "tokenizer": "GPT"},
        "pricing": {"prompt": "0.00003", "completion": "0.00006", "input_cache_read": "0.000003"},
        "top_provider": {"context_length": 8192, "max_completion_tokens": 4096, "is_moderated": True},
        "per_request_limits": None,
        "supported_parameters": ["temperature", "top_p", "max_tokens", "tools"],
    }


PAGES = {
    ("openai-documented", "/v1/models"): openai,
    ("anthropic-documented", "/v1/models"): anthropic,
    ("google-documented", "/v1beta/models"): google,
    ("mistral-documented", "/v1/models"): mistral,
    ("openrouter-documented", "/api/v1/models"): openrouter,
}
"""By flavour of the server and path."""
