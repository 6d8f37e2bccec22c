"""What only the direct path does."""

from __future__ import annotations

import asyncio

import pytest

from hub.models import http
from hub.models.deltas import answer_of
from hub.models.errors import TimedOut
from hub.models.types import ChatMessage, ChatRequest, Image, TextPart, Usage
from tests.conftest import Configure
from tests.fakes.openai_server import FakeServer
from tests.fakes.script import PIXEL, text_of
from tests.models.conftest import ask, collect, direct, run, until_error


@pytest.mark.parametrize("name", ["fake-reasoning-openrouter", "fake-reasoning-details"])
def test_reasoning_as_openrouter_sends_it(fake: FakeServer, name: str) -> None:
    assert answer_of(run(collect(direct(fake, name), ask()))).reasoning == "First I think."


def test_images_out(fake: FakeServer) -> None:
    assert Image("image/png", PIXEL) in run(collect(direct(fake, "fake-image"), ask()))
    assert run(direct(fake, "fake-image").complete(ask())).images == (Image("image/png", PIXEL),)


def test_tool_calls_without_index(fake: FakeServer) -> None:
    answer = answer_of(run(collect(direct(fake, "fake-tools-no-index"), ask(tools=True))))
    assert [call.arguments for call in answer.tool_calls] == ['{"city":"Oslo"}', '{"city":"Rome"}']
    assert answer.finish == "tool_calls"


def test_server_that_does_not_stream(fake: FakeServer) -> None:
    assert answer_of(run(collect(direct(fake, "fake-json"), ask()))).text == text_of(4)


def test_end_without_a_done_mark(fake: FakeServer) -> None:
    assert answer_of(run(collect(direct(fake, "fake-no-done"), ask()))).text == "whole"


def test_parameter_under_another_name(fake: FakeServer) -> None:
    answer = answer_of(run(collect(direct(fake, "fake-refuse-max-tokens"), ask(max_tokens=9))))
    assert answer.text == text_of(4) and answer.notices == ()
    assert fake.requests[-1].body["max_completion_tokens"] == 9


def test_our_own_bookkeeping_is_left_out_in_silence(fake: FakeServer) -> None:
    answer = answer_of(run(collect(direct(fake, "fake-refuse-usage"), ask())))
    assert (answer.text, answer.notices, answer.usage) == (text_of(4), (), None)


def test_openrouter_dialect(fake: FakeServer) -> None:
    request = ask(reasoning_effort="high", json_mode=True, seed=3)
    usage = next(
        event for event in run(collect(direct(fake, "fake", "openrouter"), request)) if isinstance(event, Usage)
    )
    assert usage.cost == 0.000123
    sent = fake.requests[-1]
    assert sent.headers["x-title"] == "LLM Hub" and "http-referer" not in sent.headers
    assert sent.body["reasoning"] == {"effort": "high"} and sent.body["seed"] == 3
    assert sent.body["response_format"] == {"type": "json_object"}


def test_vllm_continues_with_its_own_flags(fake: FakeServer) -> None:
    request = ChatRequest((*ask().messages, ChatMessage("assistant", (TextPart("the"),))))
    run(collect(direct(fake, "fake", "vllm"), request))
    body = fake.requests[-1].body
    assert (body["continue_final_message"], body["add_generation_prompt"]) == (True, False)


def test_payload_is_what_was_sent(fake: FakeServer) -> None:
    model, request = direct(fake, "fake"), ask(temperature=0.1, tools=True)
    run(collect(model, request))
    assert fake.requests[-1].body == model.payload(request, stream=True)


def test_server_that_accepts_and_says_nothing(fake: FakeServer, configure: Configure) -> None:
    configure(first_token_timeout=0.3)
    _, error = run(until_error(direct(fake, "fake-mute"), ask()))
    assert isinstance(error, TimedOut) and error.which == "first_token"
    assert fake.wait_for(lambda server: server.broken == 1)


def test_each_event_loop_has_its_own_client(fake: FakeServer) -> None:
    model = direct(fake, "fake")

    async def twice() -> int:
        await collect(model, ask())
        await collect(model, ask())
        return id(http.client())

    first, second = asyncio.run(twice()), asyncio.run(twice())
    assert len(fake.requests) == 4
    assert first is not None and second is not None


def test_many_streams_at_once(fake: FakeServer) -> None:
    model = direct(fake, "fake?tokens=30&gap=5")

    async def fifty() -> list[str]:
        return [answer_of(events).text for events in await asyncio.gather(*(collect(model, ask()) for _ in range(50)))]

    assert run(fifty()) == [text_of(30)] * 50


def test_a_server_that_ends_an_unfinished_answer_is_asked_in_words(fake: FakeServer) -> None:
    model = direct(fake, "fake-ends-turn", "llamacpp")
    unfinished = ChatRequest((*ask().messages, ChatMessage("assistant", (TextPart("the quick"),))))
    for asked in (2, 3):  # what was learned is remembered
        answer = answer_of(run(collect(model, unfinished)))
        assert answer.text == text_of(4) and answer.usage
        assert len(fake.requests) == asked and fake.requests[-1].body["messages"][-1]["role"] == "user"
