"""What the page that compares models remembers from run to run."""

from __future__ import annotations

from components.state import CompareState
from hub.compare.records import Team
from hub.models.types import Params


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


def test_what_opens_a_dialog_is_not_for_the_room():
    page = CompareState()
    assert page.take({"kind": "difference", "pane": "a", "with": "b"})
    assert page.dialog == {"kind": "difference", "pane": "a", "with": "b"}
    assert not page.take({"kind": "vote", "turn": 1})
