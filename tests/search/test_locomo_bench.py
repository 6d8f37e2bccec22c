"""The benchmark reads its data and counts as it says."""

from __future__ import annotations

from bench.locomo import _ndcg, _share, read  # pyright: ignore[reportPrivateUsage]


def test_the_shape_of_the_data() -> None:
    turn = {"speaker": "Ann", "dia_id": "D1:1", "text": "Look!", "blip_caption": "a red boat"}
    reply = {"speaker": "Bo", "dia_id": "D2:1", "text": "Nice."}
    raw = {
        "conversation": {
            "speaker_a": "Ann",
            "session_10": [reply],
            "session_10_date_time": "2 May",
            "session_9": [turn],
            "session_9_date_time": "1 May",
        },
        "qa": [
            {"question": "What did Ann show?", "category": 4, "evidence": ["D1:1; D2:1"]},
            {"question": "Nobody knows", "category": 5, "evidence": ["D7:7"]},
        ],
    }
    made = read(raw)
    assert [entry.text for entry in made.entries] == ["Look! [a red boat]", "Nice."]
    assert [entry.title for entry in made.entries] == ["1 May\nAnn:", "2 May\nBo:"]
    assert [question.gold for question in made.questions] == [{"D1:1", "D2:1"}]
    assert made.session == {"D1:1": "session_9", "D2:1": "session_10"}


def test_the_measures() -> None:
    assert _share(["a", "x"], {"a", "b"}) == 0.5
    assert _ndcg(["a", "b"], frozenset({"a", "b"})) == 1
    assert 0 < _ndcg(["x", "a"], frozenset({"a"})) < 1
