"""Projects: names, texts, owners, instructions in the prompt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from hub import chat, hooks, projects
from hub.db import indexes
from hub.db.who import Who
from hub.errors import BadInput, NotFound
from hub.models import catalogue
from hub.projects import plugin
from hub.turns import Turn

ANNA, BERT = Who("anna", "Anna"), Who("bert", "Bert")


@pytest.fixture(autouse=True)
def stored(mongo: str) -> Iterator[None]:
    indexes.ensure([*projects.INDEXES, *chat.INDEXES])
    yield
    projects.projects.forget(ANNA)


def turn(who: Who, scope: str, budget: int | None = None) -> Turn:
    return Turn(who, "c", "a", "question", catalogue.find(who, "demo/demo"), scope, budget=budget)


def test_a_project_is_made_looked_up_and_changed() -> None:
    boat = projects.create(ANNA, "  The   boat ", description="Repairs", instructions="Use metric units.\0")
    assert (boat.name, boat.description, boat.instructions) == ("The boat", "Repairs", "Use metric units.")
    assert projects.get(ANNA, boat.id) == boat
    changed = projects.change(ANNA, boat.id, name="Boat", reads_personal_memory=True)
    assert (changed.name, changed.description, changed.reads_personal_memory) == ("Boat", "Repairs", True)
    assert projects.list_projects(ANNA) == (changed,)
    projects.change(ANNA, boat.id, archived=True)
    assert projects.list_projects(ANNA) == ()
    assert [one.name for one in projects.list_projects(ANNA, archived=True)] == ["Boat"]
    assert projects.names(ANNA) == {boat.id: "Boat"}


def test_names_are_needed_short_and_taken_once() -> None:
    projects.create(ANNA, "Boat")
    for name in (" ", "boat", "x" * 81):
        with pytest.raises(BadInput):
            projects.create(ANNA, name)
    other = projects.create(ANNA, "House")
    with pytest.raises(BadInput, match="already"):
        projects.change(ANNA, other.id, name="BOAT")
    assert projects.change(ANNA, other.id, name="HOUSE").name == "HOUSE"
    assert projects.create(BERT, "Boat").name == "Boat"
    with pytest.raises(BadInput, match="20,000"):
        projects.change(ANNA, other.id, instructions="x" * 20_001)


def test_another_person_sees_and_changes_nothing() -> None:
    boat = projects.create(ANNA, "Boat")
    assert projects.list_projects(BERT) == () and projects.names(BERT) == {}
    for act in (
        lambda: projects.get(BERT, boat.id),
        lambda: projects.change(BERT, boat.id, name="Mine"),
        lambda: projects.delete(BERT, boat.id, chats="delete"),
        lambda: projects.restore(BERT, boat.id),
    ):
        with pytest.raises(NotFound):
            act()
    assert projects.get(ANNA, boat.id) == boat
    assert hooks.project_name(ANNA, boat.id) == "Boat"
    assert hooks.project_name(BERT, boat.id) is None


def test_a_deleted_project_is_nowhere_until_it_comes_back() -> None:
    boat = projects.create(ANNA, "Boat")
    projects.delete(ANNA, boat.id, chats="keep")
    assert projects.list_projects(ANNA) == () and hooks.project_name(ANNA, boat.id) is None
    with pytest.raises(NotFound):
        projects.get(ANNA, boat.id)
    projects.create(ANNA, "Boat")
    assert projects.restore(ANNA, boat.id).deleted_at is None
    assert [one.name for one in projects.list_projects(ANNA)] == ["Boat", "Boat"]


def test_instructions_go_into_the_system_prompt_of_its_chats_only() -> None:
    boat = projects.create(ANNA, "Boat", instructions="Use metric units.")
    [block] = plugin.chat_context(turn(ANNA, f"project:{boat.id}"))
    assert block.place == "system" and "Use metric units." in block.text and block.tokens > 0
    assert not plugin.chat_context(turn(ANNA, ""))
    assert not plugin.chat_context(turn(BERT, f"project:{boat.id}"))
    silent = projects.create(ANNA, "Silent")
    assert not plugin.chat_context(turn(ANNA, f"project:{silent.id}"))


def test_instructions_that_do_not_fit_are_cut_and_that_is_said() -> None:
    boat = projects.create(ANNA, "Boat", instructions="Use metric units. " * 500)
    [block] = plugin.chat_context(turn(ANNA, f"project:{boat.id}", budget=100))
    assert 50 < block.tokens <= 100
    assert "fit into this model's window" in block.notices[0]
    [block] = plugin.chat_context(turn(ANNA, f"project:{boat.id}", budget=0))
    assert not block.text and block.notices


def test_a_person_who_leaves_takes_their_projects_along() -> None:
    projects.create(ANNA, "Boat")
    kept = projects.create(BERT, "Boat")
    plugin.person_deleted(ANNA)
    assert projects.list_projects(ANNA) == ()
    assert projects.list_projects(BERT) == (replace(kept),)
