"""Ranking tools by what they are asked for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hub.search.bm25 import Bm25
from hub.turns import Tool


def rank(query: str, tools: Sequence[Tool], most: int = 5) -> list[Tool]:
    """The tools that fit the query, best first."""
    scores = Bm25([f"{tool.name} {tool.name} {tool.spec.description}" for tool in tools]).scores(query)
    return [tools[at] for at in np.argsort(-scores)[:most] if scores[at] > 0]
