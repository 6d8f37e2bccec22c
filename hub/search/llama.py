"""The index as LlamaIndex sees it: a vector store for its retrievers, and our embedding model as its own.

store = HubVectorStore(collection="notes", owner=who.id, scope="")
index = VectorStoreIndex.from_vector_store(store, embed_model=HubEmbedding())
index.as_retriever(vector_store_query_mode="hybrid").retrieve("...")

LlamaIndex takes seconds to load: import this module only where it is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.schema import BaseNode, MetadataMode
from llama_index.core.vector_stores import utils
from llama_index.core.vector_stores.types import (
    BasePydanticVectorStore,
    FilterCondition,
    FilterOperator,
    MetadataFilter,
    MetadataFilters,
    VectorStoreQuery,
    VectorStoreQueryMode,
    VectorStoreQueryResult,
)

from hub.errors import BadInput
from hub.search import index
from hub.search.embed import Embedder, Once
from hub.search.find import find
from hub.search.fuse import Weights
from hub.search.records import Entry, Filter, Hit, Space
from hub.search.serving import embedder

_utils: Any = utils  # half of it is untyped
_BY_MEANING = Weights(lexical=0, near=0, whole=0)
_WORDS = {VectorStoreQueryMode.TEXT_SEARCH, VectorStoreQueryMode.SPARSE}
_MODES = {VectorStoreQueryMode.DEFAULT, VectorStoreQueryMode.HYBRID, *_WORDS}


class HubVectorStore(BasePydanticVectorStore):
    """One collection of one owner. A filter may name the scope; the owner is fixed, whatever a filter says.

    Filters are compared for equality with the metadata of the nodes, inside the query.
    """

    stores_text: bool = True
    collection: str
    owner: str
    scope: str = ""

    @classmethod
    def class_name(cls) -> str:
        """As LlamaIndex names it."""
        return "HubVectorStore"

    @property
    def client(self) -> Any:
        """None: connections come from the pool of the process."""
        return None

    def add(self, nodes: Sequence[BaseNode], **kwargs: Any) -> list[str]:
        """Stores nodes with their text; a vector that a node has is taken, others come in the background."""
        places: dict[str, int] = {}
        entries: list[Entry] = []
        for node in nodes:
            group = node.ref_doc_id or node.node_id
            places[group] = places.get(group, -1) + 1
            entries.append(_entry(node, group, places[group]))
        vectors = {entry.text: node.embedding for entry, node in zip(entries, nodes, strict=True) if node.embedding}
        model = embedder()
        given = Once(model, texts=vectors) if model and len(vectors) == len({one.text for one in entries}) else None
        index.put(Space(self.collection, self.owner, self.scope), entries, given)
        return [node.node_id for node in nodes]

    def delete(self, ref_doc_id: str, **delete_kwargs: Any) -> None:
        """Takes the nodes of a document out."""
        index.drop_group(Space(self.collection, self.owner, self.scope), ref_doc_id)

    def delete_nodes(
        self, node_ids: list[str] | None = None, filters: MetadataFilters | None = None, **delete_kwargs: Any
    ) -> None:
        """Takes nodes out by their ids."""
        if filters is not None:
            raise BadInput("Nodes are deleted by their ids, not by a filter.")
        index.drop(Space(self.collection, self.owner, self.scope), node_ids or [])

    def query(self, query: VectorStoreQuery, **kwargs: Any) -> VectorStoreQueryResult:
        """By meaning, by words, or by both (hybrid, where `alpha` weighs meaning against words)."""
        if query.mode not in _MODES:
            raise BadInput(f"The index does not know the query mode {query.mode}.")
        scopes, about = self._filters(query.filters)
        only = Filter(
            items=tuple(query.node_ids) if query.node_ids else None,
            groups=tuple(query.doc_ids) if query.doc_ids else None,
            about=about,
        )
        model = None if query.mode in _WORDS else embedder()
        asked = query.query_str or ""
        given = Once(model, questions={asked: query.query_embedding}) if model and query.query_embedding else model
        hits = find(
            [Space(self.collection, self.owner, scope) for scope in scopes],
            asked,
            given,
            most=(query.hybrid_top_k if query.mode is VectorStoreQueryMode.HYBRID else None) or query.similarity_top_k,
            only=only,
            weights=_weights(query),
        )
        return _result(hits, query.mode)

    def _filters(self, filters: MetadataFilters | None) -> tuple[list[str], dict[str, Any]]:
        """The scopes to look in, none when the filter is for another owner, and what the metadata must hold."""
        scopes, about = [self.scope], dict[str, Any]()
        if filters is not None and filters.condition not in {None, FilterCondition.AND}:
            raise BadInput("The index takes filters that hold all together, not one of several.")
        for one in filters.filters if filters is not None else ():
            if not isinstance(one, MetadataFilter) or one.operator is not FilterOperator.EQ:
                raise BadInput("The index takes filters for equality only.")
            if one.key == "owner":
                scopes = scopes if one.value == self.owner else []
            elif one.key == "scope":
                scopes = [str(one.value)] if scopes else []
            else:
                about[one.key] = one.value
        return scopes, about


class HubEmbedding(BaseEmbedding):
    """The model that serves, as LlamaIndex' own. Raises BadInput when there is none."""

    def _get_query_embedding(self, query: str) -> list[float]:
        return _served().query(query).tolist()

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return _served().embed(texts).tolist()


def _served() -> Embedder:
    model = embedder()
    if model is None:
        raise BadInput("There is no embedding model.", hint="HUB_EMBEDDING_MODEL sets one.")
    return model


def _entry(node: BaseNode, group: str, place: int) -> Entry:
    about = _utils.node_to_metadata_dict(node, remove_text=True, flat_metadata=False)
    text = node.get_content(metadata_mode=MetadataMode.NONE)
    return Entry(node.node_id, group, place, text, datetime.now(UTC), about=about)


def _weights(query: VectorStoreQuery) -> Weights:
    if query.mode is VectorStoreQueryMode.DEFAULT:
        return _BY_MEANING
    if query.alpha is None:
        return Weights()
    return Weights(lexical=2 * (1 - query.alpha), dense=2 * query.alpha)


def _result(hits: Sequence[Hit], mode: VectorStoreQueryMode) -> VectorStoreQueryResult:
    nodes: list[BaseNode] = []
    for hit in hits:
        node: BaseNode = _utils.metadata_dict_to_node(dict(hit.about))
        node.set_content(hit.text)
        nodes.append(node)
    by_meaning = mode is VectorStoreQueryMode.DEFAULT
    scores = [hit.dense or 0.0 if by_meaning else hit.score for hit in hits]
    return VectorStoreQueryResult(nodes=nodes, similarities=scores, ids=[hit.item for hit in hits])
