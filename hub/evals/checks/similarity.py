"""Whether the answer means the same, by vectors that this computer makes itself."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from hub.evals.checks.base import EXPECTED, CannotTell, Found, Plain, Subject, filled

if TYPE_CHECKING:
    from hub.search.embed import MiniLM, Vectors


class Similarity(Plain):
    """Cosine of the two texts' vectors. The model is always the same one, whatever search uses, so that figures of two
    runs can be compared."""

    TITLE: ClassVar[str] = "Similarity"
    SAYS: ClassVar[str] = "The answer means about the same as a text, for English above all."

    kind: ClassVar[str] = "similarity"
    value: str = Field(EXPECTED, title="Text", description="About the first 180 words of both texts are compared.")
    threshold: float = Field(
        0.75, ge=-1, le=1, title="At least", description="1 is the same, 0 has nothing to do with it."
    )

    @property
    def slow(self) -> bool:
        """Yes."""
        return True

    def look(self, subject: Subject) -> Found:
        """Raises CannotTell where the model is not installed."""
        wanted = filled(self.value, subject).strip()
        if not wanted:
            raise CannotTell("The text to compare with is empty.")
        if not subject.text.strip():
            return Found(False, "The answer is empty.", 0.0)
        cosine = min(1.0, float(_vector(wanted) @ _embedder().query(subject.text)))
        return Found(cosine >= self.threshold, f"Similarity {cosine:.2f}.", max(0.0, cosine))


def _embedder() -> MiniLM:
    from hub.search.embed import MiniLM, by_name, why_none

    found = by_name(MiniLM.name)
    if not isinstance(found, MiniLM):
        raise CannotTell(why_none())
    return found


@lru_cache(maxsize=4096)
def _vector(text: str) -> Vectors:
    """What is expected is expected of every model."""
    return _embedder().query(text)
