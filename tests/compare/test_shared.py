"""What all panes of a turn have in common is asked once, and learned from once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from hub import chat, compare, hooks, runs
from hub.chat import index
from hub.compare import act
from hub.db.migrations import postgres as migrations
from hub.db.mongo import collection
from hub.search import Space, find
from hub.turns import Block, Exchange, Source, Tool, Turn
from tests.compare.conftest import ANNA, ended
from tests.conftest import Configure
from tests.fakes.openai_server import FakeServer

PASSAGE = Source("memory", "f1", "A fact", "Boats leave at nine.")


class Room:
    """A plugin that gives a passage, and hears of exchanges."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self.heard: list[Exchange] = []

    @hooks.implementation
    def chat_context(self, turn: Turn) -> Sequence[Block]:
        self.turns.append(turn)
        source = turn.citations.cite(PASSAGE)
        return [Block("testroom", "Fact", f"[{source.number}] {source.text}", 9, sources=(source,))]

    @hooks.implementation
    def tools(self, turn: Turn) -> Sequence[Tool]:
        return ()

    @hooks.implementation
    def exchange_settled(self, exchange: Exchange) -> None:
        self.heard.append(exchange)


@pytest.fixture
def room() -> Iterator[Room]:
    made = Room()
    hooks.plugins().register(made, "hub.testroom.plugin")
    yield made
    hooks.plugins().unregister(made)


@pytest.fixture
def searched(stored: str, postgres: str, configure: Configure) -> None:
    """An index of this test's own."""
    configure(postgres_url=postgres)
    migrations.apply()


def test_rooms_are_asked_once_for_24_panes(model: str, server: FakeServer, room: Room) -> None:
    asked = compare.start(ANNA, "When?", [(f"{model}fake?tokens={place}", None) for place in range(1, 25)])
    shown = ended(asked)
    assert len(room.turns) == 1
    answers = [one.messages[1] for one in shown.panes]
    assert all([source.number for source in one.sources] == [1] for one in answers)
    assert all(one.context_used and one.context_used.blocks for one in answers)
    assert all("[1] Boats" in str(one.body["messages"][-1]["content"]) for one in server.requests)
    ended(compare.say(ANNA, asked.comparison, "And then?"))
    assert len(room.turns) == 2
    ended(compare.retry(ANNA, asked.comparison, asked.panes[3]))
    assert len(room.turns) == 3


@pytest.mark.usefixtures("searched")
def test_what_is_attached_goes_to_every_column_and_can_be_changed(model: str, room: Room) -> None:
    both = [(model + "fake", None), (model + "fake-echo", None)]
    asked = compare.start(ANNA, "When?", both, attached={"documents": {"collections": ["one"]}})
    shown = ended(asked)
    assert shown.comparison.attached == {"documents": {"collections": ["one"]}}
    assert [one.messages[1].sources[0].title for one in shown.panes] == ["A fact", "A fact"]
    act.act(ANNA, asked.comparison, {"kind": "attached", "attached": {"documents": {"collections": ["two"]}}})
    ended(compare.say(ANNA, asked.comparison, "And back?"))
    read = [turn.attached["documents"]["collections"] for turn in room.turns]
    assert read == [["one"], ["two"]], "each question is looked up once, for all columns"


def test_several_answers_are_one_exchange(model: str, room: Room) -> None:
    chosen = [(model + "fake-401", None), (model + "fake?tokens=3", None), (model + "fake?tokens=4", None)]
    asked = compare.start(ANNA, "I live in Lisbon", chosen)
    shown = ended(asked)
    index.work_off()
    assert [one.answered.message for one in room.heard] == [shown.panes[1].messages[1].id]
    ended(compare.retry(ANNA, asked.comparison, asked.panes[2]))
    ended(compare.add_pane(ANNA, asked.comparison, (model + "fake", None)))
    index.work_off()
    assert len(room.heard) == 1
    ended(compare.say(ANNA, asked.comparison, "Since when?"))
    ended(compare.say(ANNA, asked.comparison, "Only you", only=[asked.panes[2]]))
    index.work_off()
    assert [one.asked.text for one in room.heard] == ["I live in Lisbon", "Since when?", "Only you"]


@pytest.mark.usefixtures("searched")
def test_what_no_pane_answered_is_learned_from_when_one_does(model: str, room: Room) -> None:
    asked = compare.start(ANNA, "I live in Lisbon", [(model + "fake-401", None), (model + "fake-401", None)])
    ended(asked)
    index.work_off()
    assert room.heard == []
    shown = ended(compare.swap(ANNA, asked.comparison, asked.panes[1], model + "fake"))
    index.work_off()
    assert [one.answered.message for one in room.heard] == [shown.panes[1].messages[1].id]


@pytest.mark.usefixtures("searched")
def test_a_question_to_all_is_found_once_and_every_answer(model: str) -> None:
    chosen = [(f"{model}fake?tokens={count}", None) for count in (3, 4, 5)]
    asked = compare.start(ANNA, "First Lisbon", chosen)
    ended(asked)
    ended(compare.say(ANNA, asked.comparison, "Second Lisbon"))
    index.work_off()
    hits = [hit.text for hit in find([Space(index.MESSAGES, ANNA.id, "")], "Lisbon", most=30) if hit.lexical > 0]
    assert sorted(hits) == ["First Lisbon", "Second Lisbon"]
    quick = [hit for hit in find([Space(index.MESSAGES, ANNA.id, "")], "quick", most=30) if hit.lexical > 0]
    assert len(quick) == 6


def test_a_deleted_chat_takes_the_comparison_with_it(model: str) -> None:
    shown = ended(compare.start(ANNA, "Hi", [(model + "fake", None), (model + "fake", None)]))
    made = compare.merge(ANNA, shown.comparison.id, "fuse", model=model + "fake")
    assert runs.wait(made.run or "", 20)
    chat.delete(ANNA, shown.comparison.conversation)
    collection("conversations").update_one({}, {"$set": {"expires_at": shown.comparison.created_at}})
    assert chat.sweep() >= 1
    assert [collection(name).count_documents({}) for name in ("comparisons", "merges", "messages")] == [0, 0, 0]


def test_a_person_who_goes_leaves_nothing(model: str) -> None:
    chosen = [(model + "fake", None), (model + "fake-x", None)]
    shown = ended(compare.start(ANNA, "Hi", chosen))
    compare.save_team(ANNA, "Team", chosen)
    compare.vote(ANNA, shown.comparison.id, 1, ranks={one.pane.id: 1 for one in shown.panes})
    made = compare.merge(ANNA, shown.comparison.id, "fuse", model=model + "fake")
    assert runs.wait(made.run or "", 20)
    assert hooks.person_deleted(ANNA) == []
    left = ("comparisons", "merges", "teams", "votes", "messages")
    assert [collection(name).count_documents({"owner": ANNA.id}) for name in left] == [0] * 5
