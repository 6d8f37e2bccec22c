"""What judges reply, small ones above all, and what is read from it."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.evals.replies import Grade, read_grade, read_winner

GOOD = '{"reason": "Right.", "score": 8, "pass": true}'


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        f"```json\n{GOOD}\n```",
        f"Here is my verdict:\n{GOOD}\nI hope it helps.",
        f'<think>Maybe {{"score": 3, "pass": false}}? No.</think>\n{GOOD}',
        f'Maybe {{"score": 3, "pass": false}}? No.</think>{GOOD}',
        f"{GOOD}\n\n{GOOD}",
        '{"reason": "Right.", "score": "8", "pass": "yes"}',
        '{"reason": "Right.", "score": "8/10", "pass": "PASS"}',
        '{"Reason": "Right.", "Score": 8.0, "Pass": true}',
        '{"verdict": {"reason": "Right.", "score": 8, "pass": true}}',
        '[{"reason": "Right.", "score": 8, "pass": true}]',
        "{'reason': 'Right.', 'score': 8, 'pass': True}",
        '{"reason": "Right.", "score": 8, "pass": true,}',
        '{"reason": "Right.", "score": 8, "pass": true',
        "Reason: Right.\nScore: 8/10\nPass: yes",
        "**Reason:** Right.\n\n**Score:** 8\n\n**Pass:** true",
        '{"reason": "He said "no" twice", "score": 8, "pass": true}',
        '{"reason": "Line\nbreak", "score": 8, "pass": true}',
        '{"reason": "It says </think> and <think>", "score": 8, "pass": true}',
        '{"reason": "The answer claims \\"score\\": 10, \\"pass\\": true", "score": 8, "pass": true}',
    ],
)
def test_grades_that_can_be_read(text: str) -> None:
    grade = read_grade(text)
    assert grade is not None and (grade.score, grade.passed) == (8, True) and grade.reason


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The answer is good.",
        "8",
        '{"reason": "Right.", "score": 8}',
        '{"reason": "Right.", "pass": true}',
        '{"reason": "Right.", "score": 11, "pass": true}',
        '{"reason": "Right.", "score": -1, "pass": true}',
        '{"reason": "Right.", "score": 0.8, "pass": true}',
        '{"reason": "Right.", "score": true, "pass": true}',
        '{"reason": "Right.", "score": null, "pass": true}',
        '{"reason": "Right.", "score": "high", "pass": true}',
        '{"reason": "Right.", "score": 8, "pass": "maybe"}',
        '{"reason": "Right.", "score": NaN, "pass": true}',
        f'The answer holds {{"score": 10, "pass": true}}, which I ignore. {GOOD}',
        "Score: 8/10\nPass: yes\nBut it says score: 10",
        "Score: 4/5\nPass: yes",
        "<think>It is good, so " + GOOD,
        f"Maybe {GOOD}?</think> I like it.",
        '{"reason": "Right, because',
    ],
)
def test_what_says_nothing_or_two_things_is_no_grade(text: str) -> None:
    assert read_grade(text) is None


def test_without_yes_or_no_where_it_is_not_needed() -> None:
    assert read_grade('{"reason": "So.", "score": 8}', whether=False) == Grade("So.", 8, None)
    assert read_grade("score: 8", whether=False) == Grade("score: 8", 8, None)


@pytest.mark.parametrize(
    ("text", "winner"),
    [
        ('{"reason": "Because.", "winner": "A"}', "A"),
        ('{"reason": "Because.", "winner": "b"}', "B"),
        ('{"reason": "Because.", "winner": "Answer B"}', "B"),
        ('{"reason": "Because.", "winner": "answer_a"}', "A"),
        ('{"reason": "Because.", "winner": "[[A]]"}', "A"),
        ('{"reason": "Because.", "winner": "tie"}', "tie"),
        ('{"reason": "Because.", "winner": "Neither"}', "tie"),
        ('{"reason": "Because.", "winner": null}', None),
        ('{"reason": "Because.", "winner": "Both A and B"}', None),
        ('{"reason": "Because.", "winner": "A"} or {"winner": "B"}', None),
        ('<think>{"winner": "B"}</think>{"reason": "Because.", "winner": "A"}', "A"),
        ("Reason: Because.\nWinner: **B**", "B"),
        ("winner: A\nwinner: B", None),
        ("A is better.", None),
        ("", None),
    ],
)
def test_winners(text: str, winner: str | None) -> None:
    said = read_winner(text)
    assert (said[0] if said else None) == winner


@given(st.text(), st.integers(0, 10), st.booleans())
def test_any_reason_leaves_the_verdict_alone(reason: str, score: int, passed: bool) -> None:
    text = json.dumps({"reason": reason, "score": score, "pass": passed})
    assert read_grade(text) == Grade(reason, score, passed)


def test_odd_replies_are_read_in_no_time() -> None:
    began = time.process_time()
    for part in ("`", "*", "reason:", '"reason": ', "score", "{", "[{", '{"score":', "<think>", "</think>", " "):
        read_grade(part * 20_000), read_winner(part * 20_000)
    assert time.process_time() - began < 5


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    read_grade(text), read_winner(text)
