"""Asking several models, pane by pane."""

from __future__ import annotations

import pytest
from bson import ObjectId

from hub import chat, compare, runs
from hub.chat import queue, store
from hub.chat.draft import Draft
from hub.errors import BadInput, NotFound
from hub.models import connections
from tests.compare.conftest import ANNA, BERT, ended, texts
from tests.fakes.openai_server import FakeServer
from tests.fakes.script import text_of

SLOW = "fake?tokens=1000&gap=20"


def test_one_question_is_answered_in_every_pane(model: str, server: FakeServer) -> None:
    chosen = [(model + "fake?tokens=3", None), (model + "fake?tokens=4", {"temperature": 0.5}), (model + "fake", None)]
    shown = ended(compare.start(ANNA, "Which?", chosen))
    assert texts(shown) == [["Which?", text_of(count)] for count in (3, 4, 5)]
    assert [one.pane.letter for one in shown.panes] == ["A", "B", "C"]
    assert [one.pane.model for one in shown.panes] == [one for one, _ in chosen]
    assert shown.panes[1].pane.params.temperature == 0.5
    assert all(one.messages[1].usage and one.messages[1].timing for one in shown.panes)
    assert shown.comparison.turns == 1 and not shown.running
    assert {one.messages[0].id for one in shown.panes} == {shown.panes[0].messages[0].id}
    window = chat.open_window(ANNA, shown.comparison.conversation)
    assert window.messages[1].siblings == tuple(one.messages[1].id for one in shown.panes)
    assert len(server.requests) == 3


def test_a_further_question_goes_under_each_pane_or_one(model: str, server: FakeServer) -> None:
    first = compare.start(ANNA, "One", [(model + "fake?tokens=2", None), (model + "fake?tokens=3", None)])
    a, b = (one.pane.id for one in ended(first).panes)
    shown = ended(compare.say(ANNA, first.comparison, "Two"))
    assert texts(shown) == [["One", text_of(2), "Two", text_of(2)], ["One", text_of(3), "Two", text_of(3)]]
    assert [one.messages[2].turn for one in shown.panes] == [2, 2]
    shown = ended(compare.say(ANNA, first.comparison, "Three", only=[b]))
    assert [len(one.messages) for one in shown.panes] == [4, 6]
    assert shown.comparison.turns == 2 and shown.panes[1].messages[4].turn is None
    sent = server.requests[-1].body["messages"]
    assert [one["content"] for one in sent] == ["One", text_of(3), "Two", text_of(3), "Three"]
    with pytest.raises(NotFound):
        compare.say(ANNA, first.comparison, "Four", only=[a, "nobody"])


def test_the_same_model_stands_twice(model: str) -> None:
    shown = ended(compare.start(ANNA, "Hi", [(model + "fake", None), (model + "fake", None)]))
    assert [len(one.messages) for one in shown.panes] == [2, 2]
    assert shown.panes[0].messages[1].id != shown.panes[1].messages[1].id


def test_stopping_one_pane_leaves_the_others(model: str, server: FakeServer) -> None:
    asked = compare.start(ANNA, "Hi", [(model + SLOW, None), (model + SLOW, None), (model + "fake", None)])
    assert server.wait_for(lambda one: one.streaming == 2)
    shown = compare.open_comparison(ANNA, asked.comparison)
    compare.stop(ANNA, asked.comparison, shown.panes[0].pane.id)
    assert server.wait_for(lambda one: one.broken == 1)
    compare.stop(ANNA, asked.comparison, shown.panes[1].pane.id)
    shown = ended(asked)
    assert [one.messages[1].status for one in shown.panes] == ["cancelled", "cancelled", "done"]


def test_a_question_waits_for_the_pane_that_still_writes(model: str, server: FakeServer) -> None:
    asked = compare.start(ANNA, "One", [(model + SLOW, None), (model + "fake", None)])
    slow, quick = asked.panes
    assert server.wait_for(lambda one: one.streaming == 1 and len(one.requests) == 2)
    message = compare.open_comparison(ANNA, asked.comparison).panes[1].messages[1]
    _kept(message.id)
    more = compare.say(ANNA, asked.comparison, "Two")
    assert more.panes == (quick,) and more.waiting == (slow,)
    shown = ended(more)
    assert [len(one.messages) for one in shown.panes] == [2, 4]
    assert [one.text for one in shown.waiting] == ["Two"]
    compare.stop(ANNA, asked.comparison, slow)
    assert runs.wait(asked.run or "", 20)
    shown = compare.open_comparison(ANNA, asked.comparison)
    assert [len(one.messages) for one in shown.panes] == [4, 4] and not shown.waiting
    assert shown.panes[0].messages[2].turn == shown.panes[1].messages[2].turn == 2
    compare.stop(ANNA, asked.comparison)
    assert runs.wait(shown.running[0], 20)


def test_a_question_that_was_held_is_shown_until_it_is_dropped_also_when_its_pane_went_on(model: str) -> None:
    asked = compare.start(ANNA, "One", [(model + "fake-500", None), (model + "fake", None)])
    failed = ended(asked).panes[0]
    home, answer = ObjectId(asked.conversation), ObjectId(failed.messages[1].id)
    waiting = queue.add(ANNA, home, answer, Draft("Two", (), ()), [])
    queue.hold(ANNA, home, answer, "The answer before it failed.")
    shown = ended(compare.say(ANNA, asked.comparison, "Three", only=[failed.pane.id]))
    assert [(one.text, one.held) for one in shown.waiting] == [("Two", "The answer before it failed.")]
    assert queue.drop_queued(ANNA, waiting).text == "Two"
    assert not compare.open_comparison(ANNA, asked.comparison).waiting


def test_again_and_with_another_model(model: str, server: FakeServer) -> None:
    asked = compare.start(ANNA, "Hi", [(model + "fake?tokens=2", None), (model + SLOW, None)])
    a, b = asked.panes
    assert server.wait_for(lambda one: one.streaming == 1)
    again = compare.swap(ANNA, asked.comparison, b, model + "fake?tokens=4", {"seed": 3})
    shown = ended(again)
    assert runs.wait(asked.run or "", 20)
    assert texts(shown)[1] == ["Hi", text_of(4)]
    assert shown.panes[1].pane.params.seed == 3
    before = shown.panes[0].messages[1].id
    shown = ended(compare.retry(ANNA, asked.comparison, a))
    assert texts(shown)[0] == ["Hi", text_of(2)] and shown.panes[0].messages[1].id != before
    assert len(chat.get_message(ANNA, before).siblings) == 4
    asked = compare.swap(ANNA, asked.comparison, a, model + "fake?tokens=7", asking=False)
    assert asked.run is None
    shown = ended(compare.say(ANNA, asked.comparison, "Next", only=[a]))
    assert texts(shown)[0] == ["Hi", text_of(2), "Next", text_of(7)]


def test_a_pane_that_fails_can_be_asked_again(model: str) -> None:
    asked = compare.start(ANNA, "Hi", [(model + "fake", None), (model + "fake-401", None)])
    shown = ended(asked)
    assert [one.messages[1].status for one in shown.panes] == ["done", "error"]
    assert shown.panes[1].messages[1].error
    shown = ended(compare.swap(ANNA, asked.comparison, asked.panes[1], model + "fake"))
    assert shown.panes[1].messages[1].status == "done"


def test_a_model_whose_connection_is_gone_holds_up_no_other(model: str, server: FakeServer) -> None:
    other = connections.add(ANNA, "openai_compatible", name="Other", key="k", base_url=server.url)
    asked = compare.start(ANNA, "Hi", [(f"{other.id}/fake-gone", None), (model + "fake", None)])
    ended(asked)
    connections.remove(ANNA, other.id)
    shown = ended(compare.say(ANNA, asked.comparison, "More"))
    assert [one.messages[3].status for one in shown.panes] == ["error", "done"]
    error = shown.panes[0].messages[3].error
    assert error and "removed" in error.message
    assert shown.panes[0].messages[3].model_label == "fake-gone"
    shown = ended(compare.swap(ANNA, asked.comparison, asked.panes[0], model + "fake"))
    assert [one.messages[3].status for one in shown.panes] == ["done", "done"]


def test_one_more_and_one_less(model: str, server: FakeServer) -> None:
    asked = compare.start(ANNA, "Hi", [(model + "fake", None), (model + SLOW, None)])
    added = compare.add_pane(ANNA, asked.comparison, (model + "fake?tokens=6", None))
    shown = ended(added)
    assert texts(shown)[2] == ["Hi", text_of(6)] and shown.panes[2].pane.letter == "C"
    compare.remove_pane(ANNA, asked.comparison, asked.panes[1])
    assert runs.wait(asked.run or "", 20)
    shown = compare.open_comparison(ANNA, asked.comparison)
    assert [one.pane.letter for one in shown.panes] == ["A", "C"]
    shown = ended(compare.add_pane(ANNA, asked.comparison, (model + "fake", None)))
    assert [one.pane.letter for one in shown.panes] == ["A", "C", "B"]
    for pane in shown.panes[1:]:
        compare.remove_pane(ANNA, asked.comparison, pane.pane.id)
    with pytest.raises(BadInput):
        compare.remove_pane(ANNA, asked.comparison, asked.panes[0])


def test_it_begins_from_an_answer_and_goes_on_in_the_chat(model: str) -> None:
    sent = chat.send(ANNA, text="First", targets=[(model + "fake", None)])
    assert runs.wait(sent.run or "", 20)
    sent = chat.send(ANNA, text="Second", conversation=sent.conversation)
    assert runs.wait(sent.run or "", 20)
    shown = ended(compare.from_answer(ANNA, sent.answers[0], [(model + "fake?tokens=9", None)]))
    assert texts(shown) == [["Second", text_of(5)], ["Second", text_of(9)]]
    assert all(one.earlier for one in shown.panes)
    assert shown.panes[0].messages[1].id == sent.answers[0]
    shown = ended(compare.say(ANNA, shown.comparison.id, "Third"))
    conversation = compare.continue_with(ANNA, shown.comparison.id, shown.panes[1].pane.id)
    assert conversation == sent.conversation
    window = chat.open_window(ANNA, conversation)
    assert [one.text for one in window.messages][2:] == texts(shown)[1]
    assert window.conversation.model == model + "fake?tokens=9"
    assert compare.within(ANNA, conversation)[0].id == shown.comparison.id


def test_a_comparison_can_begin_in_another(model: str) -> None:
    asked = compare.start(ANNA, "One", [(model + "fake?tokens=2", None), (model + "fake?tokens=3", None)])
    ended(asked)
    shown = ended(compare.say(ANNA, asked.comparison, "Two"))
    inner = ended(compare.from_answer(ANNA, shown.panes[0].messages[3].id, [(model + "fake?tokens=7", None)]))
    assert texts(inner) == [["Two", text_of(2)], ["Two", text_of(7)]]
    inner = ended(compare.say(ANNA, inner.comparison.id, "Three"))
    assert [m.turn for m in inner.panes[1].messages] == [1, None, 2, None]
    again = compare.open_comparison(ANNA, asked.comparison)
    assert texts(again) == texts(shown) and [m.turn for m in again.panes[0].messages] == [1, None, 2, None]
    assert compare.vote(ANNA, asked.comparison, 2, all_bad=True).turn == 2
    assert [one.id for one in compare.within(ANNA, asked.conversation)] == [asked.comparison, inner.comparison.id]


def test_deleting_the_chat_stops_all_that_is_written_in_it(model: str, server: FakeServer) -> None:
    asked = compare.start(ANNA, "Hi", [(model + SLOW, None), (model + "fake", None)])
    assert server.wait_for(lambda one: one.streaming == 1 and len(one.requests) == 2)
    compare.swap(ANNA, asked.comparison, asked.panes[1], model + SLOW)
    assert server.wait_for(lambda one: one.streaming == 2)
    chat.delete(ANNA, asked.conversation)
    assert server.wait_for(lambda one: one.broken == 2)


def test_a_pane_that_is_removed_takes_its_waiting_question_with_it(model: str, server: FakeServer) -> None:
    asked = compare.start(ANNA, "Hi", [(model + SLOW, None), (model + SLOW, None)])
    assert server.wait_for(lambda one: one.streaming == 2)
    assert compare.say(ANNA, asked.comparison, "More").run is None
    assert len(compare.open_comparison(ANNA, asked.comparison).waiting) == 2
    compare.remove_pane(ANNA, asked.comparison, asked.panes[0])
    assert [one.text for one in compare.open_comparison(ANNA, asked.comparison).waiting] == ["More"]
    chat.delete(ANNA, asked.conversation)
    assert runs.wait(asked.run or "", 20)


def test_it_is_its_owners_alone_and_goes_with_its_chat(model: str) -> None:
    shown = ended(compare.start(ANNA, "Hi", [(model + "fake", None)]))
    with pytest.raises(NotFound):
        compare.open_comparison(BERT, shown.comparison.id)
    assert [one.id for one in compare.comparisons(ANNA)] == [shown.comparison.id]
    chat.delete(ANNA, shown.comparison.conversation)
    assert compare.comparisons(ANNA) == ()
    with pytest.raises(NotFound):
        compare.open_comparison(ANNA, shown.comparison.id)
    chat.restore(ANNA, shown.comparison.conversation)
    assert compare.open_comparison(ANNA, shown.comparison.id) == shown


def _kept(message: str) -> None:
    """Waits until an answer is stored."""
    from hub.db.mongo import object_id

    for _ in range(2000):
        if not store.still_written(ANNA, object_id(message)):
            return
    raise AssertionError("the answer is still being written")
