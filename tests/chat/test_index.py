"""Conversations in the search index follow the store, whatever happens in between."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from hub import chat, hooks
from hub.chat import index, marks
from hub.chat.passages import parts
from hub.db.migrations import postgres as migrations
from hub.db.mongo import collection
from hub.db.postgres import connection
from hub.errors import StoreDown
from hub.models import estimate
from hub.search import Space, find, rebuild, serving
from hub.turns import Exchange, project_scope
from tests.chat.conftest import ANNA
from tests.chat.test_turn import finished
from tests.conftest import Configure


class Listener:
    """A room that wants to know of exchanges."""

    def __init__(self) -> None:
        self.heard: list[Exchange] = []

    @hooks.implementation
    def exchange_settled(self, exchange: Exchange) -> None:
        self.heard.append(exchange)


@pytest.fixture
def searched(stored: str, postgres: str, configure: Configure) -> None:
    """An index of this test's own."""
    configure(postgres_url=postgres)
    migrations.apply()


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    hooks.plugins().register(made, "listener")
    yield made
    hooks.plugins().unregister(made)


def found(text: str, scope: str = "", *, name: str = index.MESSAGES, most: int = 20) -> list[str]:
    """The texts that hold a word of `text`."""
    return [hit.text for hit in find([Space(name, ANNA.id, scope)], text, most=most) if hit.lexical > 0]


def stored(text: str, *, temporary: bool = False) -> str:
    """A conversation with one message."""
    home = chat.create(ANNA, title=text.split(maxsplit=1)[0], temporary=temporary)
    chat.add_message(ANNA, home.id, "user", text)
    return home.id


def settle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets every mark be old enough to go."""
    monkeypatch.setattr(marks, "SETTLE", timedelta(0))


def rows() -> list[tuple[Any, ...]]:
    """Everything in the index that does not depend on the order in which it came."""
    with connection() as database:
        return database.execute(
            "SELECT s.collection, s.owner, s.scope, g.name, r.item, r.part, r.place, r.text, r.language, r.length,"
            " r.words::text, r.at, r.about, (SELECT array_agg((p.term, p.count, p.length)::text ORDER BY p.term)"
            ' FROM search.postings AS p WHERE p."row" = r.id), (SELECT v.embedding::text FROM search.vectors AS v'
            ' WHERE v."row" = r.id) FROM search.rows AS r JOIN search.groups AS g ON g.id = r."group"'
            " JOIN search.spaces AS s ON s.id = r.space ORDER BY 1, 2, 3, 4, 5, 6"
        ).fetchall()


@pytest.mark.usefixtures("searched")
def test_an_answer_is_found_and_other_rooms_are_told_once(
    model: str, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = chat.send(ANNA, text="My sister moved to Lisbon", targets=[(f"{model}fake", None)])
    asked, answer = finished(sent)
    assert marks.waiting() == 1
    index.work_off()
    assert found("Lisbon")[0] == asked.text
    assert found("Lisbon", name=index.TITLES) == [asked.text]
    assert answer.text in found(answer.text)
    assert [(one.asked.message, one.answered.message) for one in listener.heard] == [(asked.id, answer.id)]
    assert marks.waiting() == 0
    settle(monkeypatch)
    index.work_off()
    assert list(collection("unindexed").find({})) == []
    assert len(listener.heard) == 1


@pytest.mark.usefixtures("searched", "stored")
def test_edits_deletions_and_what_takes_them_back() -> None:
    home = stored("Lisbon is warm")
    message = chat.open_window(ANNA, home).messages[0].id
    index.work_off()
    chat.edit(ANNA, message, "Porto is cold")
    chat.rename(ANNA, home, "Rain")
    index.work_off()
    assert (found("Lisbon"), found("Porto")) == ([], ["Porto is cold"])
    assert found("Rain", name=index.TITLES) == ["Rain"]
    chat.delete_message(ANNA, message)
    index.work_off()
    assert found("Porto") == []
    chat.restore_message(ANNA, message)
    index.work_off()
    assert found("Porto") == ["Porto is cold"]
    chat.delete(ANNA, home)
    index.work_off()
    assert found("Porto") == found("Rain", name=index.TITLES) == []
    chat.restore(ANNA, home)
    index.work_off()
    assert found("Porto") == ["Porto is cold"]


@pytest.mark.usefixtures("searched", "stored")
def test_a_chat_moves_with_its_project() -> None:
    home = stored("Lisbon is warm")
    index.work_off()
    collection("conversations").update_one({}, {"$set": {"project": "p1"}})
    marks.mark(ANNA, [collection("conversations").find_one({})["_id"]])  # pyright: ignore[reportOptionalSubscript]
    index.work_off()
    assert found("Lisbon") == []
    assert found("Lisbon", project_scope("p1")) == ["Lisbon is warm"]
    assert home


@pytest.mark.usefixtures("searched")
def test_temporary_chats_leave_no_trace(model: str, listener: Listener) -> None:
    sent = chat.send(ANNA, text="Secret Lisbon", targets=[(f"{model}fake", None)], temporary=True)
    finished(sent)
    index.work_off()
    assert rows() == []
    assert listener.heard == []


@pytest.mark.usefixtures("searched", "stored")
def test_every_branch_is_found_and_long_messages_in_parts() -> None:
    home = stored("Trunk")
    trunk = chat.open_window(ANNA, home).messages[0].id
    chat.add_message(ANNA, home, "user", "A branch about apples", parent=trunk)
    long = " ".join(f"Sentence number {n} speaks about pears." for n in range(120))
    chat.add_message(ANNA, home, "user", long, parent=trunk)
    index.work_off()
    assert found("apples") == ["A branch about apples"]
    pears = found("pears")
    assert len(pears) > 3
    assert all(estimate.tokens(one) <= 200 and one.endswith(".") for one in pears)


@pytest.mark.usefixtures("searched", "stored")
def test_a_change_that_arrives_after_its_mark_was_worked_off_is_found_later(monkeypatch: pytest.MonkeyPatch) -> None:
    home = stored("Lisbon is warm")
    message = collection("messages").find_one({})
    assert message is not None
    marks.mark(ANNA, [message["conversation"]])
    index.work_off()  # between the mark and its change
    collection("messages").update_one({"_id": message["_id"]}, {"$set": {"text": "Porto is cold"}})
    assert marks.due() == []
    settle(monkeypatch)
    assert index.work_off() == 1
    assert found("Porto") == ["Porto is cold"]
    assert home


@pytest.mark.usefixtures("searched", "stored")
def test_one_that_fails_waits_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = stored("Lisbon"), stored("Porto")
    real = index._messages  # pyright: ignore[reportPrivateUsage]

    def fails(who: Any, conversation: Any) -> Any:
        if str(conversation["_id"]) == bad:
            raise ValueError("broken")
        return real(who, conversation)

    monkeypatch.setattr(index, "_messages", fails)
    index.work_off()
    assert (found("Lisbon"), found("Porto"), marks.waiting()) == ([], ["Porto"], 1)
    monkeypatch.setattr(index, "_messages", real)
    assert index.work_off() == 0  # it is put off
    chat.rename(ANNA, bad, "Again")
    index.work_off()
    assert found("Lisbon") == ["Lisbon"]
    assert good


def test_a_turn_goes_on_without_postgres(model: str, configure: Configure) -> None:
    configure(postgres_url="postgresql://127.0.0.1:1/none", store_timeout=1)
    sent = chat.send(ANNA, text="Hello", targets=[(f"{model}fake", None)])
    assert finished(sent)[-1].status == "done"
    assert marks.waiting() == 1
    with pytest.raises(StoreDown):
        index.work_off()
    assert marks.waiting() == 1


@pytest.mark.usefixtures("searched", "stored")
def test_a_person_who_is_deleted_leaves_the_index(monkeypatch: pytest.MonkeyPatch) -> None:
    stored("Lisbon")
    index.work_off()
    assert hooks.person_deleted(ANNA) == []
    assert rows() == []
    settle(monkeypatch)
    index.work_off()
    assert rows() == []
    assert list(collection("unindexed").find({})) == []


@pytest.mark.usefixtures("searched")
def test_an_index_that_is_built_anew_is_the_one_that_was_kept(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(3)
    words = [
        "river",
        "lamp",
        "bread",
        "train",
        "violin",
        "snow",
        "Lisbon",
        "und",
        "der",
        "Regen",
        "läuft",
        "weiter",
        "il",
        "pleut",
        "sur",
        "la",
        "ville",
        "ok",
    ]
    homes: list[str] = []
    for step in range(100):
        text = " ".join(chance.choices(words, k=chance.choice((1, 3, 12))))
        choice = chance.random()
        if choice < 0.25 or not homes:
            homes.append(stored(text, temporary=chance.random() < 0.1))
        elif choice < 0.6:
            shown = chat.open_window(ANNA, chance.choice(homes)).messages
            parent = chance.choice(shown).id if shown else None
            chat.add_message(ANNA, shown[0].conversation if shown else homes[0], "user", text, parent=parent)
        elif choice < 0.7 and (shown := chat.open_window(ANNA, chance.choice(homes)).messages):
            chat.edit(ANNA, chance.choice(shown).id, text)
        elif choice < 0.8 and (shown := chat.open_window(ANNA, chance.choice(homes)).messages):
            chat.delete_message(ANNA, chance.choice(shown).id, subtree=chance.random() < 0.5)
        elif choice < 0.9:
            gone = chance.choice(homes)
            chat.delete(ANNA, gone)
            if chance.random() < 0.5:
                chat.restore(ANNA, gone)
            else:
                homes.remove(gone)
        elif shown := chat.open_window(ANNA, chance.choice(homes)).messages:
            homes.append(chat.fork(ANNA, chance.choice(shown).id))
        if step % 7 == 0:
            index.work_off()
    index.work_off()
    while serving.step():
        pass
    kept = rows()
    assert len(kept) > 20
    with connection() as database:
        database.execute("INSERT INTO search.groups (space, name) SELECT id, 'gone' FROM search.spaces")
    for source in index.SOURCES:
        rebuild.rebuild(source, lambda done, of: None, fresh=True)
    while serving.step():
        pass
    anew = rows()
    assert [row[:-1] for row in anew] == [row[:-1] for row in kept]
    assert all(_cosine(one[-1], other[-1]) > 0.98 for one, other in zip(kept, anew, strict=True))
    with connection() as database:
        assert database.execute("SELECT count(*) FROM search.groups WHERE name = 'gone'").fetchone() == (0,)


@pytest.mark.usefixtures("searched", "stored")
def test_a_rebuild_that_broke_off_goes_on() -> None:
    for text in ("Lisbon", "Porto", "Faro"):
        stored(text)
    seen: list[int] = []

    def dies(done: int, of: int) -> None:
        seen.append(done)
        if done == 2:
            raise KeyboardInterrupt

    source = index.SOURCES[0]
    with pytest.raises(KeyboardInterrupt):
        rebuild.rebuild(source, dies)
    assert rebuild.under_way() == {index.MESSAGES: 2}
    assert len(rows()) == 2
    assert rebuild.rebuild(source, lambda done, of: None) == 3
    assert rebuild.under_way() == {}
    assert sorted(found("Lisbon Porto Faro")) == ["Faro", "Lisbon", "Porto"]


@pytest.mark.parametrize("text", ["", "  \n", "word", "3.14 is pi. It is! " * 200, "x" * 5000, "東京都に住む。" * 300])
def test_parts_lose_nothing(text: str) -> None:
    found = parts(text)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(0 < estimate.tokens(part) <= 260 for part in found)


def _cosine(one: str, other: str) -> float:
    pairs = [(float(a), float(b)) for a, b in zip(one[1:-1].split(","), other[1:-1].split(","), strict=True)]
    return sum(a * b for a, b in pairs)
