"""Search over everything, over real stores: what is found, how it is shown, and what never is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import cast

import pytest
from bson import ObjectId
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub import chat, documents, library, memory, projects
from hub.db.mongo import collection
from hub.db.postgres import connection
from hub.db.who import Who
from hub.documents import ingest
from hub.errors import HubError, NotFound
from hub.library import ask as module
from hub.search import Entry, Space, index, vectors
from hub.search.embed import Embedder
from tests.conftest import Configure
from tests.library.conftest import ANNA, BERT, NOON, put, talk, titles, told

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture(autouse=True)
def _by_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Most tests need no model: the index holds no vectors, so none is asked for."""

    class Silent:
        name, dimensions = "none", 384

        def embed(self, texts: Sequence[str]) -> object:
            raise AssertionError

        def query(self, text: str) -> object:
            return [0.0] * 384

    monkeypatch.setattr(module, "embedder", Silent)


def test_messages_are_found_under_their_conversation() -> None:
    one, [asked, answered] = talk(ANNA, "Sailing", "When is high water in Brest?", "High water is at noon.")
    talk(ANNA, "Bread", "How long does dough rest?", "An hour.")
    found = library.search(ANNA, "high water")
    [talked] = found.talks
    assert (talked.id, talked.link, talked.more) == (one, f"/?c={one}", 0)
    assert {(p.message, p.role) for p in talked.passages} == {(asked, "user"), (answered, "assistant")}
    assert talked.passages[0].link == f"/?c={one}&m={talked.passages[0].message}"
    assert ("water", True) in talked.passages[0].pieces
    assert not found.problems and not found.without


def test_a_title_comes_before_passages_and_counts_alone() -> None:
    talk(ANNA, "Bread", "The anchor is rusty")
    talk(ANNA, "Anchor chain", "How long?")
    found = library.search(ANNA, "anchor")
    assert titles(found) == ["Anchor chain", "Bread"]
    assert not found.talks[0].passages and found.talks[0].title[0] == ("Anchor", True)


def test_meaning_finds_without_a_word_in_common_and_strangers_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    from hub.search.embed import MiniLM

    minilm = MiniLM(threads=1)
    monkeypatch.setattr(module, "embedder", lambda: minilm)
    talk(ANNA, "One", "My sister opened a bakery near the river", minilm=minilm)
    talk(ANNA, "Two", "The printer needs a new cartridge", minilm=minilm)
    assert told(library.search(ANNA, "who sells bread")) == ["My sister opened a bakery near the river"]


def test_operators_narrow_what_is_found() -> None:
    talk(ANNA, "Old", "the boat leaks", at=NOON - timedelta(days=40))
    talk(ANNA, "New", "the boat floats", "a boat is a boat", files=True)
    assert set(told(library.search(ANNA, "boat before:2026-11-01"))) == {"the boat leaks"}
    assert "the boat leaks" not in told(library.search(ANNA, "boat after:yesterday", now=NOON))
    assert told(library.search(ANNA, "boat from:model")) == ["a boat is a boat"]
    assert told(library.search(ANNA, '"boat floats"')) == ["the boat floats"]
    assert told(library.search(ANNA, "boat -leaks -floats")) == ["a boat is a boat"]
    assert set(told(library.search(ANNA, "has:file"))) == {"the boat floats", "a boat is a boat"}
    assert len(told(library.search(ANNA, "boat model:FAKE-4o"))) == 3
    assert not library.search(ANNA, "boat model:gpt").talks
    assert library.search(ANNA, "boat on:someday").problems
    assert told(library.search(ANNA, "on:2026-10-13")) == ["the boat leaks"]


def test_a_project_is_searched_alone() -> None:
    ours, other = projects.create(ANNA, "The boat"), projects.create(ANNA, "House")
    talk(ANNA, "A", "paint it blue", project=ours.id)
    talk(ANNA, "B", "paint it white", project=other.id)
    talk(ANNA, "C", "paint it red")
    assert len(told(library.search(ANNA, "paint"))) == 3
    for text in ('paint in:"The boat"', "paint in:boat", "paint in:the", "paint in:BOAT"):
        found = library.search(ANNA, text)
        assert told(found) == ["paint it blue"]
        assert found.talks[0].project_name == "The boat"
    assert told(library.search(ANNA, "paint", project=other.id)) == ["paint it white"]
    assert len(told(library.search(ANNA, "paint in:boat in:house"))) == 2
    assert told(library.search(ANNA, "in:house")) == ["paint it white"]
    nowhere = library.search(ANNA, "paint in:garden")
    assert nowhere.nothing and nowhere.problems == ("There is no project “garden”.",)
    with pytest.raises(NotFound):
        library.search(BERT, "paint", project=ours.id)


def test_what_is_gone_or_temporary_is_not_shown_although_the_index_has_it() -> None:
    deleted, _ = talk(ANNA, "Secret deleted", "a secret deleted")
    chat.delete(ANNA, deleted)
    temporary = chat.create(ANNA, title="Secret temporary", temporary=True)
    chat.add_message(ANNA, temporary.id, "user", "a secret temporary")
    put(ANNA, temporary.id)
    _, [kept, gone] = talk(ANNA, "Open", "a secret kept", "a secret gone")
    chat.delete_message(ANNA, gone)
    theirs, [message] = talk(BERT, "Secret theirs", "a secret theirs")
    index.put(Space("messages", ANNA.id), [Entry(message, theirs, 0, "a secret forged", NOON)])
    found = library.search(ANNA, "secret")
    assert told(found) == ["a secret kept"] and found.talks[0].passages[0].message == kept
    assert titles(found) == ["Open"]


def test_a_chat_that_has_just_moved_is_found_where_it_is() -> None:
    boat = projects.create(ANNA, "Boat")
    one, _ = talk(ANNA, "One", "paint it", project=boat.id)
    chat.move(ANNA, one, None)  # the index still says otherwise
    assert library.search(ANNA, "paint in:boat").nothing
    assert library.search(ANNA, "paint").talks[0].project is None


def test_documents_are_found_where_they_may_be_read() -> None:
    gear, house = documents.create_collection(ANNA, "Gear").id, projects.create(ANNA, "House")
    ours = documents.create_collection(ANNA, "Plans", scope=f"project:{house.id}").id
    shared = documents.create_collection(BERT, "Library", shared=True).id
    private = documents.create_collection(BERT, "Private").id
    for who, where, text in (
        (ANNA, gear, "# Anchors\n\nThe anchor weighs nine kilos."),
        (ANNA, ours, "An anchor bolt holds the shelf."),
        (BERT, shared, "Everybody reads about the anchor."),
        (BERT, private, "Nobody reads about this anchor."),
    ):
        made = documents.add_file(who, where, f"{text[-9:-1]}.md", text.encode()).document
        ingest.ingest(made.id)
    found = library.search(ANNA, "anchor")
    said = {"".join(part for part, _ in one.pieces): one for one in found.documents}
    assert len(said) == 3 and not any("Nobody" in text for text in said)
    heavy = next(one for text, one in said.items() if "nine kilos" in text)
    assert heavy.link.startswith(f"/documents?d={heavy.id}&p=") and heavy.place == "Anchors"
    [inside] = library.search(ANNA, "anchor in:house").documents
    assert "bolt" in "".join(part for part, _ in inside.pieces)
    assert library.search(ANNA, "anchor from:me").nothing
    documents.remove(ANNA, heavy.id)
    assert len(library.search(ANNA, "anchor").documents) == 2


def test_memories_are_found_by_scope_until_they_go() -> None:
    house = projects.create(ANNA, "House")
    fact = memory.add(ANNA, "Anna has a red anchor.")
    memory.add(ANNA, "The house has an anchor on its sign.", scope=f"project:{house.id}")
    memory.add(BERT, "Bert lost his anchor.")
    assert len(library.search(ANNA, "anchor").memories) == 2
    [inside] = library.search(ANNA, "anchor in:house").memories
    assert "sign" in inside.pieces[-1][0]
    projects.delete(ANNA, house.id, chats="keep")
    [left] = library.search(ANNA, "anchor").memories
    assert (left.id, left.title, left.link) == (fact.id, "Knowledge", f"/memory?fact={fact.id}")
    memory.delete(ANNA, fact.id)
    assert library.search(ANNA, "anchor").nothing


def test_without_the_index_titles_are_found_and_that_is_said(configure: Configure) -> None:
    boat = projects.create(ANNA, "Boat")
    talk(ANNA, "Anchor chain", "How long?")
    talk(ANNA, "Anchor watch", "anchor", project=boat.id)
    configure(postgres_url="postgresql://127.0.0.1:9/none", store_timeout=0.2)
    found = library.search(ANNA, "anchor")
    assert set(titles(found)) == {"Anchor chain", "Anchor watch"}
    assert "Only titles can be searched now" in found.without
    assert titles(library.search(ANNA, "anchor in:boat")) == ["Anchor watch"]
    assert library.search(ANNA, "anchor from:me").nothing
    assert library.search(ANNA, "anchor before:2020").nothing


def test_without_an_embedder_words_alone_decide_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        name, dimensions = "broken", 3

        def query(self, text: str) -> object:
            raise HubError("The embedding model does not answer.")

    vectors.model_number(cast(Embedder, Broken()), 3)
    monkeypatch.setattr(module, "embedder", Broken)
    talk(ANNA, "One", "the anchor")
    found = library.search(ANNA, "anchor")
    assert told(found) == ["the anchor"]
    assert found.without == "Searched by words, not by meaning. The embedding model does not answer."


def test_a_busy_conversation_shows_three_and_says_how_many_more() -> None:
    talk(ANNA, "Busy", *[f"the anchor number {number}" for number in range(8)])
    [busy] = library.search(ANNA, "anchor").talks
    assert (len(busy.passages), busy.more) == (3, 5)


WORDS = ["anchor", "boat", "chain"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from([ANNA, BERT]),
            st.sampled_from([None, "Boat", "House"]),
            st.sampled_from(WORDS),
            st.sampled_from(["keep", "keep", "delete", "move", "temporary"]),
        ),
        max_size=12,
    )
)
def test_nothing_crosses_between_people_and_projects(acts: list[tuple[Who, str | None, str, str]]) -> None:
    for name in ("projects", "conversations", "messages"):
        collection(name).delete_many({})
    with connection() as database:
        database.execute("DELETE FROM search.spaces")
    for who in (ANNA, BERT):
        projects.projects.forget(who)
    ids = {(who, name): projects.create(who, name).id for who in (ANNA, BERT) for name in ("Boat", "House")}
    expected: dict[tuple[Who, str | None, str], set[str]] = {}
    for number, (who, name, word, then) in enumerate(acts):
        said = f"{word} {who.id} {number}"
        one, _ = talk(who, "t", said, project=ids.get((who, name or "")))
        match then:
            case "delete":
                chat.delete(who, one)
            case "temporary":
                collection("conversations").update_one({"_id": ObjectId(one)}, {"$set": {"temporary": True}})
            case "move":
                chat.move(who, one, None)
                put(who, one)
                expected.setdefault((who, None, word), set()).add(said)
            case _:
                expected.setdefault((who, name, word), set()).add(said)
    for who in (ANNA, BERT):
        for word in WORDS:
            everywhere = set(told(library.search(who, word, most=50)))
            assert everywhere == {
                text for (whose, _, what), texts in expected.items() if (whose, what) == (who, word) for text in texts
            }
            for name in ("Boat", "House"):
                inside = told(library.search(who, f"{word} in:{name}", most=50))
                assert set(inside) == expected.get((who, name, word), set())
