"""An embedder that does not read the same question twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from hub.search.embed import Embedder, Vectors


class Once:
    """As `inner`, for one question that several searches ask, or whose vector is there already.

    `questions` and `texts` are vectors that somebody else has made, by what they are of.
    """

    def __init__(
        self, inner: Embedder, *, questions: Mapping[str, Any] | None = None, texts: Mapping[str, Any] | None = None
    ) -> None:
        self._inner, self._texts = inner, texts
        self._questions = {text: np.array(vector, np.float32) for text, vector in (questions or {}).items()}
        self.name = inner.name

    @property
    def dimensions(self) -> int:
        """As the model has them."""
        return self._inner.dimensions

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text."""
        if self._texts is None:
            return self._inner.embed(texts)
        return np.array([self._texts[text] for text in texts], np.float32)

    def query(self, text: str) -> Vectors:
        """The vector of a question, made once."""
        if text not in self._questions:
            self._questions[text] = self._inner.query(text)
        return self._questions[text]
