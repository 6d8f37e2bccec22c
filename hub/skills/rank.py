"""Finding skills by what they are for: BM25 over the name, the description and the beginning of the body, with the
vectors of name and description. `python -m bench skills-search` measures it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from hub.search.bm25 import Bm25
from hub.search.fuse import level
from hub.skills.records import Skill
from hub.tools import vectors

WEIGHT = 3
"""How often the name counts."""
MOST = 5
NEAR = 0.3
"""Cosine from which a skill without a common word counts as found."""


def rank(skills: Sequence[Skill], query: str, most: int = MOST) -> list[Skill]:
    """The skills that fit `query` best, best first; those that share no word with it, and are not near to it in meaning
    either, are not among them."""
    index = _index(tuple((one.id, one.version, one.name, one.description, one.head) for one in skills))
    words = index.scores(query[:1_000]).astype(np.float64)
    found = vectors.near([query[:1_000]], [f"{one.name.replace('-', ' ')}: {one.description}" for one in skills])
    near = None if found is None else found[0]
    scores = words if near is None else level(words) + level(near)
    order = np.argsort(-scores, kind="stable")
    fits = words > 0 if near is None else (words > 0) | (near >= NEAR)
    return [skills[int(place)] for place in order if fits[place]][:most]


@lru_cache(maxsize=32)
def _index(skills: tuple[tuple[str, int, str, str, str], ...]) -> Bm25:
    return Bm25([f"{f'{name} ' * WEIGHT}\n{description}\n{head}" for _, _, name, description, head in skills])
