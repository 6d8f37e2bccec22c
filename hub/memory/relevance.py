"""Whether what was found has to do with the question at all: the best of nothing is still nothing.

No cosine is taken as it is: a hit must stand out from what has nothing to do with the question.
"""

from __future__ import annotations

from dataclasses import dataclass

from hub.memory.words import content, fingerprint
from hub.search.embed import Embedder
from hub.search.strangers import Ruler, ruler

STRONG = 3.0
"""Spreads above the strangers from which meaning alone is enough."""
WEAK = 1.2
"""Spreads from which a shared word of weight makes up for the rest."""


@dataclass(frozen=True, slots=True)
class Relevance:
    """What a hit must reach for one question. `same`: what repeats the question word for word adds nothing to it."""

    words: frozenset[str]
    same: str
    ruler: Ruler | None = None

    @classmethod
    def of(cls, question: str, embedder: Embedder | None) -> Relevance:
        """For a question; without `embedder` the words alone decide. Raises what the embedder raises."""
        ruled = ruler(embedder, embedder.query(question)) if embedder else None
        return cls(frozenset(content(question)), fingerprint(question), ruled)

    def why(self, text: str, dense: float | None, lexical: float) -> str:
        """Why a text is near enough, in words; "" when it is not."""
        if fingerprint(text) == self.same:
            return ""
        shared = sorted(self.words & content(text)) if lexical > 0 or dense is None else []
        near = None if dense is None or self.ruler is None else self.ruler.above(dense)
        if near is not None and near >= STRONG:
            return f"near in meaning{' and in words (' + ', '.join(shared[:4]) + ')' if shared else ''}"
        if shared and (near is None or near >= WEAK + (0.6 if len(shared) < 2 else 0)):
            return f"shares {', '.join(shared[:4])}"
        return ""
