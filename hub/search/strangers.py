"""How near two texts are by what an embedding model makes of texts that have nothing to do with each other.

Cosines of different models cannot be compared: 0.3 is near for one and far for another. So a text is compared with
sentences about anything and with what people say in passing, and what is near has to stand out from those.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

from hub.search.embed import Embedder, Vectors

LEAST_SPREAD = 0.03
SENTENCES = (
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
IN_PASSING = (
    "Hello!",
    "Hi, how are you?",
    "Good morning",
    "Thanks!",
    "Thank you so much, that helps",
    "You're welcome",
    "Yes, please",
    "No",
    "Okay",
    "Sounds good",
    "That's great, well done!",
    "Wow, really?",
    "I see",
    "Go on",
    "Tell me more",
    "Why?",
    "What do you mean?",
    "Again, please",
    "Try again",
    "Look at this",
    "Read this",
    "Do it",
    "Shorter, please",
    "Stop",
    "Wait a moment",
    "Sorry",
    "Never mind",
    "Bye, see you",
    "Can you help me?",
    "What do you think?",
    "What should I do?",
    "Hurry up",
)
"""Without them a message that asks nothing ("tell me more") stands out from all sentences, and so does every other one
of its kind: whatever was said in passing would be near to it."""

_lock = Lock()
_known: dict[str, Vectors] = {}


@dataclass(frozen=True, slots=True)
class Ruler:
    """What a cosine with one text means: `mean` and `spread` of those that strangers have with it."""

    mean: float
    spread: float

    def above(self, cosine: float) -> float:
        """How many spreads a cosine stands above the strangers."""
        return (cosine - self.mean) / self.spread


def ruler(embedder: Embedder, vector: Vectors) -> Ruler:
    """The ruler for the text with this vector. The strangers are read once for each model; raises what it raises."""
    with _lock:
        if embedder.name not in _known:
            _known[embedder.name] = embedder.embed(SENTENCES + IN_PASSING)
    cosines = _known[embedder.name] @ vector
    return Ruler(float(cosines.mean()), max(float(cosines.std()), LEAST_SPREAD))
