"""Whether what was found has to do with the question at all: the best of nothing is still nothing.

Cosines of different embedding models are not comparable, so none is taken as it is: the question is compared with
sentences that have nothing to do with it, and a hit must stand out from those.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

from hub.memory.words import content
from hub.search.embed import Embedder, Vectors

STRONG = 3.0
"""Spreads above the strangers from which meaning alone is enough."""
WEAK = 1.2
"""Spreads from which a shared word of weight makes up for the rest."""
LEAST_SPREAD = 0.03
STRANGERS = (
    "The train to the harbour leaves at a quarter past nine.",
    "Copper conducts electricity better than iron.",
    "She painted the fence green before the rain came.",
    "The committee adjourned without a decision.",
    "Mix the flour with water and let the dough rest.",
    "Penguins keep their eggs warm on their feet.",
    "The invoice was paid by bank transfer.",
    "His new guitar has nylon strings.",
    "Volcanic soil is rich in minerals.",
    "They lost the match in the last minute.",
    "The function returns an empty list.",
    "A lighthouse stands on the northern cliff.",
    "Our neighbours have adopted an old dog.",
    "The museum is closed on Mondays.",
    "Please restart the server after the update.",
    "He studied law for two years and then gave it up.",
    "The bridge was built in the nineteenth century.",
    "Tomatoes need sun and regular watering.",
    "I could not sleep because of the noise.",
    "The price of coffee has doubled.",
    "My cousin is getting married in spring.",
    "The film was too long and rather dull.",
    "We should compare the two contracts.",
    "Her office is on the third floor.",
    "What time does the shop open?",
    "I usually go running before work.",
    "The children were excited about the trip.",
    "Thanks, that was very helpful!",
    "He is looking for a new flat.",
    "The doctor recommended more exercise.",
    "Could you write a short summary?",
    "It rained all weekend, so we stayed at home.",
)


class Background:
    """How near strangers are to a question, by embedding model; made once for each."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: dict[str, Vectors] = {}

    def of(self, embedder: Embedder, question: Vectors) -> tuple[float, float]:
        """Mean and spread of the cosines between the question and the strangers."""
        with self._lock:
            if embedder.name not in self._known:
                self._known[embedder.name] = embedder.embed(STRANGERS)
        cosines = self._known[embedder.name] @ question
        return float(cosines.mean()), max(float(cosines.std()), LEAST_SPREAD)


_background = Background()


@dataclass(frozen=True, slots=True)
class Relevance:
    """What a hit must reach for one question."""

    words: frozenset[str]
    mean: float = 0.0
    spread: float = 1.0

    @classmethod
    def of(cls, question: str, embedder: Embedder | None, vector: Vectors | None) -> Relevance:
        """For a question and its vector."""
        words = frozenset(content(question))
        if embedder is None or vector is None:
            return cls(words)
        return cls(words, *_background.of(embedder, vector))

    def above(self, dense: float | None) -> float | None:
        """How many spreads a cosine stands above the strangers."""
        return None if dense is None else (dense - self.mean) / self.spread

    def why(self, text: str, dense: float | None, lexical: float) -> str:
        """Why a text is near enough, in words; "" when it is not."""
        shared = sorted(self.words & content(text)) if lexical > 0 or dense is None else []
        above = self.above(dense)
        if above is not None and above >= STRONG:
            return f"near in meaning{' and in words (' + ', '.join(shared[:4]) + ')' if shared else ''}"
        if shared and (above is None or above >= WEAK + (0.6 if len(shared) < 2 else 0)):
            return f"shares {', '.join(shared[:4])}"
        return ""
