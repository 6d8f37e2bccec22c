"""What a model proposes after an exchange, and what becomes of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from hub import memory
from hub.memory import extract, manage, store
from hub.models.errors import ModelError
from hub.turns import Said
from tests.memory.conftest import ANNA, NOON, Rooms, Teacher, add, codes, exchange, texts

LIVES = add("The user lives in Berlin.", "I live in Berlin", kind="profile", subject="user", importance=4)


def berlin(teacher: Teacher) -> memory.Fact:
    teacher.tell("I live in Berlin, by the way.", LIVES)
    [fact] = memory.facts(ANNA).facts
    return fact


def test_add_keeps_the_fact_with_its_source(teacher: Teacher) -> None:
    said = teacher.tell("I live in Berlin, by the way.", LIVES)
    [fact] = memory.facts(ANNA).facts
    assert (fact.text, fact.kind, fact.subject, fact.importance) == (
        "The user lives in Berlin.",
        "profile",
        "user",
        0.8,
    )
    assert fact.sources == (memory.Evidence(said.conversation, said.asked.message, "I live in Berlin"),)
    assert (fact.origin, fact.shelf) == ("automatic", "live")
    [event] = memory.history(ANNA, fact.id)
    assert (event.op, event.actor, event.before, event.batch) == ("add", "automatic", None, said.answered.message)
    [noted] = memory.extractions(ANNA)
    assert (noted.state, noted.changes, noted.refusals) == ("done", 1, ())
    assert noted.tokens > 0
    [day] = memory.spent(ANNA)
    assert (day.calls, day.unpriced) == (1, 1)


def test_supersede_ends_the_old_fact_and_keeps_the_chain(teacher: Teacher) -> None:
    old = berlin(teacher)
    now = {**LIVES, "op": "SUPERSEDE", "fact": "F1", "text": "The user lives in Rome.", "quote": "moved to Rome"}
    later = NOON + timedelta(days=3)
    teacher.tell("We have moved to Rome last week.", now, at=later)
    [new] = memory.facts(ANNA).facts
    past = memory.get(ANNA, old.id)
    assert (new.text, new.supersedes, past.superseded_by) == ("The user lives in Rome.", (old.id,), new.id)
    assert (past.shelf, past.valid_to, new.valid_from) == ("past", later, later)
    assert {event.op for event in memory.events(ANNA)} == {"add", "supersede"}


def test_update_adds_detail_to_the_same_fact(teacher: Teacher) -> None:
    old = berlin(teacher)
    more = {
        **LIVES,
        "op": "UPDATE",
        "fact": "F1",
        "text": "The user lives in Berlin, in Wedding.",
        "quote": "It is Wedding",
    }
    teacher.tell("It is Wedding where I live.", more)
    [fact] = memory.facts(ANNA).facts
    assert (fact.id, fact.text, len(fact.sources)) == (old.id, "The user lives in Berlin, in Wedding.", 2)
    assert [event.op for event in memory.history(ANNA, old.id)] == ["add", "update"]


def test_forget_takes_back_what_the_person_asks_to_forget(teacher: Teacher) -> None:
    old = berlin(teacher)
    teacher.tell("Please forget where I live.", {"op": "FORGET", "fact": "F1", "quote": "forget where I live"})
    assert texts() == []
    assert memory.get(ANNA, old.id).shelf == "deleted"


def test_forget_without_being_asked_only_ends_the_fact(teacher: Teacher) -> None:
    old = berlin(teacher)
    teacher.tell("I left Berlin for good.", {"op": "FORGET", "fact": "F1", "quote": "I left Berlin for good"})
    assert memory.get(ANNA, old.id).shelf == "past"


def test_noop_and_nothing_change_nothing(teacher: Teacher) -> None:
    berlin(teacher)
    before = memory.events(ANNA)
    teacher.tell("As I said, I live in Berlin.", {"op": "NOOP", "fact": "F1"})
    teacher.tell("I wonder what my options are.")
    assert memory.events(ANNA) == before
    assert [one.state for one in memory.extractions(ANNA)] == ["nothing", "nothing", "done"]


@pytest.mark.parametrize(
    ("said", "operation", "code"),
    [
        ("I like tea.", add("The user likes coffee.", "I like coffee"), "quote"),
        ("I read this:\n> I live in Oslo\nnice", add("The user lives in Oslo.", "I live in Oslo"), "quote"),
        ("What is this on my screen? > I live in Oslo", add("The user lives in Oslo.", "I live in Oslo"), "quote"),
        ("I like you.", add("The assistant is liked by the user.", "I like you"), "question"),
        ("My code:\n```\nI live in Oslo\n```\nfails", add("The user lives in Oslo.", "I live in Oslo"), "quote"),
        ("What if I moved to Oslo next year?", add("The user moves to Oslo.", "I moved to Oslo"), "hypothetical"),
        ("Imagine I am a pirate with a parrot.", add("The user is a pirate.", "I am a pirate"), "hypothetical"),
        ("I married a toaster. Just kidding!", add("The user married a toaster.", "I married a toaster"), "joke"),
        ("My card is 4111 1111 1111 1111 ok", add("The user has a card 4111 1111 1111 1111.", "My card is"), "secret"),
        ("My wifi password is hunter22", add("The user's password is hunter22.", "My wifi password"), "secret"),
        (
            "My key is sk-abcdefghijklmnopqrstu",
            add("The user has a key.", "My key is sk-abcdefghijklmnopqrstu"),
            "secret",
        ),
        (
            "My IBAN is DE89370400440532013000.",
            add("The user has an IBAN.", "My IBAN is DE89370400440532013000"),
            "secret",
        ),
        ("I was diagnosed with asthma.", add("The user has asthma.", "I was diagnosed with asthma"), "sensitive"),
        ("I vote for the Greens myself.", add("The user votes for the Greens.", "I vote for the Greens"), "sensitive"),
        ("I go there on Fridays.", add("The user goes there.", "I go there", sensitive="religion"), "sensitive"),
        ("I have a dog called Rex.", add("The user has a dog.", "a dog", event_start="soon"), "date"),
        (
            "I was in Rome.",
            add("The user was in Rome.", "in Rome", event_start="2026-05-03", event_end="2026-05-01"),
            "date",
        ),
        ("I have a dog called Rex.", add("The user has a dog called Bello.", "I have a dog"), "grounded"),
        ("I have a dog called Rex.", add("The user has 17 dogs.", "I have a dog"), "grounded"),
        ("I wonder: do you know my shop?", add("The user has a shop.", "do you know my shop?"), "question"),
        ("Please tell me my star sign.", add("The user wants to know their star sign.", "my star sign"), "question"),
        ("I have a dog called Rex.", {"op": "FORGET", "fact": "F7", "quote": "I have a dog"}, "fact"),
    ],
)
def test_what_may_not_be_kept_is_refused_with_its_reason(
    teacher: Teacher, said: str, operation: dict[str, object], code: str
) -> None:
    teacher.tell(said, operation)
    assert texts() == []
    assert codes() == [code]


def test_what_is_secret_or_sensitive_is_not_repeated_in_its_refusal(teacher: Teacher) -> None:
    for said in ("My wifi password is hunter22", "I was diagnosed with asthma and I rest."):
        teacher.tell(said, add("The user told: " + said, said))
        [refused] = memory.extractions(ANNA)[0].refusals
        assert refused.text == ""
    teacher.tell("I like my wifi password: hunter22", add("The user's is hunter22.", "password: hunter22 is mine"))
    assert [one.text for one in memory.extractions(ANNA)[0].refusals] == [""]


def test_sensitive_kinds_are_kept_and_marked_where_the_person_wants_them(teacher: Teacher) -> None:
    memory.change_settings(ANNA, sensitive=True)
    teacher.tell("I was diagnosed with asthma.", add("The user has asthma.", "diagnosed with asthma"))
    [fact] = memory.facts(ANNA).facts
    assert fact.sensitive == "health"


def test_what_is_never_to_be_kept_is_refused(teacher: Teacher) -> None:
    memory.add_never_rule(ANNA, "my salary")
    teacher.tell("My salary is 4000 euros.", add("The user's salary is 4000 euros.", "My salary is 4000 euros"))
    assert (texts(), codes()) == ([], ["never"])
    assert "my salary" in teacher.server.requests[-1].body["messages"][1]["content"]


def test_the_same_fact_is_kept_once_in_whatever_words(teacher: Teacher) -> None:
    berlin(teacher)
    teacher.tell("I live in Berlin!", {**LIVES, "text": "The user lives in  BERLIN"})
    assert codes() == ["duplicate"]
    teacher.tell("In Berlin I live.", {**LIVES, "text": "The user is living in Berlin.", "quote": "In Berlin I live"})
    assert codes() == ["duplicate"]
    assert texts() == ["The user lives in Berlin."]


def test_another_number_or_a_denial_is_no_repetition(teacher: Teacher) -> None:
    teacher.tell("I have 2 dogs.", add("The user has 2 dogs.", "I have 2 dogs"))
    teacher.tell("I have 3 dogs.", add("The user has 3 dogs.", "I have 3 dogs"))
    teacher.tell("I do not have 3 dogs.", add("The user does not have 3 dogs.", "I do not have 3 dogs"))
    assert len(texts()) == 3


def test_what_the_person_deleted_is_not_learned_again_from_the_same_words(teacher: Teacher) -> None:
    fact = berlin(teacher)
    memory.delete(ANNA, fact.id)
    teacher.tell("I live in Berlin.", LIVES)
    assert codes() == ["deleted"]
    gone = memory.get(ANNA, fact.id).retracted_at
    assert gone is not None
    teacher.tell("I live in Berlin again.", LIVES, at=gone + timedelta(hours=1))
    assert texts() == ["The user lives in Berlin."]


def test_a_change_of_another_scope_is_refused(teacher: Teacher, rooms: Rooms) -> None:
    berlin(teacher)
    rooms.open_projects.add("p")
    now = {**LIVES, "op": "SUPERSEDE", "fact": "F1", "text": "The user lives in Rome.", "quote": "I live in Rome"}
    teacher.tell("I live in Rome now.", now, scope="project:p")
    assert codes() == ["scope"]
    assert texts() == ["The user lives in Berlin."]


def test_one_exchange_changes_a_fact_once(teacher: Teacher) -> None:
    berlin(teacher)
    now = {**LIVES, "op": "SUPERSEDE", "fact": "F1", "text": "The user lives in Rome.", "quote": "I live in Rome"}
    teacher.tell("I live in Rome now, or Bari.", now, {**now, "text": "The user lives in Bari.", "quote": "or Bari"})
    assert codes() == ["twice"]


def test_relative_dates_become_absolute(teacher: Teacher) -> None:
    teacher.tell(
        "We got a cat yesterday.", add("The user got a cat yesterday.", "We got a cat yesterday", kind="event")
    )
    [fact] = memory.facts(ANNA).facts
    assert fact.text == "The user got a cat on 2026-11-21."
    assert fact.event == memory.EventTime("2026-11-21", "", "day")
    assert "yesterday [2026-11-21]" in teacher.server.requests[-1].body["messages"][1]["content"]


def test_a_quote_may_stand_in_an_earlier_turn_and_names_its_message(teacher: Teacher) -> None:
    earlier = Said("m1", "user", "My daughter is called Ida.", NOON)
    said = Said("m2", "assistant", "The user's son is called Bo.", NOON)
    teacher.tell(
        "Yes, that is my daughter.",
        add("The user's daughter is called Ida.", "My daughter is called Ida"),
        add("The user's son is called Bo.", "son is called Bo"),
        before=(earlier, said),
    )
    [fact] = memory.facts(ANNA).facts
    assert fact.sources[0].message == "m1"
    assert codes() == ["quote"]


def test_an_answer_that_is_no_json_is_repaired_once(teacher: Teacher) -> None:
    said = exchange("I live in Berlin.", model=teacher.model)
    fixed = f"```json\n{json.dumps({'operations': [LIVES]})}\n```"
    assert (
        teacher.learn(said, raw=['{"operations": [{"op": "ADD", "text": "The user lives in Berlin."}]}', fixed])
        == "done"
    )
    assert texts() == ["The user lives in Berlin."]
    again = teacher.server.requests[-1].body["messages"]
    assert "needs a quote" in again[-1]["content"]
    assert [one.body["response_format"] for one in teacher.server.requests[-2:]] == [{"type": "json_object"}] * 2


def test_an_answer_that_stays_of_no_use_is_skipped_and_said(teacher: Teacher) -> None:
    said = exchange("I live in Berlin.", model=teacher.model)
    assert teacher.learn(said, raw=["I would say", "no JSON here"]) == "skipped"
    [noted] = memory.extractions(ANNA)
    assert "could not be used, twice" in noted.said
    assert texts() == []


def test_what_the_assistant_said_is_not_the_persons(teacher: Teacher) -> None:
    said = exchange(
        "I have a party soon, so suggest me something.", "A picnic with lemonade by the lake.", model=teacher.model
    )
    for quote in ("suggest me something", "I have a party soon"):
        teacher.learn(
            replace(said, answered=replace(said.answered, message=f"{quote}{said.answered.message}")),
            add("The user suggests a picnic with lemonade.", quote),
        )
    assert {code for one in memory.extractions(ANNA) for code in (one.refusals[0].code,)} == {"question", "grounded"}


def test_what_can_be_read_of_a_second_answer_is_used(teacher: Teacher) -> None:
    said = exchange("I live in Berlin.", model=teacher.model)
    bad = json.dumps({"operations": [LIVES, {"op": "ADD", "text": "no quote"}]})
    assert teacher.learn(said, raw=[bad, bad]) == "done"
    assert (texts(), codes()) == (["The user lives in Berlin."], ["form"])


def test_a_trivial_turn_asks_no_model(teacher: Teacher) -> None:
    for text in ("What is the capital of France?", "thanks!", "ok", "Write a haiku", "```\nx = 1\n```"):
        assert teacher.learn(exchange(text, model=teacher.model)) == "nothing"
    assert teacher.server.requests == []
    assert memory.spent(ANNA) == []


def test_without_a_model_or_with_the_demo_it_says_why_nothing_is_learned(teacher: Teacher) -> None:
    for model, word in (("", "choose one"), ("demo/demo", "demo model"), ("gone/m", "is gone")):
        assert teacher.learn(exchange("I live in Berlin.", model=model)) == "skipped"
        assert word in memory.extractions(ANNA)[0].said


def test_the_chosen_model_is_asked_in_place_of_the_one_that_answered(teacher: Teacher) -> None:
    memory.change_settings(ANNA, model=teacher.model)
    assert teacher.learn(exchange("I live in Berlin.", model="demo/demo"), LIVES) == "done"


def test_nothing_is_learned_from_temporary_switched_off_or_paused_chats(teacher: Teacher) -> None:
    said = exchange("I live in Berlin.", model=teacher.model)
    assert teacher.learn(replace(said, temporary=True), LIVES) == ""
    assert teacher.learn(replace(said, attached={"memory": {"off": True}}), LIVES) == ""
    memory.pause(ANNA)
    assert teacher.learn(said, LIVES) == ""
    memory.change_settings(ANNA, paused=False, enabled=False)
    assert teacher.learn(said, LIVES) == ""
    assert (texts(), memory.extractions(ANNA), teacher.server.requests) == ([], [], [])


def test_a_repeated_job_changes_nothing(teacher: Teacher) -> None:
    said = teacher.tell("I live in Berlin.", LIVES)
    before = memory.events(ANNA)
    assert teacher.learn(said, {**LIVES, "text": "The user lives in Rome."}) == "done"
    assert (memory.events(ANNA), len(teacher.server.requests)) == (before, 1)


def test_a_model_that_fails_for_now_is_asked_again_by_the_queue(teacher: Teacher) -> None:
    said = exchange("I live in Berlin.", model=teacher.model.replace("fake-says", "fake-500"))
    with pytest.raises(ModelError):
        teacher.learn(said)
    assert store.read("memory_extractions", said.answered.message)["state"] == "failed"  # pyright: ignore
    memory.change_settings(ANNA, model=teacher.model)
    assert teacher.learn(said, LIVES) == "done"


def test_review_first_waits_for_the_person(teacher: Teacher) -> None:
    old = manage.add(ANNA, "The user lives in Berlin.", kind="profile")
    memory.change_settings(ANNA, review_first=True)
    now = {**LIVES, "op": "SUPERSEDE", "fact": "F1", "text": "The user lives in Rome.", "quote": "live in Rome"}
    said = teacher.tell("I live in Rome now and like tea.", now, add("The user likes tea.", "like tea"))
    assert texts() == ["The user lives in Berlin."]
    first, second = memory.pending(ANNA)
    assert (first.op, first.replaces and first.replaces.id, second.op) == ("supersede", old.id, "add")
    assert memory.counts(ANNA).pending == 2
    memory.approve(ANNA, first.id)
    memory.reject(ANNA, second.id)
    assert (texts(), memory.pending(ANNA)) == (["The user lives in Rome."], [])
    assert memory.learned_from(ANNA, said.conversation)[0].text == "The user lives in Rome."


def test_extract_knows_nothing_of_a_strange_answer(teacher: Teacher) -> None:
    assert extract.extract(ANNA, "nothing") == ""
