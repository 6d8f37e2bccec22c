"""A question as the rooms ask it: by the model that serves, sorted anew if a model for that is set up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hub.search import serving
from hub.search.embed import AwayModel
from hub.search.find import find
from hub.search.fuse import Weights
from hub.search.records import Filter, Hit, Space
from hub.search.rerank import DEEP, rerank, reranker


@dataclass(frozen=True, slots=True)
class Found:
    """Hits, best first, and sentences about what could not be done as it is set up."""

    hits: list[Hit]
    notices: tuple[str, ...] = ()


def ask(
    spaces: Sequence[Space],
    text: str,
    *,
    most: int = 10,
    only: Filter | None = None,
    weights: Weights | None = None,
    again: bool = True,
) -> Found:
    """As `find`. When the embedding model is away the words alone decide, when the reranking model is away the order
    stays; both are said. `again`: whether results may be sorted anew. Raises StoreDown."""
    notices: list[str] = []
    deep = max(most, DEEP) if again and reranker() else most
    try:
        hits = find(spaces, text, serving.embedder(), most=deep, only=only, weights=weights)
    except AwayModel as error:
        notices.append(f"Found by words alone: {error.message}")
        hits = find(spaces, text, None, most=deep, only=only, weights=weights)
    if again and reranker() and len(hits) > 1:
        try:
            hits = rerank(text, hits)
        except AwayModel as error:
            notices.append(f"In the index's own order: {error.message}")
    return Found(hits[:most], tuple(notices))
