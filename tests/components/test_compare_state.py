"""What the page that compares models remembers from run to run."""

from __future__ import annotations

import pytest
import streamlit as st

from components.conversation_list import ListEvent
from components.state import CompareState, shell
from hub.compare.records import Team
from hub.models.types import Params


@pytest.fixture
def tab() -> None:
    """A tab that remembers nothing."""
    st.session_state.clear()


def test_each_new_comparison_is_a_place_of_its_own():
    page = CompareState()
    first = page.place
    page.open("c1")
    assert page.place == "c1"
    page.open(None)
    assert page.place not in {first, "c1"}


def test_the_lineup_is_kept_as_the_browser_tells_it():
    page = CompareState()
    page.begin_with([("usual", Params())])
    assert page.members == (("usual", Params()),)
    members = [
        {"model": "a", "params": {"temperature": 0.2, "stop": ["x"], "unknown": 1}},
        {"model": "a", "params": {}},
    ]
    assert page.take({"kind": "lineup", "members": members, "blind": True})
    assert page.members == (("a", Params(temperature=0.2, stop=("x",))), ("a", Params()))
    assert page.blind
    page.begin_with([("usual", Params())])
    assert [model for model, _ in page.members] == ["a", "a"], "what somebody chose is not replaced"


def test_one_of_the_lineup_is_adjusted():
    page = CompareState(members=(("a", Params()), ("b", Params())))
    page.adjust(1, Params(seed=7))
    assert page.members == (("a", Params()), ("b", Params(seed=7)))


def test_a_team_takes_the_place_of_the_lineup():
    page = CompareState(members=(("a", Params()),))
    page.use(Team("t", "Fast", (("b", Params()), ("c", Params())), blind=True))
    assert [model for model, _ in page.members] == ["b", "c"]
    assert page.blind


def test_more_is_shown_until_another_one_is_opened():
    page = CompareState(comparison="x")
    page.take({"kind": "earlier"})
    assert page.limit == 80
    page.open("y")
    assert page.limit == 40


def test_what_is_attached_belongs_to_the_one_that_is_not_there_yet():
    page = CompareState()
    assert page.take({"kind": "attached", "attached": {"memory": {"off": True}}})
    assert page.take({"kind": "attached", "attached": {"documents": {"collections": ["c"]}}})
    assert page.attached == {"memory": {"off": True}, "documents": {"collections": ["c"]}}
    page.open("x")
    assert not page.attached
    assert not page.take({"kind": "attached", "attached": {}}), "one that is there keeps it itself"


def test_a_source_is_open_until_another_comparison_is():
    page = CompareState(comparison="x")
    assert page.take({"kind": "source", "message": "m", "at": 2})
    assert page.panel == ("m", 2)
    assert page.take({"kind": "open-fact", "fact": "f"})
    assert page.leaving == ("memory", {"fact": "f"})
    page.open("y")
    assert page.panel is None


def test_what_opens_a_dialog_is_not_for_the_room():
    page = CompareState()
    assert page.take({"kind": "difference", "pane": "a", "with": "b"})
    assert page.dialog == {"kind": "difference", "pane": "a", "with": "b"}
    assert not page.take({"kind": "vote", "turn": 1})


def test_a_new_comparison_begins_with_the_models_of_the_one_that_was_open(tab: None):
    page = CompareState(comparison="x", members=(("old", Params()),))
    members = [{"model": "a", "params": {"seed": 1}}, {"model": "b", "params": {}}]
    assert page.take({"kind": "new", "members": members, "blind": True})
    assert page.members == (("a", Params(seed=1)), ("b", Params()))
    assert page.blind
    assert page.comparison is None
    page.take({"kind": "new"})
    assert [model for model, _ in page.members] == ["a", "b"], "while names are hidden none are told"


def test_deleting_the_one_that_is_open_leaves_it_and_is_the_shells_to_do(tab: None):
    page = CompareState(comparison="x")
    assert page.take({"kind": "delete", "conversation": "c", "title": "Really?"})
    assert page.comparison is None
    assert shell().asked == [ListEvent("delete", "c", "Really?")]
