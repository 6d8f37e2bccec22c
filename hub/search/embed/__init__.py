"""Texts to vectors: one small Protocol, one module a way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from hub.search.embed.chosen import by_name, configured, why_none
from hub.search.embed.litellm import AwayModel, LiteLLMEmbedder
from hub.search.embed.minilm import MiniLM, Vectors
from hub.search.embed.once import Once


class Embedder(Protocol):
    """Makes vectors of length 1. `name` is stored with each vector: vectors of two names are never compared."""

    @property
    def name(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text; raises HubError when the model cannot be reached."""
        ...

    def query(self, text: str) -> Vectors:
        """The vector of a question."""
        ...


__all__ = ["AwayModel", "Embedder", "LiteLLMEmbedder", "MiniLM", "Once", "Vectors", "by_name", "configured", "why_none"]
