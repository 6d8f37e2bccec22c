"""BM25 in memory, for catalogues of names and descriptions: skills and tools, a few thousand texts at most.

Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009), as `bm25s` has it, with the IDF
of Lucene. Words in camelCase and snake_case count as their parts, English endings are taken off (Snowball).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, cast

import bm25s  # pyright: ignore[reportMissingTypeStubs]
import numpy as np
import regex
import Stemmer  # pyright: ignore[reportMissingTypeStubs]
from numpy.typing import NDArray

K1, B = 1.2, 0.75
_PART = regex.compile(r"\p{Han}|\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|[\p{Lo}\p{Lm}\p{M}]+|\p{N}+")
_EMPTY = """
a an and are as at be been but by can could did do does for from had has have how i if in into is it its me my of on or
our please shall should so some such that the their them then there these they this to up us was we were what when where
which who will with would you your
"""


def words(text: str) -> list[str]:
    """The words of a text as they are compared."""
    parts = cast("list[str]", _PART.findall(text))
    return _stemmer().stemWords([part.lower() for part in parts if part.lower() not in _empty()])


class Bm25:
    """An index over texts; it stays as it was made."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._size = len(texts)
        corpus = [words(text) for text in texts]
        self._index: Any = bm25s.BM25(k1=K1, b=B, method="lucene") if any(corpus) else None
        if self._index is not None:
            self._index.index(corpus, show_progress=False)

    def scores(self, query: str) -> NDArray[np.float32]:
        """How well each text fits, in their order; 0 has no word of the query."""
        wanted = words(query)
        if self._index is None or not wanted:
            return np.zeros(self._size, np.float32)
        return self._index.get_scores(wanted)


@lru_cache(maxsize=1)
def _empty() -> frozenset[str]:
    return frozenset(_EMPTY.split())


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    return Stemmer.Stemmer("english")  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
