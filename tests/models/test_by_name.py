"""Any provider that LiteLLM knows, by its name: stored, tested and asked like the others."""

from __future__ import annotations

import asyncio

import pytest

from hub.db.who import OWNER
from hub.models import connections, resolve
from hub.models.check import Check, check
from hub.models.connections import Connection
from hub.models.litellm_chat import LiteLLMChat
from hub.models.types import ChatMessage, ChatRequest, TextPart
from tests.fakes.openai_server import FakeServer
from tests.models.conftest import KEY


def connect(fake: FakeServer, name: str) -> Connection:
    return connections.add(OWNER, "litellm", litellm_provider=name, base_url=fake.url, key=KEY)


def outcome(connection: Connection) -> Check:
    return asyncio.run(check(connection, connections.access(OWNER, connection)))


@pytest.mark.parametrize("name", ["custom_openai", "deepseek"])
def test_a_model_answers(mongo: str, fake: FakeServer, name: str) -> None:
    connection = connect(fake, name)
    assert (connection.name, connection.litellm_provider) == (name, name)
    model = resolve.open_model(OWNER, f"{connection.id}/fake")
    assert isinstance(model, LiteLLMChat)
    answer = asyncio.run(model.complete(ChatRequest((ChatMessage("user", (TextPart("Hi"),)),))))
    assert answer.text and answer.usage
    assert fake.requests[-1].body["model"] == "fake"
    assert fake.requests[-1].headers["authorization"] == f"Bearer {KEY}"


def test_the_test_button_asks_for_one_token(mongo: str, fake: FakeServer) -> None:
    found = outcome(connect(fake, "deepseek"))
    assert found.ok and found.models and found.sentence.startswith("deepseek works: ")
    assert fake.requests[-1].body["max_tokens"] == 1


def test_a_provider_without_a_list_says_how_it_can_be_tested(mongo: str, fake: FakeServer) -> None:
    found = outcome(connect(fake, "custom_openai"))
    assert not found.ok and "only a first message can test it" in found.sentence


def test_a_provider_that_is_away_is_told(mongo: str, fake: FakeServer) -> None:
    connection = connect(fake, "deepseek")
    fake.stop()
    found = outcome(connection)
    assert not found.ok and "deepseek" in found.sentence and KEY not in found.sentence
