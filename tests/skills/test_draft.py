"""A skill of what was done in a chat: what the model is shown, and what is made of its answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from hub import skills
from hub.db import indexes
from hub.errors import BadInput
from hub.models import catalogue, connections
from hub.skills.draft import tidied
from hub.turns import Said
from tests.fakes.openai_server import FakeServer
from tests.skills.conftest import ANNA, md

pytestmark = pytest.mark.usefixtures("skills")
AT = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def model() -> Iterator[tuple[FakeServer, str]]:
    indexes.ensure([*catalogue.INDEXES, *connections.INDEXES])
    with FakeServer() as server:
        made = connections.add(ANNA, "openai_compatible", name="Fake", key="k", base_url=server.url)
        yield server, f"{made.id}/fake-says"


def said(*texts: str) -> list[Said]:
    return [Said(str(n), "assistant" if n % 2 else "user", text, AT) for n, text in enumerate(texts)]


def test_a_draft_is_made_from_a_chat_and_saved_when_the_person_wants(model: tuple[FakeServer, str]) -> None:
    server, name = model
    server.says = [f"Here it is:\n```markdown\n{md('Brew Tea', 'Brews tea: well.')}```"]
    made = skills.draft(ANNA, said("How do I brew tea?", "Boil water.", "Not so hot!", "80 degrees."), name)
    assert made.problems == ()
    assert "name: brew-tea" in made.text
    assert skills.skills(ANNA) == []
    asked = server.requests[-1].body["messages"]
    assert "User: Not so hot!" in asked[-1]["content"]
    shown = skills.create(ANNA, made.text, kind="chat")
    assert (shown.skill.name, shown.skill.origin.kind) == ("brew-tea", "chat")


def test_an_empty_chat_makes_none(model: tuple[FakeServer, str]) -> None:
    with pytest.raises(BadInput, match="nothing in this chat"):
        skills.draft(ANNA, said("", " "), model[1])


@pytest.mark.parametrize(
    "text",
    [
        md(),
        f"```\n{md()}```",
        f"Sure!\n\n{md()}",
        "Just some advice without any fields.",
        "---\nbroken: [\n---\nBody",
        md("A Very Odd Name!!", "x" * 3000),
        "---\nname: a\n---\n",
        "",
    ],
)
def test_whatever_a_model_says_becomes_a_skill_that_can_be_edited(text: str) -> None:
    assert skills.problems(tidied(text)) == []
