"""A turn from the person's words to the stored answer, against a provider that speaks the protocol."""

from __future__ import annotations

import pytest

from hub import chat, runs
from hub.chat.records import Message, Sent
from hub.errors import BadInput, NotFound
from hub.models.types import Params
from tests.chat.conftest import ANNA, BERT
from tests.fakes.openai_server import FakeServer
from tests.fakes.script import text_of


def finished(sent: Sent) -> list[Message]:
    """The messages of the open branch once the run has ended."""
    assert sent.run and runs.wait(sent.run, timeout=20)
    return list(chat.open_window(ANNA, sent.conversation).messages)


def test_a_new_chat_is_stored_answered_and_listed(model: str, server: FakeServer) -> None:
    sent = chat.send(ANNA, text="Hello there", targets=[(f"{model}fake", Params(temperature=0.2))])
    asked, answer = finished(sent)
    assert (asked.id, answer.id) == (sent.message, sent.answers[0])
    assert (asked.role, asked.text, asked.status) == ("user", "Hello there", "done")
    assert (answer.text, answer.status, answer.finish) == (text_of(20), "done", "stop")
    assert answer.parent == asked.id
    assert answer.model == f"{model}fake"
    assert answer.params == Params(temperature=0.2)
    assert answer.usage and answer.usage.output == 20
    assert answer.timing and answer.timing.first_token_ms is not None
    assert answer.cost is None
    [listed] = chat.list_conversations(ANNA).recent
    assert (listed.id, listed.title, listed.head) == (sent.conversation, "Hello there", answer.id)
    assert (listed.totals.answers, listed.totals.output, listed.totals.unpriced) == (1, 20, 1)


def test_the_request_that_was_sent_is_kept_without_the_key(model: str) -> None:
    sent = chat.send(ANNA, text="What is six times seven?", targets=[(f"{model}fake", {"seed": 3})])
    finished(sent)
    request = chat.sent_request(ANNA, sent.answers[0])
    assert request is not None
    assert request["messages"][-1] == {"role": "user", "content": "What is six times seven?"}
    assert request["seed"] == 3
    assert "k" not in request.values()


def test_the_next_turn_carries_the_conversation(model: str, server: FakeServer) -> None:
    first = chat.send(ANNA, text="One", targets=[(f"{model}fake", None)])
    finished(first)
    chat.configure(ANNA, first.conversation, system_prompt="Be brief.")
    second = chat.send(ANNA, conversation=first.conversation, text="Two")
    assert [one.text for one in finished(second)] == ["One", text_of(20), "Two", text_of(20)]
    bodies = [one.body for one in server.requests if one.path.endswith("/chat/completions")]
    assert [one["content"] for one in bodies[-1]["messages"]] == ["Be brief.", "One", text_of(20), "Two"]


def test_several_models_answer_beside_each_other(model: str) -> None:
    sent = chat.send(ANNA, text="Hi", targets=[(f"{model}fake", None), (f"{model}fake-401", None)])
    asked, answer = finished(sent)
    assert answer.siblings == sent.answers
    failed = chat.get_message(ANNA, sent.answers[1])
    assert failed.status == "error"
    assert failed.error and failed.error.kind == "refused_key"
    assert failed.parent == asked.id


def test_an_answer_that_breaks_off_is_kept_and_can_go_on(model: str, server: FakeServer) -> None:
    sent = chat.send(ANNA, text="Hi", targets=[(f"{model}fake-cut", None)])
    answer = finished(sent)[-1]
    assert answer.status == "error"
    assert answer.text
    assert answer.usage and answer.usage.estimated
    again = chat.continue_(ANNA, answer.id)
    longer = finished(again)[-1]
    assert longer.id == answer.id
    assert longer.text.startswith(answer.text)
    assert len(longer.text) > len(answer.text)
    assert longer.timing and longer.timing.first_token_ms == (answer.timing and answer.timing.first_token_ms)
    assert longer.timing.total_ms and answer.timing and longer.timing.total_ms >= (answer.timing.total_ms or 0)
    body = [one.body for one in server.requests if one.path.endswith("/chat/completions")][-1]
    assert body["messages"][-1] == {"role": "assistant", "content": answer.text}


def test_asking_again_adds_a_sibling_and_opens_it(model: str) -> None:
    sent = chat.send(ANNA, text="Hi", targets=[(f"{model}fake", None)])
    finished(sent)
    again = chat.regenerate(ANNA, sent.answers[0])
    answer = finished(again)[-1]
    assert answer.siblings == (*sent.answers, *again.answers)
    assert answer.index == 1
    chat.select(ANNA, sent.answers[0])
    assert chat.open_window(ANNA, sent.conversation).messages[-1].id == sent.answers[0]


def test_editing_in_place_and_sending_an_edit_again(model: str) -> None:
    sent = chat.send(ANNA, text="Hi", targets=[(f"{model}fake", None)])
    finished(sent)
    assert sent.message
    chat.edit(ANNA, sent.answers[0], "Corrected")
    assert chat.get_message(ANNA, sent.answers[0]).text == "Corrected"
    again = chat.edit(ANNA, sent.message, "Hi again", resend=True)
    assert again is not None
    asked, _ = finished(again)
    assert asked.text == "Hi again"
    assert asked.siblings == (sent.message, again.message)
    assert chat.get_message(ANNA, sent.message).text == "Hi"


def test_a_message_without_asking_is_part_of_the_next_prompt(model: str, server: FakeServer) -> None:
    home = chat.create(ANNA, model=f"{model}fake")
    chat.add_message(ANNA, home.id, "user", "A fact")
    chat.add_message(ANNA, home.id, "assistant", "Noted")
    finished(chat.send(ANNA, conversation=home.id, text="And?"))
    body = [one.body for one in server.requests if one.path.endswith("/chat/completions")][-1]
    assert [one["content"] for one in body["messages"]] == ["A fact", "Noted", "And?"]


def test_nothing_is_stored_when_a_message_cannot_be_sent(model: str) -> None:
    for broken in (
        {"text": "  ", "targets": [(f"{model}fake", None)]},
        {"text": "Hi", "targets": [("nowhere/x", None)]},
        {"text": "Hi", "targets": [(f"{model}fake", {"temperature": 9})]},
        {"text": "Hi", "files": ["0" * 24], "targets": [(f"{model}fake", None)]},
        {"text": "x" * 4_000_001, "targets": [(f"{model}fake", None)]},
    ):
        with pytest.raises((BadInput, NotFound)) as caught:
            chat.send(ANNA, **broken)  # pyright: ignore[reportArgumentType]
        assert caught.value.message
    assert chat.list_conversations(ANNA).recent == ()


def test_a_megabyte_right_to_left_and_null_bytes_go_through(model: str) -> None:
    text = "שלום עולם e\u0301\x00 <script>alert(1)</script> " * 25_000
    sent = chat.send(ANNA, text=text, targets=[(f"{model}fake", None)])
    asked = finished(sent)[0]
    assert asked.text == text.replace("\x00", "")
    assert asked.notices == ("25,000 null bytes were removed.",)


def test_nobody_else_sees_or_touches_it(model: str) -> None:
    sent = chat.send(ANNA, text="Mine", targets=[(f"{model}fake", None)])
    finished(sent)
    assert sent.message
    for attempt in (
        lambda: chat.open_window(BERT, sent.conversation),
        lambda: chat.get_message(BERT, sent.message or ""),
        lambda: chat.sent_request(BERT, sent.answers[0]),
        lambda: chat.delete(BERT, sent.conversation),
        lambda: chat.edit(BERT, sent.message or "", "x"),
        lambda: chat.send(BERT, conversation=sent.conversation, text="x", targets=[("demo/demo", None)]),
        lambda: chat.fork(BERT, sent.message or ""),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert chat.list_conversations(BERT).recent == ()
