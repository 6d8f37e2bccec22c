"""Memory on real stores, with exchanges that a test writes down and a model that says what it is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bson import ObjectId

from hub import hooks, memory
from hub.db import indexes
from hub.db.migrations import postgres as migrations
from hub.db.who import Who
from hub.memory import extract
from hub.models import catalogue, connections
from hub.models.types import ModelInfo
from hub.turns import Exchange, Said, Turn
from tests.fakes.openai_server import FakeServer

ANNA, BEN = Who("anna", "Anna"), Who("ben", "Ben")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
"""A Sunday."""
MODEL = ModelInfo("c/m", "m", "c", "C", "openai", "M", abilities=frozenset({"tools"}))


def new_id() -> str:
    return str(ObjectId())


def exchange(
    asked: str,
    answered: str = "I see.",
    *,
    who: Who = ANNA,
    scope: str = "",
    conversation: str = "",
    model: str = "",
    at: datetime = NOON,
    before: tuple[Said, ...] = (),
    **more: Any,
) -> Exchange:
    """What was asked and answered."""
    question = Said(new_id(), "user", asked, at)
    answer = Said(new_id(), "assistant", answered, at + timedelta(seconds=5), model)
    temporary = more.pop("temporary", False)
    return Exchange(who, conversation or new_id(), "A chat", scope, temporary, question, answer, before, **more)


def turn(question: str, *, who: Who = ANNA, scope: str = "", **more: Any) -> Turn:
    """A model about to answer."""
    at = more.pop("conversation", new_id())
    return Turn(who, at, new_id(), question, more.pop("model", MODEL), scope, asked=new_id(), **more)


def add(text: str, quote: str, **more: Any) -> dict[str, Any]:
    """An operation ADD."""
    return {"op": "ADD", "text": text, "quote": quote, "kind": "knowledge", **more}


@dataclass
class Rooms:
    """The room of conversations and that of projects, as far as memory asks them."""

    exchanges: dict[str, Exchange] = field(default_factory=dict[str, Exchange])
    open_projects: set[str] = field(default_factory=set[str])

    @hooks.implementation
    def exchange(self, who: Who, answer: str) -> Exchange | None:
        found = self.exchanges.get(answer)
        return found if found and found.who.id == who.id else None

    @hooks.implementation
    def project_reads_personal(self, who: Who, project: str) -> bool | None:
        return True if project in self.open_projects else None


@dataclass
class Teacher:
    """Has the model say operations and memory learn from an exchange."""

    server: FakeServer
    rooms: Rooms
    model: str

    def learn(self, said: Exchange, *operations: Any, raw: list[str] | None = None) -> str:
        """The state of what came; `raw` are the model's answers where they are no operations."""
        self.server.says = raw or [json.dumps({"operations": list(operations)})]
        self.rooms.exchanges[said.answered.message] = said
        return extract.extract(said.who, said.answered.message)

    def tell(self, asked: str, *operations: Any, **more: Any) -> Exchange:
        """A new exchange that is learned from."""
        said = exchange(asked, model=self.model, **more)
        self.learn(said, *operations)
        return said


@pytest.fixture
def stored(mongo: str, postgres: str) -> None:
    """Both stores with what memory needs."""
    migrations.apply()
    indexes.ensure([*memory.INDEXES, *catalogue.INDEXES, *connections.INDEXES])


@pytest.fixture
def rooms(stored: None) -> Iterator[Rooms]:
    """Rooms that a test fills."""
    made = Rooms()
    hooks.plugins().register(made, "rooms of a test")
    yield made
    hooks.plugins().unregister(made)


@pytest.fixture
def teacher(rooms: Rooms) -> Iterator[Teacher]:
    """A model on loopback, connected for Anna and Ben under one id each."""
    with FakeServer() as server:
        made = connections.add(ANNA, "openai_compatible", name="Fake", key="k", base_url=server.url)
        yield Teacher(server, rooms, f"{made.id}/fake-says")


def texts(who: Who = ANNA, scope: str = "") -> list[str]:
    """The live facts, newest first."""
    return [fact.text for fact in memory.facts(who, scope).facts]


def codes(who: Who = ANNA) -> list[str]:
    """Why things were refused in the last extraction."""
    return [one.code for one in memory.extractions(who)[0].refusals]
