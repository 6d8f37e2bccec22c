"""Embedding models at a provider, through LiteLLM."""

from __future__ import annotations

import re
from collections.abc import Sequence
from threading import Lock
from typing import Any

import numpy as np

from hub.errors import HubError
from hub.models import blame
from hub.models.litellm_library import library
from hub.search.embed.minilm import Vectors
from hub.settings import settings

BATCH = 96
"""Texts in one request; the least that a large provider takes is 96."""
SECONDS = 60
QUESTION_SECONDS = 8
"""A person waits for a question; then words alone decide."""
LONGEST = 8_000
"""Characters of one text that are sent: what most models read, with room for scripts that need a token a character."""

_NAME = re.compile(r"(?P<model>\S+?)(?:@(?P<dimensions>\d+))?(?: at (?P<url>\S+))?")


class AwayModel(HubError):
    """A model that search uses did not answer: nothing is lost, it is asked again later."""

    kind = "search_model"


class LiteLLMEmbedder:
    """A model by its LiteLLM name ("openai/text-embedding-3-small"), at an address of its own if `url` is given."""

    def __init__(self, model: str, *, url: str = "", dimensions: int = 0, key: str = "") -> None:
        self._model, self._url, self._wanted, self._key = model, url, dimensions, key
        self._dimensions, self._asking = dimensions, Lock()
        self.name = model + (f"@{dimensions}" if dimensions else "") + (f" at {url}" if url else "")

    @classmethod
    def named(cls, name: str, key: str) -> LiteLLMEmbedder | None:
        """The embedder that calls itself `name`."""
        match = _NAME.fullmatch(name)
        if match is None:
            return None
        return cls(match["model"], url=match["url"] or "", dimensions=int(match["dimensions"] or 0), key=key)

    @property
    def dimensions(self) -> int:
        """As wanted; else the model is asked, once."""
        with self._asking:
            if not self._dimensions:
                self._dimensions = len(self._ask(["dimensions"])[0])
            return self._dimensions

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text; raises AwayModel."""
        found = [self._ask(texts[start : start + BATCH]) for start in range(0, len(texts), BATCH)]
        return np.concatenate(found) if found else np.zeros((0, self.dimensions), np.float32)

    def query(self, text: str) -> Vectors:
        """The vector of a question; raises AwayModel."""
        return self._ask([text], QUESTION_SECONDS)[0]

    def _ask(self, texts: Sequence[str], seconds: float = SECONDS) -> Vectors:
        given = [text[:LONGEST] if text.strip() else "." for text in texts]  # providers refuse what is empty
        # LiteLLM knows which of OpenAI's models take it, and refuses it for every other one.
        wanted: dict[str, Any] = {"dimensions": self._wanted, "allowed_openai_params": ["dimensions"]}
        more = wanted if self._wanted else {}
        with told(self._model, self._key):
            answer = library().embedding(
                model=self._model,
                input=given,
                api_key=self._key or None,
                api_base=self._url or None,
                timeout=seconds,
                max_retries=0,
                **more,
            )
        rows = sorted(answer.data, key=lambda row: row["index"])
        vectors = np.array([row["embedding"] for row in rows], np.float32)
        if len(vectors) != len(texts):
            raise AwayModel(f"{self._model} gave {len(vectors)} vectors for {len(texts)} texts.")
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


class told:  # noqa: N801
    """Turns what LiteLLM raises into a sentence."""

    def __init__(self, model: str, key: str) -> None:
        self._model, self._key = model, key

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is None or not isinstance(error, Exception):
            return
        status = getattr(error, "status_code", None)
        said = str(getattr(error, "message", "") or error).removeprefix(f"litellm.{type(error).__name__}: ")
        reply = blame.read(status if isinstance(status, int) else None, said, {}, self._key)
        cause = blame.error_of(reply, provider=self._model.partition("/")[0], model=self._model)
        raise AwayModel(
            f"{self._model} did not answer. {cause.message}",
            hint="Nothing is lost: it is asked again within a minute. HUB_EMBEDDING_MODEL and HUB_RERANK_MODEL, with"
            " _KEY and _URL, say which models search uses.",
        ) from error


def key_for(model: str, given: str) -> str:
    """The key that was given, else the one of the model's provider."""
    provider = {"gemini": "google"}.get(model.partition("/")[0], model.partition("/")[0])
    return given or settings().provider_key(provider) or ""
