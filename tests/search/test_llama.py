"""LlamaIndex' own retrievers on our index."""

from __future__ import annotations

from typing import Any

import pytest

from hub.errors import BadInput
from hub.search import serving

pytestmark = pytest.mark.usefixtures("index_store")
TEXTS = {
    "a": ["My sister Mia moved to Lisbon last spring", "She opened a bakery near the river"],
    "b": ["The printer needs a new cartridge", "Order the black one, number 302"],
}


@pytest.fixture
def llama() -> Any:
    serving.forget()
    from hub.search import llama

    return llama


def built(llama: Any, owner: str = "anna", scope: str = "") -> Any:
    from llama_index.core import VectorStoreIndex
    from llama_index.core.schema import NodeRelationship, RelatedNodeInfo, TextNode

    nodes = [
        TextNode(
            id_=f"{owner}{scope}-{document}-{number}",
            text=text,
            metadata={"document": document},
            relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=document)},
        )
        for document, texts in TEXTS.items()
        for number, text in enumerate(texts)
    ]
    store = llama.HubVectorStore(collection="notes", owner=owner, scope=scope)
    made = VectorStoreIndex.from_vector_store(store, embed_model=llama.HubEmbedding())
    made.insert_nodes(nodes)
    return made


def test_a_retriever_finds_by_meaning_by_words_and_by_both(llama: Any) -> None:
    made = built(llama)
    by_meaning = made.as_retriever(similarity_top_k=1).retrieve("Who started a business selling bread?")
    assert [one.node.get_content() for one in by_meaning] == ["She opened a bakery near the river"]
    assert by_meaning[0].node.metadata == {"document": "a"}
    assert 0 < by_meaning[0].score <= 1
    for mode in ("hybrid", "text_search"):
        found = made.as_retriever(similarity_top_k=2, vector_store_query_mode=mode).retrieve("cartridges for printers")
        assert found[0].node.get_content() == TEXTS["b"][0]
    assert serving.step() == 0  # the vectors that LlamaIndex made were kept


def test_filters_stand_in_the_query_and_nothing_crosses(llama: Any) -> None:
    from llama_index.core.vector_stores import ExactMatchFilter, FilterOperator, MetadataFilter, MetadataFilters

    made = built(llama)
    built(llama, "ben")
    built(llama, "anna", "project:1")

    def ids(*filters: Any, mode: str = "hybrid") -> set[str]:
        retriever = made.as_retriever(
            similarity_top_k=50, vector_store_query_mode=mode, filters=MetadataFilters(filters=list(filters))
        )
        return {one.node.node_id for one in retriever.retrieve("bakery printer")}

    every = {f"anna-{document}-{number}" for document in "ab" for number in (0, 1)}
    for mode in ("default", "hybrid", "text_search"):
        assert ids(mode=mode) <= every
        assert ids(ExactMatchFilter(key="document", value="b"), mode=mode) <= {"anna-b-0", "anna-b-1"}
    assert ids() == every
    assert ids(ExactMatchFilter(key="owner", value="ben")) == set()
    assert all(one.startswith("annaproject:1-") for one in ids(ExactMatchFilter(key="scope", value="project:1")))
    with pytest.raises(BadInput):
        ids(MetadataFilter(key="document", value="b", operator=FilterOperator.NE))


def test_a_document_and_single_nodes_are_deleted(llama: Any) -> None:
    made = built(llama)
    made.vector_store.delete("a")
    made.vector_store.delete_nodes(["anna-b-1"])
    found = made.as_retriever(similarity_top_k=10).retrieve("bakery")
    assert [one.node.node_id for one in found] == ["anna-b-0"]
