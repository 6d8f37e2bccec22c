"""What a person does with what is remembered."""

from __future__ import annotations

import pytest

from hub import hooks, memory
from hub.db.mongo import collection
from hub.errors import BadInput, NotFound
from hub.memory import plugin, store
from hub.memory.records import Filters
from tests.memory.conftest import ANNA, BEN, Teacher, add, texts

pytestmark = pytest.mark.usefixtures("rooms")


def everything() -> str:
    """Every row of memory, as text."""
    names = {index[0] for index in memory.INDEXES}
    return repr([list(collection(name).find({})) for name in names])


def test_a_fact_is_added_once_and_edited() -> None:
    fact = memory.add(ANNA, "  The user likes\ntea. ", kind="preference")
    assert fact.text == "The user likes tea."
    assert memory.add(ANNA, "the user likes TEA").id == fact.id
    after = memory.edit(ANNA, fact.id, kind="knowledge", importance=1.0, event=memory.EventTime("2026-05-03"))
    assert memory.get(ANNA, fact.id) == after
    for wrong in ({"owner": "ben"}, {"kind": "nonsense"}, {"text": " "}, {"text": "x" * 3000}):
        with pytest.raises(BadInput):
            memory.edit(ANNA, fact.id, **wrong)


def test_merging_keeps_the_sources_of_all(teacher: Teacher) -> None:
    teacher.tell("I have a dog called Rex.", add("The user has a dog called Rex.", "I have a dog called Rex"))
    teacher.tell("Rex is 3 years old, my dog.", add("Rex the dog is 3 years old.", "Rex is 3 years old"))
    two = memory.facts(ANNA).facts
    made = memory.merge(ANNA, [one.id for one in two], "The user has a dog called Rex, 3 years old.")
    assert texts() == [made.text]
    assert len(made.sources) == 2
    memory.undo(ANNA, memory.history(ANNA, made.id)[0].id)
    assert len(texts()) == 2
    with pytest.raises(BadInput):
        memory.merge(ANNA, [two[0].id], "alone")


def test_purge_leaves_no_text_anywhere() -> None:
    fact = memory.add(ANNA, "The user likes zebracake.", kind="preference")
    memory.edit(ANNA, fact.id, text="The user loves zebracake.")
    memory.summary(ANNA)
    memory.purge(ANNA, fact.id)
    assert "zebracake" not in everything()
    [event] = memory.history(ANNA, fact.id)
    assert (event.op, event.gone) == ("purge", True)
    with pytest.raises(BadInput):
        memory.undo(ANNA, event.id)
    with pytest.raises(NotFound):
        memory.purge(ANNA, fact.id)


def test_deleting_a_conversation_deletes_what_was_learned_from_it_alone(teacher: Teacher) -> None:
    lives = add("The user lives in Berlin.", "I live in Berlin", kind="profile")
    teacher.tell("I live in Berlin.", lives)
    old = memory.facts(ANNA).facts[0]
    now = {**lives, "op": "SUPERSEDE", "fact": "F1", "text": "The user lives in Rome.", "quote": "I live in Rome"}
    said = teacher.tell("I live in Rome and have a zebrafinch.", now, add("The user has a zebrafinch.", "a zebrafinch"))
    assert {fact.text for fact in memory.learned_from(ANNA, said.conversation)} == {
        "The user lives in Rome.", "The user has a zebrafinch."
    }  # fmt: skip
    assert memory.forget_conversation(ANNA, said.conversation) == 2
    assert texts() == ["The user lives in Berlin."]
    assert memory.get(ANNA, old.id).shelf == "live"
    assert "zebrafinch" not in everything()
    assert memory.learned_from(ANNA, said.conversation) == []


def test_a_fact_said_elsewhere_too_loses_only_the_quote(teacher: Teacher) -> None:
    teacher.tell("I live in Berlin.", add("The user lives in Berlin.", "I live in Berlin"))
    more = {"op": "UPDATE", "fact": "F1", "text": "The user lives in Berlin, in Wedding.", "quote": "Wedding, quietly"}
    said = teacher.tell("It is Wedding, quietly, where I live.", more)
    assert memory.forget_conversation(ANNA, said.conversation) == 0
    assert "quietly" not in everything()
    [fact] = memory.facts(ANNA).facts
    assert len(fact.sources) == 1


def test_a_merged_or_undone_fact_keeps_no_quote_of_a_deleted_conversation(teacher: Teacher) -> None:
    teacher.tell("I have a dog called Rex.", add("The user has a dog called Rex.", "I have a dog called Rex"))
    second = teacher.tell(
        "Rex is three, my zebradog.", add("Rex the dog is three years old.", "Rex is three, my zebradog")
    )
    memory.merge(ANNA, [one.id for one in memory.facts(ANNA).facts], "The user has a dog called Rex.")
    third = teacher.tell("I have a zebrafinch.", add("The user has a zebrafinch.", "I have a zebrafinch"))
    [finch] = memory.learned_from(ANNA, third.conversation)
    memory.undo(ANNA, memory.history(ANNA, finch.id)[0].id)
    assert memory.forget_conversation(ANNA, second.conversation) == 1
    assert memory.forget_conversation(ANNA, third.conversation) == 0
    assert "zebra" not in everything()
    assert texts() == ["The user has a dog called Rex."]


def test_filters_and_pages() -> None:
    for number in range(7):
        memory.add(ANNA, f"The user has thing {number}.", kind="preference" if number % 2 else "knowledge")
    memory.pin(ANNA, memory.facts(ANNA).facts[0].id)
    page = memory.facts(ANNA, most=3)
    rest = memory.facts(ANNA, most=10, before=page.before)
    assert page.more and len({fact.id for fact in (*page.facts, *rest.facts)}) == 7
    assert {fact.kind for fact in memory.facts(ANNA, "", Filters(kinds=("preference",))).facts} == {"preference"}
    assert len(memory.facts(ANNA, "", Filters(pinned=True)).facts) == 1
    assert len(memory.facts(ANNA, "", Filters(text="thing 3")).facts) == 1
    assert memory.facts(ANNA, "", Filters(used=True)).facts == ()
    assert len(memory.facts(ANNA, "", Filters(age_days=1, origins=("user",))).facts) == 7
    counted = memory.counts(ANNA)
    assert (counted.live, counted.kinds) == (7, {"knowledge": 4, "preference": 3})
    assert memory.scopes(ANNA) == [""]


def test_a_timeline_shows_a_subject_in_the_order_of_its_times() -> None:
    new = memory.add(ANNA, "Mia lives in Lisbon.", subject="Mia", event=memory.EventTime("2026-05-01"))  # pyright: ignore
    old = memory.add(ANNA, "Mia studied in Bonn.", subject="Mia", event=memory.EventTime("2020-01-01"))  # pyright: ignore
    memory.add(ANNA, "The user likes tea.", subject="user")  # pyright: ignore
    assert [fact.id for fact in memory.timeline(ANNA, "mia")] == [old.id, new.id]
    assert memory.subjects(ANNA)[0] == "Mia"


def test_rules_are_kept_and_removed() -> None:
    rule = memory.add_never_rule(ANNA, "my salary")
    assert memory.add_never_rule(ANNA, "My salary") == rule
    with pytest.raises(NotFound):
        memory.remove_never_rule(BEN, rule.id)
    memory.remove_never_rule(ANNA, rule.id)
    assert memory.never_rules(ANNA) == []


def test_settings_refuse_what_they_do_not_know() -> None:
    assert memory.settings(ANNA).enabled
    assert memory.pause(ANNA).paused
    for wrong in ({"colour": 1}, {"max_tokens": 5}, {"enabled": "perhaps"}):
        with pytest.raises(BadInput):
            memory.change_settings(ANNA, **wrong)
    assert memory.settings(BEN).paused is False


def test_reset_removes_everything_of_a_scope_or_of_all() -> None:
    memory.add(ANNA, "The user likes zebracake.")
    memory.add(ANNA, "The project likes zebracake.", scope="project:p")
    memory.add(BEN, "The user likes tea.")
    assert memory.reset(ANNA, "project:p") == 1
    assert texts() == ["The user likes zebracake."]
    assert memory.reset(ANNA) == 1
    assert "zebracake" not in everything()
    assert texts(BEN) == ["The user likes tea."]


def test_a_deleted_person_and_a_purged_project_leave_nothing(teacher: Teacher) -> None:
    memory.change_settings(ANNA, sensitive=True)
    teacher.tell("I like zebracake.", add("The user likes zebracake.", "I like zebracake"))
    memory.add(ANNA, "The project likes zebracake.", scope="project:p")
    plugin.project_purged(ANNA, "p")
    assert "project:p" not in everything()
    assert texts() == ["The user likes zebracake."]
    assert "hub.memory.plugin" not in hooks.person_deleted(ANNA)
    assert "anna" not in everything()
    assert store.read("memory_settings", "anna") is None
