"""A plugin's tool, called by a model in an answer."""

from __future__ import annotations

import pytest

from hub import chat, plugins, runs
from tests.chat.conftest import ANNA
from tests.chat.test_given import able
from tests.fakes.openai_server import FakeServer
from tests.plugins.conftest import ADMIN, Put

WEATHER = '''
from hub.tools.schema import tool

@tool("Look up the weather", "sunny", key="city", permission="always")
def weather(city: str) -> str:
    """The weather in a city."""
    BODY
'''


@pytest.mark.parametrize("works", [True, False])
def test_a_marked_function_is_called_in_an_answer(model: str, server: FakeServer, put: Put, works: bool) -> None:
    body = 'return f"Snow in {city}"' if works else 'raise ValueError("no satellite")'
    put(skies=WEATHER.replace("BODY", body))
    sent = chat.send(ANNA, text="What is the weather?", targets=[(able(model, "fake-tools"), None)])
    assert runs.wait(sent.run or "", 20)
    answer = chat.get_message(ANNA, sent.answers[0])
    assert answer.status == "done", answer.error
    given = str([one.body for one in server.requests])
    if works:
        assert "Snow in" in given
        assert plugins.every(ADMIN)[0].failures == ()
    else:
        [failure] = plugins.every(ADMIN)[0].failures
        assert (failure.where, failure.message) == ("tool weather", "no satellite")
