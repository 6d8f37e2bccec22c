"""Finding skills by what they are for: BM25 over the name, the description and the beginning of the body."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from hub.search.bm25 import Bm25
from hub.skills.records import Skill

WEIGHT = 3
"""How often the name counts."""
MOST = 5


def rank(skills: Sequence[Skill], query: str, most: int = MOST) -> list[Skill]:
    """The skills that fit `query` best, best first; those that share no word with it are not among them."""
    index = _index(tuple((one.id, one.version, one.name, one.description, one.head) for one in skills))
    scores = index.scores(query[:1_000])
    order = sorted(range(len(skills)), key=lambda place: -float(scores[place]))
    return [skills[place] for place in order[:most] if scores[place] > 0]


@lru_cache(maxsize=32)
def _index(skills: tuple[tuple[str, int, str, str, str], ...]) -> Bm25:
    return Bm25([f"{f'{name} ' * WEIGHT}\n{description}\n{head}" for _, _, name, description, head in skills])
