"""The demo model: every screen can be tried without a key."""

from __future__ import annotations

import asyncio

import pytest

from hub.models import demo
from hub.models.deltas import answer_of
from hub.models.demo import DemoModel
from hub.models.demo_text import HELP
from hub.models.errors import ModelError
from hub.models.estimate import image_tokens
from hub.models.types import ChatMessage, ChatRequest, Done, ImagePart, TextPart, ToolSpec, ToolUse, Usage
from tests.conftest import Configure
from tests.models.conftest import WEATHER, ask, collect, until_error


def test_it_says_what_it_is_and_how_to_use_it() -> None:
    answer = asyncio.run(DemoModel().complete(ask("Hello")))
    assert "no AI" in answer.text and "`error`" in answer.text and "You wrote: “Hello”" in answer.text


@pytest.mark.parametrize(
    ("word", "sign"), [("code", "```python"), ("table", "|:---|"), ("math", "$$"), ("diagram", "```mermaid")]
)
def test_words_pick_the_answer(word: str, sign: str) -> None:
    answer = asyncio.run(DemoModel().complete(ask(f"Show me a {word}")))
    assert sign in answer.text
    assert answer == asyncio.run(DemoModel().complete(ask(f"Show me a {word}"))), "the same again"


def test_a_stream_ends_like_any_other() -> None:
    events = asyncio.run(collect(DemoModel(), ask("reason fast")))
    assert isinstance(events[-2], Usage) and events[-2].output == len(events) - 2
    assert events[-1] == Done("stop")
    assert answer_of(events).reasoning


def test_image_and_tool() -> None:
    answer = asyncio.run(DemoModel().complete(ask("image")))
    assert answer.images[0].data.startswith(b"\x89PNG") and image_tokens(answer.images[0].data) == 85
    shown = asyncio.run(DemoModel().complete(ask("use a tool")))
    assert shown.tool_calls and shown.finish == "stop" and "only shown" in shown.text
    called = asyncio.run(DemoModel().complete(ask("use a tool", tools=True)))
    assert called.tool_calls == (ToolUse("call_demo_1", "weather", "{}"),) and called.finish == "tool_calls"
    tools = (ToolSpec("keep", "", {"required": ["text"]}), ToolSpec("clock", "", {}))
    free = asyncio.run(DemoModel().complete(ChatRequest(ask("use a tool").messages, tools=tools)))
    named = asyncio.run(DemoModel().complete(ChatRequest(ask("use the tool keep").messages, tools=tools)))
    assert (free.tool_calls[0].name, named.tool_calls[0].name) == ("clock", "keep")
    result = ChatMessage("tool", (TextPart("rain"),), tool_call_id="call_demo_1")
    then = asyncio.run(DemoModel().complete(ChatRequest((*ask("tool").messages, result), tools=(WEATHER,))))
    assert "rain" in then.text


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("rate limit", "rate_limited"),
        ("key", "refused_key"),
        ("missing key", "no_key"),
        ("credit", "no_credit"),
        ("context", "context_too_long"),
        ("network", "network"),
        ("gone", "model_gone"),
        ("content", "refused_content"),
        ("request", "bad_request"),
        ("address", "no_api"),
        ("down", "provider_down"),
        ("timeout", "timeout"),
        ("hang", "timeout"),
        ("mid-stream fast", "provider_down"),
        ("cut fast", "stream_ended"),
    ],
)
def test_errors_on_request(words: str, kind: str, configure: Configure) -> None:
    configure(first_token_timeout=0.2)
    _, error = asyncio.run(until_error(DemoModel(), ask(f"error {words}")))
    assert isinstance(error, ModelError) and error.kind == kind


def test_every_kind_of_error_can_be_asked_for() -> None:
    own = [kind for kind in ModelError.__subclasses__() if kind.__module__.startswith("hub.models.")]
    kinds = {kind.kind for kind in own}
    said = {fault.kind for fault in demo.faults().values() if isinstance(fault, ModelError)}
    assert kinds - said == {"stream_ended"}, "that one comes in the middle, with the word cut"
    assert all(f"`{word}`" in HELP for word in demo.faults() if word != "middle")


def test_the_word_error_alone_is_no_error() -> None:
    assert "demo model" in asyncio.run(DemoModel().complete(ask("What does this error mean?"))).text


def test_limit_of_the_answer() -> None:
    answer = asyncio.run(DemoModel().complete(ask("long", max_tokens=10)))
    assert answer.finish == "length" and answer.usage is not None and answer.usage.output == 10


def test_it_goes_on_where_an_answer_stopped() -> None:
    request = ChatRequest((*ask("table").messages, ChatMessage("assistant", (TextPart("| planet"),))))
    assert "goes on" in asyncio.run(DemoModel().complete(request)).text


def test_what_is_attached_is_not_taken_for_what_was_said() -> None:
    parts = (TextPart("a file about an error with the key"), ImagePart("image/png", b"x"), TextPart("code"))
    answer = asyncio.run(DemoModel().complete(ChatRequest((ChatMessage("user", parts),))))
    assert "You wrote: “code”. With it came 1 picture and 1 text file" in answer.text and "```python" in answer.text
