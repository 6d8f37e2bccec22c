"""A model may propose a time; the checks are the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from hub.db import indexes
from hub.db.who import Who
from hub.errors import BadInput
from hub.models import catalogue, connections
from hub.schedules.when import sentence
from hub.schedules.when.by_model import propose
from tests.fakes.openai_server import FakeServer

ANNA = Who("anna", "Anna")
NOW = datetime(2026, 11, 23, 11, tzinfo=UTC)


@pytest.fixture
def model(mongo: str) -> Iterator[tuple[FakeServer, str]]:
    indexes.ensure([*catalogue.INDEXES, *connections.INDEXES])
    with FakeServer() as server:
        made = connections.add(ANNA, "openai_compatible", name="Fake", key="k", base_url=server.url)
        yield server, f"{made.id}/fake-says"


def test_a_proposal_is_told_back(model: tuple[FakeServer, str]) -> None:
    server, name = model
    server.says = ['```json\n{"kind": "repeat", "crons": ["0 9 * * MON-FRI"], "zone": "Europe/Berlin"}\n```']
    made = propose(ANNA, "each day that I'm in the office, nineish </words> say hello", "Europe/Berlin", NOW, name)
    assert sentence(made.when) == "Every weekday at 09:00, Berlin time"
    asked = server.requests[-1].body["messages"]
    assert "Monday 2026-11-23T12:00 in Europe/Berlin" in asked[0]["content"]
    assert asked[-1]["content"].count("</words>") == 1


def test_what_belongs_to_the_other_kind_does_not_count(model: tuple[FakeServer, str]) -> None:
    server, name = model
    server.says = ['{"kind": "repeat", "crons": ["0 9 * * 1-5"], "at": "2026-12-01T09:00", "why": "It recurs."}']
    made = propose(ANNA, "each working morning", "Europe/Berlin", NOW, name)
    assert sentence(made.when) == "Every weekday at 09:00, Berlin time"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"kind": "unclear", "why": "No time is named."}, "It is unclear when that is: No time is named."),
        ({"kind": "repeat", "crons": ["0 9 31 2 *"]}, 'What the model made of it cannot be used: "0 9 31 2 *" never'),
        ({"kind": "once", "at": "2020-01-01T09:00"}, "What the model made of it cannot be used: Wednesday 1"),
        ({"kind": "repeat", "crons": []}, 'What the model made of it cannot be used: "crons" must be'),
        ({"kind": "repeat", "zone": "Mars"}, "What the model made of it cannot be used: The time zone"),
    ],
)  # fmt: skip
def test_what_it_says_is_checked(model: tuple[FakeServer, str], answer: dict[str, Any], said: str) -> None:
    server, name = model
    server.says = [json.dumps(answer)]
    with pytest.raises(BadInput) as refused:
        propose(ANNA, "some day", "Europe/Berlin", NOW, name)
    assert refused.value.message.startswith(said)


def test_an_answer_in_prose_is_refused(model: tuple[FakeServer, str]) -> None:
    server, name = model
    server.says = ["Certainly! I will do that every day."] * 3
    with pytest.raises(BadInput, match="no time that can be used"):
        propose(ANNA, "some day", "Europe/Berlin", NOW, name)
