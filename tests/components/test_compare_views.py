"""What the columns of a comparison are told."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from components.compare import views
from components.compare.difference import _side
from hub.chat.records import Message, Queued, Timing
from hub.compare import act
from hub.compare.records import Comparison, Difference, Merge, Pane, Shown, ShownPane, Team, TurnVote
from hub.models.types import ModelInfo, Params, Usage

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SCRIPTS = Path(views.__file__).parent


def answer(id_: str, **more: Any) -> Message:
    given: dict[str, Any] = {
        "model": "k/one",
        "model_label": "One",
        "text": "Yes",
        "status": "done",
        "run": "r",
        **more,
    }
    return Message(id=id_, conversation="c", parent="q", role="assistant", created_at=NOW, **given)


def question() -> Message:
    return Message("q", "c", None, "user", "Really?", "done", NOW)


def shown(*answers: Message, blind: bool = False, revealed: bool = True, **more: Any) -> Shown:
    hidden = blind and not revealed
    panes = tuple(
        Pane(f"p{at}", chr(65 + at), "" if hidden else "k/one", "" if hidden else "One", Params(), one.id)
        for at, one in enumerate(answers)
    )
    made = Comparison("x", "c", "Really?", blind, revealed, 1, panes, **more)
    running = tuple(dict.fromkeys(one.run for one in answers if one.status == "streaming" and one.run))
    columns = tuple(ShownPane(pane, (question(), one)) for pane, one in zip(panes, answers, strict=True))
    return Shown(made, columns, running)


def test_a_column_says_how_its_newest_answer_was_made_times_first():
    timing = Timing(NOW, 400, 2400)
    data = views.board(shown(answer("a", usage=Usage(10, 100), timing=timing, cost=0.002), answer("b")), [])
    facts = [fact["text"] for fact in data["panes"][0]["messages"][1]["facts"]]
    assert facts == ["400 ms to first token", "50 tokens/s", "10 in", "100 out", "$0.0020"]
    assert data["mergeable"]
    assert data["vote"] == {"turn": 1, "cast": None}


def test_an_answer_of_a_model_that_stood_there_before_still_tells():
    one = shown(answer("a", model="k/old", model_label="Old"), answer("b"))
    data = views.board(one, [])
    assert data["panes"][0]["messages"][1]["facts"][0]["text"] == "Old"
    assert not data["panes"][1]["messages"][1]["facts"]


def test_hidden_names_are_nowhere():
    one = answer("a", model="", model_label="Model A", veiled="Model A")
    data = views.board(shown(one, one, blind=True, revealed=False), [info("k/one", "One")])
    assert data["veiled"]
    assert [pane["label"] for pane in data["panes"]] == ["Model A", "Model B"]
    assert "One" not in str(data)


def test_runs_are_told_with_the_messages_that_they_write():
    writing = [answer(id_, status="streaming", text="", target=at) for at, id_ in enumerate("ab")]
    merge = Merge("m", "fuse", 1, "k/one", "One", "streaming", run="r2")
    data = views.board(shown(*writing, merges=(merge,)), [])
    assert data["live"] == [{"run": "r", "answers": ["a", "b"]}, {"run": "r2", "answers": ["m"]}]
    assert not data["mergeable"]


def test_a_merge_brings_its_checklist():
    merge = Merge(
        "m", "guided", 1, "k/one", "One", "done", checklist=(Difference("Be brief"), Difference("Joke", False))
    )
    [item] = views.board(shown(answer("a"), answer("b"), merges=(merge,)), [])["merges"]["items"]
    assert item["title"] == "Guided by One"
    assert item["checklist"] == [{"text": "Be brief", "ticked": True}, {"text": "Joke", "ticked": False}]


def test_the_vote_on_the_newest_turn_is_told():
    vote = TurnVote(1, {"p0": 1, "p1": 2}, reason="shorter")
    data = views.board(shown(answer("a"), answer("b"), votes=(vote,)), [])
    assert data["vote"]["cast"]["ranks"] == {"p0": 1, "p1": 2}
    assert views.board(shown(answer("a")), [])["vote"] is None


def test_a_question_that_waits_stands_in_its_column():
    one = shown(answer("a", status="streaming"), answer("b"))
    waiting = Shown(one.comparison, one.panes, one.running, (Queued("w", "c", "And then?", "a", NOW),))
    told = [pane["waiting"] for pane in views.board(waiting, [])["panes"]]
    assert told == [[{"id": "w", "text": "And then?", "held": ""}], []]


def test_a_lineup_names_its_models_and_what_is_adjusted():
    members = [("k/one", Params(temperature=0.2)), ("k/unlisted", Params()), ("away/gone", Params())]
    recent = Comparison("x", "c", "Really?", False, False, 1, (), created_at=NOW - timedelta(minutes=5))
    team = Team("t", "Fast", members)
    data = views.lineup("new", members, [info("k/one", "One")], teams=[team], recents=[recent], now=NOW)["setup"]
    assert [(one["label"], one["provider"]) for one in data["members"]] == [
        ("One", "Home"),
        ("unlisted", "Home"),
        ("gone", "not available"),
    ]
    assert data["members"][0]["params"] == {"temperature": 0.2}
    assert data["members"][0]["adjusted"] == "temperature 0.2"
    assert data["teams"][0]["about"] == "One, unlisted, gone"
    assert data["recents"][0]["about"] == "0 models, 5 min ago"


def test_the_same_model_stands_twice_where_there_is_only_one():
    assert [model for model, _ in views.usual([info("a", "A")], [], "a")] == ["a", "a"]
    two = [info("a", "A"), info("b", "B")]
    assert [model for model, _ in views.usual(two, ["b", "gone"], "a")] == ["b", "a"]


def test_differing_words_are_marked_by_more_than_colour():
    pieces = [("same", "The "), ("gone", "<old>"), ("new", "new"), ("same", " way")]
    assert "The <del>&lt;old&gt;</del> way" in _side("A", pieces, "gone")
    assert "The <ins>new</ins> way" in _side("B", pieces, "new")


def test_every_action_of_the_columns_has_someone_who_does_it():
    from components.state import CompareState

    scripts = "".join(path.read_text() for path in SCRIPTS.glob("*.js"))
    sent = set(re.findall(r'(?:kind: |send\()"([\w-]+)"', scripts))
    page = {"answered", "finished", "open", "lineup", "adjust-member", "save-team", "difference", "what-went-in"}
    page |= {"open-page", "add-to-set", "evaluate", "new", "rename", "delete", "earlier"}
    assert sent - page - set(views.MERGES) <= act.kinds()
    for kind in page - {"open-page", "open", "lineup", "add-to-set", "evaluate", "new", "delete"}:
        assert CompareState().take({"kind": kind})


@pytest.mark.parametrize("asset", sorted(SCRIPTS.glob("*.*s")), ids=lambda path: path.name)
def test_nothing_is_fetched_from_elsewhere(asset: Path):
    assert not re.findall(r"https?://(?!www\.w3\.org)[\w.]+", asset.read_text())


def info(id_: str, label: str) -> ModelInfo:
    return ModelInfo(id=id_, name=label, connection="k", connection_name="Home", provider="openai", title=label)
