"""The small model on two cores for whole pieces of a document."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from hub.search.embed import Embedder, MiniLM, Vectors

FEW = 16


class Pairs:
    """An embedder that reads many texts in two threads at once: the small model leaves one core to others, which is
    right beside answers and slow for a book."""

    def __init__(self, model: MiniLM) -> None:
        self._model = model
        self.name, self.dimensions = model.name, model.dimensions

    def embed(self, texts: Sequence[str]) -> Vectors:
        """As the model does, one row a text."""
        if len(texts) < FEW:
            return self._model.embed(texts)
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        halves = [order[0::2], order[1::2]]
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        with ThreadPoolExecutor(2) as pool:
            work = [pool.submit(self._model.embed, [texts[place] for place in half]) for half in halves]
            for half, found in zip(halves, work, strict=True):
                vectors[half] = found.result()
        return vectors

    def query(self, text: str) -> Vectors:
        """As the model does."""
        return self._model.query(text)


def for_pieces(model: Embedder | None) -> Embedder | None:
    """`model` for many texts at a time."""
    return Pairs(model) if isinstance(model, MiniLM) else model
