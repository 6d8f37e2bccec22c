"""The providers that the hub knows by name: one row each. A new provider is one row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hub.errors import BadInput

Kind = Literal["openai", "litellm", "demo", "plugin", "gone"]
Continues = Literal["prefill", "vllm", "prefix", "ask"]


@dataclass(frozen=True, slots=True)
class Provider:
    """How to reach a provider and what its dialect is.

    `kind` openai is the direct HTTP path, litellm goes through LiteLLM under the name `litellm`; plugin is answered by
    the plugin that brought the row, gone is one whose plugin is switched off or not there any more. `map_name` is the
    provider's name in LiteLLM's price map. `continues` says how an unfinished answer is continued: by a last assistant
    message as it is (prefill), with vLLM's flags, with Mistral's prefix mark, or by asking in words.
    `suggested` are beginnings of model names to offer first, best first.
    """

    key: str
    title: str
    kind: Kind
    base_url: str = ""
    litellm: str = ""
    map_name: str = ""
    key_page: str = ""
    local: bool = False
    needs_key: bool = True
    asks_base_url: bool = False
    max_tokens: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    effort: Literal["reasoning_effort", "reasoning"] = "reasoning_effort"
    continues: Continues = "ask"
    suggested: tuple[str, ...] = ()


PROVIDERS: tuple[Provider, ...] = (
    Provider(
        "openrouter",
        "OpenRouter",
        "openai",
        base_url="https://openrouter.ai/api/v1",
        map_name="openrouter",
        key_page="https://openrouter.ai/settings/keys",
        effort="reasoning",
        continues="prefill",
        suggested=("openrouter/auto", "openai/gpt-5-mini", "google/gemini-2.5-flash"),
    ),
    Provider(
        "openai",
        "OpenAI",
        "openai",
        base_url="https://api.openai.com/v1",
        map_name="openai",
        key_page="https://platform.openai.com/api-keys",
        max_tokens="max_completion_tokens",
        suggested=("gpt-5-mini", "gpt-4.1-mini", "gpt-4o-mini"),
    ),
    Provider(
        "anthropic",
        "Anthropic",
        "litellm",
        base_url="https://api.anthropic.com",
        litellm="anthropic",
        map_name="anthropic",
        key_page="https://console.anthropic.com/settings/keys",
        continues="prefill",
        suggested=("claude-sonnet-4", "claude-haiku-4", "claude-3-5-haiku"),
    ),
    Provider(
        "google",
        "Google",
        "litellm",
        base_url="https://generativelanguage.googleapis.com",
        litellm="gemini",
        map_name="gemini",
        key_page="https://aistudio.google.com/apikey",
        suggested=("gemini-2.5-flash", "gemini-2.0-flash"),
    ),
    Provider(
        "mistral",
        "Mistral",
        "litellm",
        base_url="https://api.mistral.ai/v1",
        litellm="mistral",
        map_name="mistral",
        key_page="https://console.mistral.ai/api-keys",
        continues="prefix",
        suggested=("mistral-small-latest", "mistral-medium-latest"),
    ),
    Provider(
        "openai_compatible",
        "Any OpenAI-compatible server",
        "openai",
        needs_key=False,
        asks_base_url=True,
        continues="prefill",
    ),
    Provider("litellm", "Any LiteLLM provider", "litellm", needs_key=False, continues="ask"),
    Provider(
        "ollama",
        "Ollama",
        "openai",
        base_url="http://127.0.0.1:11434/v1",
        map_name="ollama",
        local=True,
        needs_key=False,
        asks_base_url=True,
        continues="prefill",
    ),
    Provider(
        "lmstudio",
        "LM Studio",
        "openai",
        base_url="http://127.0.0.1:1234/v1",
        local=True,
        needs_key=False,
        asks_base_url=True,
        continues="prefill",
    ),
    Provider(
        "llamacpp",
        "llama.cpp",
        "openai",
        base_url="http://127.0.0.1:8080/v1",
        local=True,
        needs_key=False,
        asks_base_url=True,
        continues="prefill",
    ),
    Provider(
        "vllm",
        "vLLM",
        "openai",
        base_url="http://127.0.0.1:8000/v1",
        local=True,
        needs_key=False,
        asks_base_url=True,
        continues="vllm",
    ),
)
"""In the order in which they are offered."""

DEMO = Provider("demo", "Demo", "demo", needs_key=False)

_BY_KEY = {provider.key: provider for provider in (*PROVIDERS, DEMO)}


def provider(key: str) -> Provider:
    """The provider named `key`, of the table or of a plugin; raises BadInput for a name that neither has."""
    found = _BY_KEY.get(key) or _of_plugin(key)
    if found is None:
        raise BadInput(f"There is no provider named {key}.", hint=f"Known are: {', '.join(_BY_KEY)}.")
    return found


def stored_provider(key: str) -> Provider:
    """As `provider`, for what is stored: the name of a plugin's provider stays when the plugin goes."""
    return _BY_KEY.get(key) or _of_plugin(key) or Provider(key, key, "gone", needs_key=False)


def offered() -> tuple[Provider, ...]:
    """What a person can connect to: the table, then what plugins add."""
    from hub.models import provided  # which knows this table

    return (*PROVIDERS, *provided.rows())


def _of_plugin(key: str) -> Provider | None:
    from hub.models import provided  # which knows this table

    return provided.row(key)
