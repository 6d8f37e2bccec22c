"""Sorting the best hits anew by a model that reads question and passage together; optional, through LiteLLM."""

from __future__ import annotations

from collections.abc import Sequence

from hub.models.litellm_library import library
from hub.search.embed.litellm import AwayModel, key_for, told
from hub.search.records import Hit
from hub.settings import settings

DEEP = 30
"""Hits that are sorted anew."""
SECONDS = 8


def reranker() -> str:
    """The model that HUB_RERANK_MODEL names, "" for none."""
    return settings().rerank_model


def rerank(question: str, hits: Sequence[Hit]) -> list[Hit]:
    """`hits` with the best `DEEP` in the model's order; those that it leaves out follow. Raises AwayModel."""
    model, key = reranker(), key_for(reranker(), settings().rerank_key)
    best = list(hits[:DEEP])
    with told(model, key):
        answer = library().rerank(
            model=model,
            query=question,
            documents=[hit.text for hit in best],
            top_n=len(best),
            api_key=key or None,
            api_base=settings().rerank_url or None,
            timeout=SECONDS,
        )
    order = [int(one["index"]) for one in answer.results]
    if len(set(order)) != len(order) or not set(order) <= set(range(len(best))):
        raise AwayModel(f"{model} gave an order that does not fit its passages.")
    left = [place for place in range(len(best)) if place not in set(order)]
    return [best[place] for place in [*order, *left]] + list(hits[DEEP:])
