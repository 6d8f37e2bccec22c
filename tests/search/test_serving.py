"""Which model answers questions: the small one, one at a provider, none; and how one takes another's place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from hub.db.postgres import connection
from hub.search import Hit, ask, embedder, find, index, serving, state
from hub.search.embed import AwayModel, LiteLLMEmbedder, MiniLM, configured, litellm
from tests.conftest import Configure
from tests.fakes.openai_server import FakeServer
from tests.search.test_find import ANNA, BEN, TALK

pytestmark = pytest.mark.usefixtures("index_store")


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with FakeServer(key="k") as fake:
        yield fake


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    serving.forget()
    yield
    serving.forget()


def other(server: FakeServer, configure: Configure, model: str = "openai/fake-embed", **more: object) -> None:
    """Sets another model, as a person does before a start."""
    configure(embedding_model=model, embedding_url=server.url, embedding_key="k", **more)
    serving.forget()


def models() -> dict[str, int]:
    """How many vectors there are of each model."""
    with connection() as database:
        return dict(
            database.execute(
                "SELECT m.name, count(v) FROM search.models AS m LEFT JOIN search.vectors AS v ON v.model = m.id"
                " GROUP BY 1"
            ).fetchall()
        )


def test_the_small_model_serves_from_the_beginning() -> None:
    index.put(ANNA, TALK)
    assert state().waiting == 5
    assert serving.step() == 5
    assert serving.step() == 0
    assert embedder() is configured()
    assert isinstance(embedder(), MiniLM)
    assert state().says == "all-MiniLM-L6-v2-int8 answers questions by meaning; all 5 entries are read."


def test_old_vectors_serve_until_the_new_model_has_read_everything(
    server: FakeServer, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.put(ANNA, TALK)
    serving.step()
    small = MiniLM.name
    other(server, configure)
    assert serving.due()
    assert serving.step(most=2) == 2
    found = state()
    assert (found.serving, found.waiting) == (small, 3)
    assert found.says.startswith(
        f"openai/fake-embed at {server.url} is reading everything anew: 3 of 5 entries are left"
    )
    before = ask([ANNA], "Who started a business selling bread?").hits
    assert all(hit.dense is not None for hit in before)
    assert TALK[2].text in [hit.text for hit in before[:2]]  # no word of it: the small model still answers
    index.put(BEN, TALK[:1])  # what is written meanwhile gets vectors of both
    while serving.step(most=2):
        pass
    assert embedder() is not None
    assert state().serving == configured().name != small  # pyright: ignore[reportOptionalMemberAccess]
    assert models() == {small: 6, configured().name: 6}  # pyright: ignore[reportOptionalMemberAccess]
    assert all(hit.dense is not None for hit in ask([ANNA, BEN], "bread").hits)
    monkeypatch.setattr(serving, "KEPT", timedelta(0))
    assert serving.due()
    serving.step()
    assert list(models()) == [configured().name]  # pyright: ignore[reportOptionalMemberAccess]
    assert not serving.due()
    assert state().waiting == 0


def test_going_back_before_the_end_costs_nothing(server: FakeServer, configure: Configure) -> None:
    index.put(ANNA, TALK)
    serving.step()
    other(server, configure)
    serving.step(most=2)
    configure(embedding_model="", embedding_url="", embedding_key="")
    serving.forget()
    assert serving.step() == 0
    assert models() == {MiniLM.name: 5}


def test_a_model_that_is_away_leaves_words_and_says_so(
    server: FakeServer, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(litellm, "QUESTION_SECONDS", 1)  # the connection stays open and says nothing
    other(server, configure)
    index.put(ANNA, TALK)
    serving.step()
    server.stop()
    found = ask([ANNA], "moving to Lisbon")
    assert found.hits[0].text == TALK[0].text
    assert all(hit.dense is None for hit in found.hits)
    [notice] = found.notices
    assert notice.startswith("Found by words alone: openai/fake-embed did not answer.")
    with pytest.raises(AwayModel):
        find([ANNA], "Lisbon", embedder())


def test_what_the_provider_says_is_told_without_the_key(server: FakeServer) -> None:
    for model, key, word in (("openai/x", "sk-wrong-key-12345", "key"), ("openai/fake-500", "k", "error")):
        with pytest.raises(AwayModel) as caught:
            LiteLLMEmbedder(model, url=server.url, key=key).embed(["a"])
        assert word in caught.value.message
        assert "12345" not in caught.value.message
        assert caught.value.hint


def test_texts_go_in_batches_and_dimensions_as_wanted(server: FakeServer) -> None:
    made = LiteLLMEmbedder("openai/fake-embed", url=server.url, dimensions=8, key="k")
    assert made.embed([f"text {n}" for n in range(200)] + [""]).shape == (201, 8)
    assert [len(one.body["input"]) for one in server.requests] == [96, 96, 9]
    assert LiteLLMEmbedder.named(made.name, "k").name == made.name  # pyright: ignore[reportOptionalMemberAccess]


def test_without_a_model_words_alone_decide(configure: Configure) -> None:
    configure(embedding_model="none")
    index.put(ANNA, TALK)
    assert embedder() is None
    assert not serving.due()
    assert serving.step() == 0
    assert ask([ANNA], "moving to Lisbon").hits[0].text == TALK[0].text
    assert state().says == "Search goes by words alone, as HUB_EMBEDDING_MODEL says."


def texts(hits: list[Hit]) -> list[str]:
    return [hit.text for hit in hits]


def test_hits_are_sorted_anew_and_a_model_that_fails_leaves_the_order(server: FakeServer, configure: Configure) -> None:
    index.put(ANNA, TALK)
    plain = texts(ask([ANNA], "Lisbon bakery printer").hits)
    configure(rerank_model="hosted_vllm/fake-rerank", rerank_url=server.url, rerank_key="k")
    assert texts(ask([ANNA], "Lisbon bakery printer").hits) == sorted(plain, key=len)
    assert texts(ask([ANNA], "Lisbon bakery printer", again=False).hits) == plain
    configure(rerank_model="hosted_vllm/fake-500")
    failed = ask([ANNA], "Lisbon bakery printer")
    assert texts(failed.hits) == plain
    assert failed.notices[0].startswith("In the index's own order: hosted_vllm/fake-500 did not answer.")
