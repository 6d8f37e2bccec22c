"""What stands under an answer, and what happens when the person says that a memory is wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hub import hooks, memory
from hub.db.mongo import collection, now
from hub.errors import BadInput
from hub.memory.act import act
from tests.memory.conftest import ANNA, BEN, new_id

pytestmark = pytest.mark.usefixtures("stored")


def learned(conversation: str, changes: int, state: str = "done") -> str:
    """What extraction leaves of one exchange; the id of its answer."""
    row = {"_id": new_id(), "owner": ANNA.id, "conversation": conversation, "scope": "", "state": state, "said": "."}
    row |= {"model": "", "changes": changes, "refusals": [], "tokens": 0, "cost": None, "at": now()}
    collection("memory_extractions").insert_one(row)
    return row["_id"]


def test_an_answer_says_how_much_was_learned_and_nothing_where_nothing_was() -> None:
    home = new_id()
    one, two, review, none = (
        learned(home, 1),
        learned(home, 2),
        learned(home, 3, "waiting"),
        learned(home, 0, "nothing"),
    )
    notes = hooks.answer_notes(ANNA, home)
    assert {answer: note.text for answer, [note] in notes.items()} == {
        one: "Memory updated",
        two: "2 memories updated",
        review: "3 memories to review",
    }
    assert none not in notes
    assert notes[one][0].page == "memory"
    assert hooks.answer_notes(BEN, home) == {}


def test_an_answer_is_waited_for_until_it_was_learned_from() -> None:
    assert memory.learning(ANNA, new_id(), now(), {})
    assert not memory.learning(ANNA, learned(new_id(), 0, "nothing"), now(), {})
    assert memory.learning(ANNA, learned(new_id(), 0, "failed"), now(), {}), "it is tried again"
    assert not memory.learning(ANNA, new_id(), now() - timedelta(hours=1), {})
    assert not memory.learning(ANNA, new_id(), now(), {"memory": {"off": True}})
    memory.pause(ANNA)
    assert not memory.learning(ANNA, new_id(), now(), {})


def test_what_is_wrong_goes_with_its_reason_and_comes_back() -> None:
    fact = memory.add(ANNA, "Likes coffee.")
    done = act(ANNA, "wrong", [fact.id])
    assert memory.get(ANNA, fact.id).shelf == "deleted"
    assert memory.history(ANNA, fact.id)[-1].reason == "Said to be wrong."
    with pytest.raises(BadInput):
        act(ANNA, "wrong", [fact.id])
    memory.undo(ANNA, done.events[0])
    assert memory.get(ANNA, fact.id).shelf == "live"


def test_adding_what_is_there_says_so_and_offers_no_undo() -> None:
    assert act(ANNA, "add", text="Likes coffee.").events
    again = act(ANNA, "add", text="Likes coffee.")
    assert (again.events, again.said) == ((), "You have this memory already")


def test_what_was_imported_at_once_turns_page_by_page() -> None:
    memory.import_(ANNA, "\n".join(f"- Owns the book called {number} of {number * 7}." for number in range(30)))
    first = memory.facts(ANNA, most=10)
    second = memory.facts(ANNA, before=first.before, most=10)
    assert (len(first.facts), len(second.facts)) == (10, 10)
    assert not {fact.id for fact in first.facts} & {fact.id for fact in second.facts}
