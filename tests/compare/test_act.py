"""What is pressed on the page that compares models."""

from __future__ import annotations

import pytest

from hub import compare
from hub.compare.act import act
from hub.errors import BadInput, NotFound
from tests.compare.conftest import ANNA, ended


def test_columns_come_change_and_go(model: str) -> None:
    made = compare.start(ANNA, "Hi", [(model + "fake", None), (model + "fake", None)])
    first, second = (one.pane.id for one in ended(made).panes)
    act(ANNA, made.comparison, {"kind": "add", "model": model + "fake-echo"})
    act(ANNA, made.comparison, {"kind": "remove", "pane": second})
    act(
        ANNA,
        made.comparison,
        {"kind": "swap", "pane": first, "model": model + "fake?b", "params": {"seed": 7}, "now": False},
    )
    panes = compare.open_comparison(ANNA, made.comparison).comparison.panes
    assert [one.model.partition("/")[2] for one in panes] == ["fake?b", "fake-echo"]
    assert panes[0].params.seed == 7


def test_a_vote_is_kept_and_taken_back(model: str) -> None:
    made = compare.start(ANNA, "Hi", [(model + "fake", None), (model + "fake-echo", None)])
    ranks = {one.pane.id: place for place, one in enumerate(ended(made).panes, 1)}
    said = {"ranks": ranks, "all_bad": False, "reason": "shorter", "tags": []}
    act(ANNA, made.comparison, {"kind": "vote", "turn": 1, **said})
    [vote] = compare.open_comparison(ANNA, made.comparison).comparison.votes
    assert (vote.ranks, vote.reason) == (ranks, "shorter")
    act(ANNA, made.comparison, {"kind": "undo-vote", "turn": 1})
    assert not compare.open_comparison(ANNA, made.comparison).comparison.votes


def test_what_leads_elsewhere_says_where_to(model: str) -> None:
    made = compare.start(ANNA, "Hi", [(model + "fake", None), (model + "fake-echo", None)])
    shown = ended(made)
    went = act(ANNA, made.comparison, {"kind": "continue-with", "pane": shown.panes[1].pane.id})
    assert went.conversation == made.conversation
    answer = shown.panes[0].messages[1].id
    began = act(ANNA, None, {"kind": "start-from", "message": answer, "members": [(model + "fake-echo", {})]})
    assert began.comparison not in {None, made.comparison}


def test_teams_are_saved_used_and_deleted(model: str) -> None:
    act(ANNA, None, {"kind": "save-team-as", "name": "Fast", "members": [(model + "fake", {})], "blind": True})
    [team] = compare.teams(ANNA)
    used = act(ANNA, None, {"kind": "use-team", "team": team.id}).team
    assert used is not None and used.blind
    act(ANNA, None, {"kind": "delete-team", "team": team.id})
    with pytest.raises(NotFound):
        act(ANNA, None, {"kind": "use-team", "team": team.id})


def test_what_nobody_knows_is_refused(model: str) -> None:
    with pytest.raises(BadInput):
        act(ANNA, None, {"kind": "dance"})
    with pytest.raises(BadInput):
        act(ANNA, None, {"kind": "retry", "pane": "x"})
