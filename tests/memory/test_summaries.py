"""The readable summary of a scope."""

from __future__ import annotations

import json

import pytest

from hub import memory
from hub.memory import jobs, summaries
from tests.memory.conftest import ANNA, Teacher, add

pytestmark = pytest.mark.usefixtures("rooms")


def test_without_a_model_the_facts_stand_in_groups() -> None:
    tea = memory.add(ANNA, "The user likes tea.", kind="preference")
    made = memory.summary(ANNA)
    assert [(one.text, one.facts) for one in made.sentences] == [
        ("What you prefer", ()), ("The user likes tea.", (tea.id,))
    ]  # fmt: skip
    assert (made.model, made.stale) == ("", False)
    memory.add(ANNA, "The user is a vet.")
    assert memory.summary(ANNA).stale


def test_a_model_writes_sentences_that_link_to_facts(teacher: Teacher) -> None:
    teacher.tell("I like tea a lot.", add("The user likes tea.", "I like tea"))
    teacher.tell("I have two cats.", add("The user has two cats.", "I have two cats"))
    said = [
        {"text": "You like tea.", "facts": ["F1", "F2"]},
        {"text": "You own a castle.", "facts": ["F1"]},
        {"text": "You sing.", "facts": ["F9"]},
    ]
    teacher.server.says = [json.dumps({"sentences": said})]
    made = memory.rewrite_summary(ANNA)
    by_text = {fact.text: fact.id for fact in memory.facts(ANNA).facts}
    told = [(one.text, one.facts) for one in made.sentences]
    assert told[0] == ("You like tea.", (by_text["The user likes tea."],))
    assert "castle" not in repr(told) and "sing" not in repr(told)
    assert told[-1] == ("The user has two cats.", (by_text["The user has two cats."],))
    assert made.model and memory.summary(ANNA) == made


def test_at_night_only_what_changed_is_written_anew() -> None:
    memory.add(ANNA, "The user likes tea.")
    assert [scope for _, scope in summaries.stale()] == [""]
    jobs.nightly()
    assert summaries.stale() == []
    assert not memory.summary(ANNA).stale
