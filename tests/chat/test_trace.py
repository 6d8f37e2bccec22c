"""The trace of stored answers: their requests, what each was sent, and answers that are being written."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hub import chat, hooks, runs
from hub.chat import again, waiting
from hub.chat.prompted import lengths, prompt
from hub.chat.records import BlockUse, Message
from hub.db.mongo import collection, object_id
from hub.errors import NotFound
from hub.runs.records import Call
from hub.traces import Trace
from tests.chat.conftest import ANNA, BERT
from tests.chat.test_given import able
from tests.chat.test_waiting import DELETE, Files, said

LOOK = 'look {"path": "b.txt"}'


@pytest.fixture
def files() -> Iterator[Files]:
    made = Files()
    hooks.plugins().register(made, "hub.testroom.plugin")
    yield made
    hooks.plugins().unregister(made)


@pytest.fixture
def caller(model: str) -> str:
    return able(model, "fake-caller")


def kinds(trace: Trace) -> list[str]:
    return [f"{row.kind} {row.label}" for row in trace.spans]


def reply(message: Message, call: str) -> None:
    sent = waiting.reply(ANNA, message.id, call)
    assert sent and sent.run and runs.wait(sent.run, timeout=20)


def test_an_answer_of_one_request_has_one_step(caller: str) -> None:
    got = said(caller, "Hello   there\nyou")
    trace = chat.trace(ANNA, got.id)
    assert (kinds(trace), trace.title, trace.status) == (["step Step 1"], "Hello there you", "done")
    [step] = trace.spans
    assert trace.usage == got.usage == step.usage and step.prompt == len(trace.prompt)
    assert step.began_ms is not None and step.ms is not None and trace.total_ms is not None
    assert step.began_ms + step.ms <= trace.total_ms
    assert trace.prompt[-1].pieces[0].text.endswith("Hello   there\nyou") and trace.request
    assert trace.plain()["spans"][0]["label"] == "Step 1"


def test_each_step_was_sent_what_came_before_it(caller: str, files: Files) -> None:
    got = said(caller, f"Look.\ncall {LOOK} && {LOOK}\ncall {LOOK}")
    trace = chat.trace(ANNA, got.id)
    assert kinds(trace) == ["step Step 1", "tool Look", "tool Look", "step Step 2", "tool Look", "step Step 3"]
    sent = [row.prompt for row in trace.spans if row.kind == "step"]
    roles = [one.role for one in trace.prompt]
    assert roles[0] == "tools" and sent[-1] == len(roles)
    assert sent[0] is not None and sent[1] is not None
    assert roles[sent[0] :] == ["assistant", "tool", "tool", "assistant", "tool"]
    assert roles[sent[1] :] == ["assistant", "tool"]
    first, second = trace.spans[1:3]
    assert first.began_ms is not None and trace.spans[0].ms is not None
    assert first.began_ms >= (trace.spans[0].began_ms or 0) + trace.spans[0].ms
    assert first.key == "" and second.parts[0].text


def test_a_pause_is_told_and_what_comes_after_goes_on_in_time(caller: str, files: Files) -> None:
    got = said(caller, f"Tidy.\n{DELETE}")
    waits = chat.trace(ANNA, got.id)
    assert (kinds(waits), waits.status) == (["step Step 1", "pause Waits for you", "tool Delete a file"], "waiting")
    reply(got, got.asked[0].call)
    trace = chat.trace(ANNA, got.id)
    assert kinds(trace) == ["step Step 1", "pause Waited for you", "tool Delete a file", "step Step 2"]
    first, pause, call, last = trace.spans
    assert pause.said == "Allowed" and pause.ms is not None
    begins = [row.began_ms for row in (first, call, last)]
    assert None not in begins and begins == sorted(begins, key=lambda at: at or 0)
    assert [row.prompt for row in (first, last)] == [len(trace.prompt) - 2, len(trace.prompt)]


def test_an_answer_that_was_continued_has_the_steps_of_both(caller: str) -> None:
    got = said(caller, "Hello")
    sent = again.continue_(ANNA, got.id)
    assert sent.run and runs.wait(sent.run, timeout=20)
    trace = chat.trace(ANNA, got.id)
    assert kinds(trace) == ["step Step 1", "step Step 2"]
    assert trace.spans[0].prompt is None, "what it was sent is not kept any more"
    assert trace.spans[1].prompt == len(trace.prompt)


def test_a_retried_call_takes_its_own_time_and_the_others_are_from_before(caller: str, files: Files) -> None:
    got = said(caller, f"Look.\ncall {LOOK} && {LOOK}")
    sent = again.retry_call(ANNA, got.id, got.tool_calls[1].id)
    assert sent.run and runs.wait(sent.run, timeout=20)
    trace = chat.trace(ANNA, sent.answers[0])
    assert [(row.kind, row.status) for row in trace.spans] == [("tool", "kept"), ("tool", "done"), ("step", "done")]
    assert trace.spans[0].began_ms is None and trace.spans[1].began_ms is not None


def test_an_answer_that_is_being_written_is_traced_from_its_run(model: str) -> None:
    sent = chat.send(ANNA, text="Go on", targets=[(f"{model}fake-slow", None)])
    assert sent.run
    try:
        trace = chat.trace(ANNA, sent.answers[0])
        assert trace.status == "running" and trace.total_ms is not None
        assert kinds(trace) == ["step Step 1"] and trace.spans[0].ms is None
    finally:
        runs.cancel(ANNA, sent.run)
        assert runs.wait(sent.run, timeout=20)
    stopped = chat.trace(ANNA, sent.answers[0])
    assert (stopped.status, stopped.spans[-1].status) == ("cancelled", "cancelled")


def test_what_is_not_there_somebody_elses_or_no_answer_has_no_trace(caller: str) -> None:
    got = said(caller, "Hello")
    assert got.parent
    for who, message in ((BERT, got.id), (ANNA, got.parent), (ANNA, "65f000000000000000000000"), (ANNA, "")):
        with pytest.raises(NotFound):
            chat.trace(who, message)


def test_what_has_nothing_kept_says_so(caller: str) -> None:
    got = said(caller, "Hello")
    collection("messages").update_one({"_id": object_id(got.id)}, {"$unset": {"steps": "", "timing": ""}})
    assert "Nothing was kept" in chat.trace(ANNA, got.id).note
    chat.add_message(ANNA, got.conversation, "assistant", "By hand")
    by_hand = chat.open_window(ANNA, got.conversation).messages[-1].id
    assert "by hand" in chat.trace(ANNA, by_hand).note


def test_a_blind_answer_tells_nothing_before_the_vote(caller: str) -> None:
    got = said(caller, "Hello")
    collection("messages").update_one({"_id": object_id(got.id)}, {"$set": {"veiled": "A"}})
    trace = chat.trace(ANNA, got.id)
    assert "voted" in trace.note and not trace.spans and trace.usage is None and trace.model == "A"
    assert not chat.get_message(ANNA, got.id).steps, "tokens and times would tell"


def test_blocks_of_rooms_are_named_where_they_stand_in_the_prompt() -> None:
    request = {
        "messages": [{"role": "system", "content": "Be brief.\n\nFACTS\n\nEnd."}, {"role": "user", "content": "Hi"}]
    }
    system, user = prompt(request, [BlockUse("memory", "Memory", "FACTS", 7), BlockUse("x", "Not there", "ZZZ", 1)])
    assert [(one.title, one.text) for one in system.pieces] == [("", "Be brief."), ("Memory", "FACTS"), ("", "End.")]
    assert system.pieces[1].tokens == 7 and [one.text for one in user.pieces] == ["Hi"]


def test_a_prompt_with_pictures_and_one_that_cannot_be_read() -> None:
    content = [{"type": "text", "text": "What is this?"}, {"type": "image_url", "image_url": {"url": "…"}}]
    [one] = prompt({"messages": [{"role": "user", "content": content}]})
    assert one.pieces[0].text == "What is this?(image_url)"
    assert prompt(None) == () and prompt({"input": "x"}) == () and prompt({"messages": "x"}) == ()
    assert lengths({"messages": "x"}, (), 0) == {}


def test_calls_in_words_are_found_by_their_order() -> None:
    spoken = {"role": "assistant", "content": "<tool_call>\n{}\n</tool_call>"}
    before = [{"role": "user", "content": "Earlier"}, spoken, {"role": "user", "content": "Go"}]
    request = {"messages": [*before, spoken, {"role": "user", "content": "gave"}]}
    assert lengths(request, [Call("x", "look", "{}", 0)], 1) == {0: 3, 1: 5}
