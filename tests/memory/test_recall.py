"""What an answer gets from memory, and what it does not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hub import chat, hooks, memory
from hub.db import postgres as store
from hub.db.embedded import EmbeddedPostgres
from hub.db.migrations import postgres as migrations
from hub.db.mongo import collection, now, object_id
from hub.db.who import Who
from hub.memory import index, plugin, recall, relevance, uses
from hub.models import estimate
from hub.runs.records import RunRecord, TargetRecord
from hub.search import Entry, Space
from hub.search import index as rows
from hub.search.embed import MiniLM
from hub.turns import Block, Turn
from tests.conftest import Configure
from tests.memory.conftest import ANNA, BEN, Rooms, turn
from tests.servers import server

pytestmark = pytest.mark.usefixtures("rooms")


def say(
    text: str, *, who: Who = ANNA, scope: str = "", at: datetime | None = None, group: str = "", role: Any = "user"
) -> str:
    """A message of an earlier chat, as chat puts it into the index; `at` is when the index says it was said."""
    home = group or chat.create(who, title="Earlier").id
    if scope:
        project = {"project": scope.removeprefix("project:")}
        collection("conversations").update_one({"_id": object_id(home)}, {"$set": project})
    item = chat.add_message(who, home, role, text)
    entry = Entry(item, home, 0, text, at or now() - timedelta(days=9), about={"role": role})
    rows.put(Space("messages", who.id, scope), [entry], index.embedder())
    return item


def texts_of(asked: Turn) -> str:
    return "\n".join(block.text for block in plugin.chat_context(asked))


def blocks(question: str, **more: object) -> dict[str, Block]:
    return {block.place: block for block in plugin.chat_context(turn(question, **more))}  # pyright: ignore


def test_the_profile_always_goes_in_and_facts_when_they_fit() -> None:
    memory.add(ANNA, "The user wants answers without emoji.", kind="instruction")
    memory.add(ANNA, "The user is a vet in Aarhus.", kind="profile")
    memory.add(ANNA, "The user's sister Mia lives in Lisbon.", kind="relationship")
    given = blocks("How do volcanoes erupt?")
    assert list(given) == ["system"]
    assert "without emoji" in given["system"].text and "vet in Aarhus" in given["system"].text
    given = blocks("Where does my sister live?")
    assert "Mia lives in Lisbon" in given["turn"].text
    assert "vet" not in given["turn"].text
    [source] = given["turn"].sources
    assert (source.kind, source.number, source.text.endswith("Mia lives in Lisbon.")) == ("memory", 0, True)


def test_earlier_messages_are_found_and_dated_without_the_chat_itself() -> None:
    here = chat.create(ANNA).id
    say("I left my bicycle at the repair shop in Castle Street", at=datetime(2026, 5, 3, tzinfo=UTC))
    say("My bicycle is blue, this chat says so", group=here)
    given = blocks("Where is my bicycle?", conversation=here)
    assert "[2026-05-03, user] I left my bicycle at the repair shop" in given["turn"].text
    assert "blue" not in given["turn"].text
    assert given["turn"].sources[0].about["conversation"]


def test_nothing_near_brings_nothing() -> None:
    say("I left my bicycle at the repair shop in Castle Street")
    memory.add(ANNA, "The user's sister Mia lives in Lisbon.", kind="relationship")
    for question in (
        "How do volcanoes erupt?",
        "Write a regular expression for dates",
        "Translate 'good morning' to Polish",
    ):
        assert blocks(question) == {}


def test_nothing_crosses_scopes_or_people(rooms: Rooms) -> None:
    memory.add(ANNA, "The user's sister Mia lives in Lisbon.", kind="relationship")
    memory.add(ANNA, "The project's sister site is in Porto.", scope="project:p", kind="relationship")
    say("My sister visits on Sunday", scope="project:p")
    asked = "Where does my sister live?"
    assert (
        "Lisbon" in texts_of(turn(asked))
        and "Porto" not in texts_of(turn(asked))
        and "Sunday" not in texts_of(turn(asked))
    )
    inside = texts_of(turn(asked, scope="project:p"))
    assert "Lisbon" not in inside and "Sunday" in inside
    assert plugin.chat_context(turn(asked, who=BEN)) == []
    rooms.open_projects.add("p")
    assert "Lisbon" in texts_of(turn(asked, scope="project:p"))
    assert "Sunday" not in texts_of(turn(asked))


@pytest.mark.parametrize("end", ["moved", "deleted", "message deleted"])
def test_what_was_moved_or_deleted_a_moment_ago_is_not_recalled(end: str) -> None:
    here = chat.create(ANNA).id
    item = say("I left my bicycle at the repair shop in Castle Street", group=here)
    asked = "Where is my bicycle?"
    assert "Castle Street" in texts_of(turn(asked))
    if end == "moved":
        move = {"$set": {"project": "p"}}
        collection("conversations").update_one({"_id": object_id(here)}, move)
    elif end == "deleted":
        chat.delete(ANNA, here)
    else:
        chat.delete_message(ANNA, item)
    assert blocks(asked) == {}  # and the index was told of nothing yet


def test_with_postgres_killed_the_profile_still_goes_in_and_the_rest_is_said(
    postgres: str, configure: Configure, tmp_path: Path
) -> None:
    own = EmbeddedPostgres(tmp_path / "p", durable=False)
    try:
        with server(own):
            configure(postgres_url=own.url, store_timeout=1)
            migrations.apply()
            memory.add(ANNA, "The user wants answers without emoji.", kind="instruction")
            memory.add(ANNA, "The user's sister Mia lives in Lisbon.", kind="relationship")
            assert set(blocks("Where does my sister live?")) == {"system", "turn"}
        given = plugin.chat_context(turn("Where does my sister live?"))
        assert "without emoji" in given[0].text and "Lisbon" not in "".join(one.text for one in given)
        [said] = given[-1].notices
        assert "PostgreSQL" in said and said.endswith("Only what is always kept in mind goes in.")
        assert "Nothing of what is remembered" in plugin.chat_context(turn("Hello you", who=BEN))[0].notices[0]
    finally:
        store.close()
        configure(postgres_url=postgres, store_timeout=3)


def test_switches_keep_memory_out() -> None:
    memory.add(ANNA, "The user is a vet.", kind="profile")
    say("I left my bicycle at the repair shop in Castle Street")
    asked = "Where is my bicycle?"
    assert plugin.chat_context(turn(asked, temporary=True)) == ()
    assert plugin.chat_context(turn(asked, attached={"memory": {"off": True}})) == ()
    memory.change_settings(ANNA, past_chats=False)
    assert list(blocks(asked)) == ["system"]
    memory.change_settings(ANNA, recall=False)
    assert blocks(asked) == {}
    assert memory.recall_preview(ANNA, "", asked).notices


def test_the_budget_holds() -> None:
    for number in range(60):
        memory.add(
            ANNA, f"The user prefers the colour number {number} of the great catalogue of colours.", kind="preference"
        )
    for number in range(12):
        say(f"My bicycle number {number} stands in the yard. " + "It has a story that is long. " * 20)
    given = blocks("Where do my bicycles stand?")
    assert estimate.tokens(given["system"].text) <= 600
    assert sum(estimate.tokens(block.text) for block in given.values()) <= 2000
    small = blocks("Where do my bicycles stand?", budget=300)
    assert sum(estimate.tokens(block.text) for block in small.values()) <= 300
    memory.change_settings(ANNA, max_tokens=400)
    assert sum(estimate.tokens(block.text) for block in blocks("Where do my bicycles stand?").values()) <= 400


def test_a_question_that_names_a_time_searches_that_time() -> None:
    day = now() - timedelta(days=1)
    say("We looked at curtains for the kitchen", at=day)
    say("We looked at lamps for the hall", at=day - timedelta(days=40))
    memory.add(ANNA, "The user climbed a mountain.", kind="event", event=memory.EventTime("2024-07-01"))  # pyright: ignore
    given = blocks("What did we talk about yesterday?")["turn"].text
    assert "curtains" in given and "lamps" not in given
    assert "climbed a mountain" in blocks("What did I do in July 2024?")["turn"].text
    assert blocks("What is the weather like today?") == {}
    assert memory.recall_preview(ANNA, "", "What did I do in July 2024?").spans == (("2024-07-01", "2024-07-31"),)


def test_the_preview_shows_what_goes_in_and_why() -> None:
    memory.add(ANNA, "The user is a vet.", kind="profile")
    memory.add(ANNA, "The user's sister Mia lives in Lisbon.", kind="relationship")
    memory.add(ANNA, "The user has a red teapot.", kind="knowledge")
    shown = memory.recall_preview(ANNA, "", "Where does my sister live?")
    by_text = {one.text: one for one in shown.items}
    assert by_text["The user is a vet."].why == "always: profile"
    sister = next(one for one in shown.items if "Mia" in one.text)
    teapot = next(one for one in shown.items if "teapot" in one.text)
    assert (sister.kept, teapot.kept, teapot.why) == (True, False, "too far from the question")
    assert sister.dense is not None and sister.score > teapot.score
    assert shown.tokens == sum(estimate.tokens(text) for text in shown.texts)


def test_superseded_and_deleted_facts_are_not_recalled() -> None:
    fact = memory.add(ANNA, "The user's sister Mia lives in Lisbon.", kind="relationship")
    memory.delete(ANNA, fact.id)
    assert blocks("Where does my sister live?") == {}


def test_uses_are_counted_once_the_answer_has_come() -> None:
    fact = memory.add(ANNA, "The user is a vet.", kind="profile")
    asked = turn("Hello there")
    plugin.chat_context(asked)
    assert memory.get(ANNA, fact.id).uses == 0
    target = TargetRecord("m", "M", {"message": asked.answer}, "done")
    run = RunRecord("r", "anna", "chat", "done", (target,), {}, now())
    plugin.run_finished(run)
    plugin.run_finished(run)
    after = memory.get(ANNA, fact.id)
    assert (after.uses, [one.answer for one in memory.used_in(ANNA, fact.id)]) == (1, [asked.answer])
    assert uses.waiting.take(asked.answer) == ("", ())


def test_a_person_without_a_past_costs_no_search(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("searched")

    monkeypatch.setattr(recall, "find", never)
    assert plugin.chat_context(turn("Where is my bicycle?")) == []


def test_the_hook_gives_its_blocks_through_the_house() -> None:
    memory.add(ANNA, "The user is a vet.", kind="profile")
    given, said = hooks.chat_context(turn("Hello"))
    assert [block.room for block in given] == ["memory"]
    assert said == []


def test_the_floor_knows_strangers_from_what_is_near() -> None:
    embedder = MiniLM(threads=1)
    asked = "Where did I put the key to the cellar?"
    near = relevance.Relevance.of(asked, embedder)
    fits = {
        text: bool(near.why(text, float(embedder.query(text) @ embedder.query(asked)), 1.0))
        for text in ("The cellar key hangs behind the door", "I like pancakes", "The stock market fell on Friday")
    }
    assert list(fits.values()) == [True, False, False]


@pytest.mark.parametrize("asked", ["hello", "keep going", "explain that again", "tell me more", "are you sure?"])
def test_what_asks_nothing_brings_nothing_up(asked: str) -> None:
    here = chat.create(ANNA).id
    for said in ("hello", "go on please", "quick, have a look", "once more", "that was perfect, thank you"):
        say(said, group=here)
        say("Of course! Here you are.", group=here, role="assistant")
    assert blocks(asked) == {}


def test_a_first_chat_costs_no_reading_of_the_question(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("read")

    here = chat.create(ANNA).id
    say("My bicycle is blue, this chat says so", group=here)
    monkeypatch.setattr(MiniLM, "query", never)
    assert blocks("Where is my bicycle?", conversation=here) == {}
    assert blocks("Where is my bicycle?", who=BEN) == {}
