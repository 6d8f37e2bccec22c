"""What every ChatModel does, whichever way leads to the provider: one suite, real HTTP."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import ExitStack, aclosing
from time import monotonic
from typing import Any

import orjson
import pytest

from hub.models.deltas import answer_of
from hub.models.errors import ModelError
from hub.models.types import (
    ChatMessage,
    ChatRequest,
    Done,
    ImagePart,
    Notice,
    Reasoning,
    Text,
    TextPart,
    ToolUse,
    Usage,
)
from tests.conftest import Configure
from tests.fakes.openai_server import FakeServer
from tests.fakes.script import PIXEL, UNICODE, text_of
from tests.models.conftest import KEY, WEATHER, Make, ask, collect, run, until_error


def test_streams_text_then_usage_then_done(make: Make) -> None:
    events = run(collect(make("fake"), ask()))
    assert [event.text for event in events if isinstance(event, Text)] == ["the", " quick", " brown", " fox"]
    assert isinstance(events[-2], Usage)
    assert (events[-2].input, events[-2].output, events[-2].cached) == (11, 4, 4)
    assert events[-1] == Done("stop")


def test_whole_answer(make: Make) -> None:
    answer = run(make("fake").complete(ask()))
    assert (answer.text, answer.finish) == (text_of(4), "stop")
    assert answer.usage is not None and answer.usage.output == 4


def test_what_the_provider_counted_is_not_estimated(make: Make) -> None:
    usage = run(make("fake").complete(ask())).usage
    assert usage and not usage.estimated
    assert [event.estimated for event in run(collect(make("fake"), ask())) if isinstance(event, Usage)] == [False]


def test_usage_that_nobody_sent_is_unknown_or_marked_as_estimated(make: Make, path: str) -> None:
    """LiteLLM counts by itself at the end of a stream. Anthropic's protocol always has usage."""
    counted = [event.estimated for event in run(collect(make("fake-no-usage"), ask())) if isinstance(event, Usage)]
    assert counted == {"direct": [], "litellm": [True], "litellm-anthropic": [False]}[path]
    whole = run(make("fake-no-usage").complete(ask())).usage
    assert (whole is None) == (path != "litellm-anthropic")


def test_finish_length_is_told(make: Make) -> None:
    assert run(collect(make("fake-length"), ask()))[-1] == Done("length")


@pytest.mark.parametrize("name", ["fake-reasoning", "fake-think-tags"])
def test_reasoning_is_apart_from_text(make: Make, name: str) -> None:
    answer = answer_of(run(collect(make(name), ask())))
    assert answer.reasoning.strip() in ("First I think.",)
    assert answer.text.strip() in (text_of(4), "The answer is <think>.")
    whole = run(make(name).complete(ask()))
    assert (whole.reasoning.strip(), whole.text.strip()) == (answer.reasoning.strip(), answer.text.strip())


def test_tool_calls(make: Make) -> None:
    model = make("fake-tools")
    for answer in (answer_of(run(collect(model, ask(tools=True)))), run(model.complete(ask(tools=True)))):
        assert answer.text == "Let me look."
        calls = [(call.id, call.name, orjson.loads(call.arguments)) for call in answer.tool_calls]
        assert calls == [("call_0", "weather", {"city": "Oslo"}), ("call_1", "weather", {"city": "Rome"})]
        assert answer.finish == "tool_calls"


def test_answers_of_tools_are_sent_back(make: Make) -> None:
    conversation = (
        ChatMessage("user", (TextPart("Weather?"),)),
        ChatMessage("assistant", (), (ToolUse("call_0", "weather", '{"city":"Oslo"}'),)),
        ChatMessage("tool", (TextPart("rain"),), tool_call_id="call_0"),
    )
    request = ChatRequest(conversation, tools=(WEATHER,))
    events = run(collect(make("fake"), request))
    assert answer_of(events).text == text_of(4)


@pytest.mark.parametrize("name", ["fake-json-tool", "fake-tag-tool"])
def test_tool_calls_printed_as_text(make: Make, name: str) -> None:
    answer = answer_of(run(collect(make(name), ask(tools=True))))
    assert [(call.name, orjson.loads(call.arguments)) for call in answer.tool_calls] == [("weather", {"city": "Oslo"})]
    assert answer.text.strip() in ("", "I look.")
    assert answer.finish == "tool_calls"


def test_json_that_is_no_call_stays_text(make: Make) -> None:
    answer = answer_of(run(collect(make("fake-json-text"), ask(tools=True))))
    assert answer.text == '{"answer": 42}\n```json\n{"name": "nobody"}\n```\nend'
    assert answer.tool_calls == ()


def test_characters_split_over_chunks(make: Make) -> None:
    assert answer_of(run(collect(make("fake-split-utf8"), ask()))).text == UNICODE


def test_keep_alive_comments_are_passed_over(make: Make) -> None:
    assert answer_of(run(collect(make("fake-keepalive"), ask()))).text == text_of(4)


def test_error_in_the_middle(make: Make) -> None:
    events, error = run(until_error(make("fake-midstream-error"), ask()))
    assert isinstance(error, ModelError) and error.kind == "provider_down"
    assert "Provider disconnected" in error.message and "middle" in error.message
    assert "text so far is kept" in error.hint
    assert [event.text for event in events if isinstance(event, Text)] == ["the", " quick", " brown", " fox"]


@pytest.mark.parametrize("name", ["fake-cut", "fake-cut-clean"])
def test_stream_that_just_ends(make: Make, fake: FakeServer, name: str) -> None:
    events, error = run(until_error(make(name), ask()))
    assert isinstance(error, ModelError) and error.kind == "stream_ended"
    assert events and len(fake.requests) == 1, "once text came, nothing is asked again"


def test_empty_answer_is_said(make: Make) -> None:
    events = run(collect(make("fake-empty"), ask()))
    assert any(isinstance(event, Notice) for event in events) and isinstance(events[-1], Done)


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("fake-400", "bad_request", "roles must alternate"),
        ("fake-401", "refused_key", "refused the key"),
        ("fake-402", "no_credit", "no credit"),
        ("fake-quota", "no_credit", "quota"),
        ("fake-404", "model_gone", "has no model named fake-404"),
        ("fake-context", "context_too_long", "808 tokens too long"),
        ("fake-429-long", "rate_limited", "no more requests"),
        ("fake-filtered", "refused_content", "refused the content"),
    ],
)
def test_refusals_are_told_at_once(make: Make, fake: FakeServer, name: str, kind: str, words: str) -> None:
    for work in (until_error(make(name), ask()), _complete_error(make, name)):
        _, error = run(work)
        assert isinstance(error, ModelError)
        assert (error.kind, words in error.message) == (kind, True), error.message
        assert error.hint
        assert KEY not in str(error.record())
    assert len(fake.requests) == 2, "none of these is tried again"


def test_long_wait_is_told(make: Make) -> None:
    _, error = run(until_error(make("fake-429-long"), ask()))
    assert isinstance(error, ModelError)
    assert error.retry_after == 3600 and "60 minutes" in error.hint


def test_rate_limit_is_waited_out(make: Make, fake: FakeServer) -> None:
    assert answer_of(run(collect(make("fake-429"), ask()))).text == text_of(4)
    assert len(fake.requests) == 3
    assert run(make("fake-429").complete(ask())).text == text_of(4)
    assert len(fake.requests) == 6


def test_at_most_four_attempts(make: Make, fake: FakeServer) -> None:
    _, error = run(until_error(make("fake-500"), ask()))
    assert isinstance(error, ModelError) and error.kind == "provider_down"
    assert len(fake.requests) == 4


def test_refused_parameter_is_left_out_and_remembered(make: Make, fake: FakeServer) -> None:
    for number in (1, 2):
        answer = answer_of(run(collect(make("fake-refuse-temperature"), ask(temperature=0.2))))
        assert answer.text == text_of(4)
        assert answer.notices == ("This model does not take temperature, so it was asked without.",)
        assert len(fake.requests) == 1 + number, "the second time it is not sent at all"
    payload = make("fake-refuse-temperature").payload(ask(temperature=0.2, top_p=0.5), stream=True)
    assert "temperature" not in payload and payload["top_p"] == 0.5


def test_model_without_tools_is_asked_without(make: Make) -> None:
    answer = answer_of(run(collect(make("fake-refuse-tools"), ask(tools=True))))
    assert answer.text == text_of(4) and "tools" in answer.notices[0]


def test_model_without_prefill_is_asked_in_words(make: Make, fake: FakeServer) -> None:
    unfinished = ChatMessage("assistant", (TextPart("the quick"),))
    answer = answer_of(run(collect(make("fake-refuse-prefill"), ChatRequest((*ask().messages, unfinished)))))
    assert answer.text == text_of(4)
    assert fake.requests[-1].body["messages"][-1]["role"] == "user"


def test_hanging_before_the_first_token(make: Make, configure: Configure) -> None:
    configure(first_token_timeout=0.5)
    _, error = run(until_error(make("fake-hang"), ask()))
    assert isinstance(error, ModelError)
    assert error.record()["which"] == "first_token"


def test_hanging_in_the_middle(make: Make, configure: Configure) -> None:
    configure(idle_timeout=0.5)
    events, error = run(until_error(make("fake-idle"), ask()))
    assert isinstance(error, ModelError)
    assert error.record()["which"] == "idle" and any(isinstance(event, Text) for event in events)


@pytest.fixture
def blackhole() -> Iterator[int]:
    """A port whose queue is full: who connects hears nothing, neither yes nor no."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listening, ExitStack() as held:
        port = int(listening.getsockname()[1])
        for _ in range(8):
            waiting = held.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.1", port))
        yield port


def test_hanging_while_it_connects(make: Make, fake: FakeServer, configure: Configure, blackhole: int) -> None:
    configure(connect_timeout=0.4)
    fake.stop()
    fake.port = blackhole
    began = monotonic()
    _, error = run(until_error(make("fake"), ask()))
    assert isinstance(error, ModelError) and monotonic() - began < 5
    assert (error.kind, error.record()["which"]) == ("timeout", "connect"), error.record()
    assert error.hint


def test_nothing_at_the_address(make: Make, fake: FakeServer) -> None:
    model = make("fake")
    fake.stop()
    _, error = run(until_error(model, ask()))
    assert isinstance(error, ModelError) and error.kind == "network"


@pytest.mark.parametrize("how", ["close", "cancel", "cancel-hang"])
def test_stopping_breaks_the_connection(make: Make, fake: FakeServer, how: str) -> None:
    model = make("fake-hang" if how == "cancel-hang" else "fake?gap=20&tokens=100000")

    async def begin() -> None:
        async with aclosing(model.stream(ask())) as stream:
            async for event in stream:
                if isinstance(event, Text) and how == "close":
                    return

    async def stop() -> None:
        task = asyncio.create_task(begin())
        if how == "close":
            await task
        else:
            assert await asyncio.to_thread(fake.wait_for, lambda server: server.streaming == 1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        assert await asyncio.to_thread(fake.wait_for, lambda server: server.broken == 1), "the provider goes on"

    run(stop())


def test_parameters_arrive(make: Make, fake: FakeServer, path: str) -> None:
    request = ask(temperature=0.5, top_p=0.9, max_tokens=77, stop=("END",))
    run(collect(make("fake"), request))
    body = fake.requests[-1].body
    assert (body["temperature"], body["top_p"], body["max_tokens"]) == (0.5, 0.9, 77)
    assert body.get("stop", body.get("stop_sequences")) == ["END"]


def test_image_arrives_whole_and_is_short_in_the_payload(make: Make, fake: FakeServer) -> None:
    message = ChatMessage("user", (TextPart("What is it?"), ImagePart("image/png", PIXEL)))
    request = ChatRequest((message,))
    run(collect(make("fake"), request))
    shown = str(make("fake").payload(request, stream=True))
    assert f"[{len(PIXEL)} bytes]" in shown and "iVBOR" not in shown
    assert "iVBOR" in str(fake.requests[-1].body)


def test_key_is_nowhere_to_be_seen(make: Make) -> None:
    model = make("fake")
    assert KEY not in repr(model)
    assert KEY not in str(model.payload(ask(), stream=True))


async def _complete_error(make: Make, name: str) -> tuple[list[Any], Exception]:
    try:
        await make(name).complete(ask())
    except Exception as error:
        return [], error
    raise AssertionError("it did not fail")


def test_reasoning_comes_before_text(make: Make) -> None:
    events = run(collect(make("fake-reasoning"), ask()))
    kinds = [type(event) for event in events if isinstance(event, Text | Reasoning)]
    assert kinds == [Reasoning] * 3 + [Text] * 4
