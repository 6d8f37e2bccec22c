"""Sending while an answer is being written: it waits, can be changed, or takes the place of the answer."""

from __future__ import annotations

import pytest

from hub import chat, runs
from hub.chat.records import Message, Sent
from hub.errors import BadInput, NotFound
from tests.chat.conftest import ANNA, BERT
from tests.fakes.openai_server import FakeServer

SLOW = "fake?gap=20&tokens=25"
ENDLESS = "fake?gap=50&tokens=10000"


def settled(conversation: str) -> list[Message]:
    """The open branch once nothing runs or waits any more."""
    while True:
        window = chat.open_window(ANNA, conversation)
        if not window.running:
            return list(window.messages)
        assert all(runs.wait(run, timeout=20) for run in window.running)


def running(model: str, name: str = SLOW) -> Sent:
    return chat.send(ANNA, text="first", targets=[(f"{model}{name}", None)])


def test_what_is_sent_during_an_answer_waits_and_goes_in_order(model: str) -> None:
    first = running(model)
    second = chat.send(ANNA, conversation=first.conversation, text="second")
    third = chat.send(ANNA, conversation=first.conversation, text="third")
    assert second.run is None
    waiting = chat.open_window(ANNA, first.conversation).queued
    assert [one.id for one in waiting] == [second.queued, third.queued]
    assert [one.after for one in waiting] == [first.answers[0]] * 2
    messages = settled(first.conversation)
    assert [one.text for one in messages if one.role == "user"] == ["first", "second", "third"]
    assert [one.status for one in messages] == ["done"] * 6
    assert chat.queued(ANNA, first.conversation) == ()


def test_a_waiting_message_is_changed_and_dropped(model: str) -> None:
    first = running(model)
    second = chat.send(ANNA, conversation=first.conversation, text="second").queued or ""
    third = chat.send(ANNA, conversation=first.conversation, text="third").queued or ""
    chat.edit_queued(ANNA, second, "changed")
    assert chat.drop_queued(ANNA, third).text == "third"
    with pytest.raises(NotFound):
        chat.edit_queued(BERT, second, "stolen")
    with pytest.raises(BadInput):
        chat.edit_queued(ANNA, second, " ")
    assert [one.text for one in settled(first.conversation) if one.role == "user"] == ["first", "changed"]
    with pytest.raises(NotFound):
        chat.drop_queued(ANNA, second)


def test_interrupting_stops_the_answer_keeps_its_text_and_sends(model: str) -> None:
    first = running(model, ENDLESS)
    waits = chat.send(ANNA, conversation=first.conversation, text="waits", targets=[(f"{model}fake", None)])
    sent = chat.send(
        ANNA,
        conversation=first.conversation,
        text="stop, rather this",
        targets=[(f"{model}fake", None)],
        when="interrupt",
    )
    assert sent.run
    assert waits.queued
    messages = settled(first.conversation)
    assert [one.status for one in messages] == ["done", "cancelled", "done", "done", "done", "done"]
    assert [one.text for one in messages if one.role == "user"] == ["first", "stop, rather this", "waits"]


def test_stopping_an_answer_sends_what_waits(model: str) -> None:
    first = running(model, ENDLESS)
    chat.send(ANNA, conversation=first.conversation, text="next", targets=[(f"{model}fake", None)])
    assert first.run
    runs.cancel(ANNA, first.run)
    assert runs.wait(first.run, timeout=20)
    assert [one.status for one in settled(first.conversation)] == ["done", "cancelled", "done", "done"]


def test_after_a_failure_what_waits_is_held_and_can_be_sent(model: str) -> None:
    first = running(model, "fake-cut?gap=60")
    held = chat.send(ANNA, conversation=first.conversation, text="next", targets=[(f"{model}fake", None)]).queued
    assert held
    assert [one.status for one in settled(first.conversation)] == ["done", "error"]
    assert chat.open_window(ANNA, first.conversation).queued[0].held == "The answer before it failed."
    assert chat.send_queued(ANNA, held).run
    assert [one.status for one in settled(first.conversation)] == ["done", "error", "done", "done"]
    with pytest.raises(NotFound):
        chat.send_queued(ANNA, held)


def test_a_waiting_message_can_be_sent_before_its_turn(model: str) -> None:
    first = running(model, ENDLESS)
    waits = chat.send(ANNA, conversation=first.conversation, text="next", targets=[(f"{model}fake", None)]).queued
    assert waits
    assert chat.send_queued(ANNA, waits).run
    assert [one.status for one in settled(first.conversation)] == ["done", "cancelled", "done", "done"]


def test_another_branch_does_not_wait(model: str, server: FakeServer) -> None:
    first = running(model, ENDLESS)
    beside = chat.send(
        ANNA, conversation=first.conversation, parent=first.message, text="beside", targets=[(f"{model}fake", None)]
    )
    assert beside.run
    assert runs.wait(beside.run, timeout=20)
    assert chat.get_message(ANNA, beside.answers[0]).status == "done"
    assert chat.get_message(ANNA, first.answers[0]).status == "streaming"
    assert first.run
    runs.cancel(ANNA, first.run)
    assert runs.wait(first.run, timeout=20)
