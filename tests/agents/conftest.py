"""Agents on a real store, and in chats with an engine and a provider on loopback."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from hub import agents, chat, files, hooks, runs, skills, tools
from hub.agents import ask_store, store
from hub.chat.records import Message
from hub.db import indexes
from hub.models import catalogue, connections
from hub.models.types import ToolSpec
from hub.runs import face
from hub.turns import Source, Tool, ToolFile, ToolResult, Turn
from tests.chat.conftest import ANNA
from tests.conftest import Configure
from tests.fakes.openai_server import FakeServer


@pytest.fixture
def agent_store(mongo: str) -> None:
    """An empty store of agents."""
    indexes.ensure([*store.INDEXES, *ask_store.INDEXES])


@pytest.fixture
def stored(agent_store: None, mongo: str, postgres_shared: str, configure: Configure) -> str:
    """The stores that an answer needs, with their indexes."""
    configure(postgres_url=postgres_shared)
    rooms = (chat, tools, files, runs, catalogue, connections, skills)
    indexes.ensure([index for room in rooms for index in room.INDEXES])
    return mongo


@pytest.fixture
def engine(stored: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A run engine of this test's own that knows what chat and agents want."""
    process = face._Process()
    monkeypatch.setattr(face, "_process", process)
    chat.start()
    agents.start()
    yield
    process.close(0)


@pytest.fixture
def server() -> Iterator[FakeServer]:
    """A provider on loopback."""
    with FakeServer() as fake:
        yield fake


@pytest.fixture
def model(engine: None, server: FakeServer) -> str:
    """The beginning of model ids of Anna's connection to the provider: `model + "fake"`."""
    made = connections.add(ANNA, "openai_compatible", name="Fake", key="k", base_url=server.url)
    return f"{made.id}/"


class Shed:
    """A room with a tool that may always run and one that needs leave."""

    def __init__(self) -> None:
        self.ran: list[tuple[str, dict[str, Any]]] = []
        self.version = "1"
        self.cites = False
        self.makes: tuple[ToolFile, ...] = ()
        self.turns: list[Turn] = []

    @hooks.implementation
    def tools(self, turn: Turn) -> Sequence[Tool]:
        self.turns.append(turn)
        shape = {"type": "object", "properties": {"path": {"type": "string"}}, "required": ["path"]}

        def made(name: str, permission: Any) -> Tool:
            def call(given: dict[str, Any]) -> ToolResult:
                self.ran.append((name, given))
                if self.cites:
                    source = turn.citations.cite(Source("web", given["path"], "A page", f"Text of {given['path']}."))
                    return ToolResult(f"[{source.number}] {source.text}", sources=(source,))
                return ToolResult(f"{name} did {given['path']}.", "did", files=self.makes)

            spec = ToolSpec(name, f"Does {name}.", shape)
            return Tool(
                spec, name, "build", call, id=f"shed:{name}", group="Shed", permission=permission, key="path",
                version=self.version,
            )  # fmt: skip

        return (made("look", "always"), made("wipe", "ask"))


@pytest.fixture
def shed() -> Iterator[Shed]:
    made = Shed()
    hooks.plugins().register(made, "hub.testshed.plugin")
    yield made
    hooks.plugins().unregister(made)


def said(agent: str, text: str, **more: Any) -> Message:
    """What Anna's agent answers to `text` in a new chat."""
    given: dict[str, Any] = {"attached": {"agents": {"agent": agent}}, **more}
    sent = chat.send(ANNA, text=text, **given)
    assert sent.run and runs.wait(sent.run, timeout=30)
    return chat.get_message(ANNA, sent.answers[0])
