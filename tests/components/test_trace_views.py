"""What the timeline shows, in words and shares."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.trace.views import LONGEST, facts, ticks, took, view
from hub.models.types import Usage
from hub.traces import Part, Piece, Sent, Span, Trace

STEP = Span(
    "m/step/0",
    "step",
    "Step 1",
    began_ms=100,
    ms=900,
    first_token_ms=400,
    usage=Usage(1200, 30, 800),
    cost=0.002,
    prompt=2,
)
CALL = Span(
    "m/call/a", "tool", "Look", "error", 1000, 250, key="path",
    parts=(Part("Arguments", '{"x": 1, "path": "a.txt"}'), Part("Result", "r" * (LONGEST + 7))),
)  # fmt: skip
LAST = replace(STEP, id="m/step/1", began_ms=1250, first_token_ms=None, usage=Usage(1500, 10), cost=None, prompt=4)
PROMPT = tuple(Sent(role, (Piece(f"{role} text", 3),)) for role in ("system", "user", "assistant", "tool"))
TRACE = Trace(
    "m", "c", "Question", "done", "Fake", total_ms=1800, first_token_ms=400, spans=(STEP, CALL, LAST), prompt=PROMPT
)


@pytest.mark.parametrize(
    ("ms", "said"),
    [(None, ""), (0, "0 ms"), (949, "949 ms"), (1000, "1.0 s"), (9949, "9.9 s"), (9960, "10 s"), (59_600, "1 min"),
     (80_000, "1 min 20 s"), (660_000, "11 min"), (23 * 3_600_000, "23 h"), (72 * 3_600_000, "3 days")],
)  # fmt: skip
def test_times_are_said_in_a_few_letters(ms: int | None, said: str) -> None:
    assert took(ms) == said


@pytest.mark.parametrize("total", [1, 37, 1800, 49_000, 5_400_000])
def test_a_scale_has_a_few_round_times(total: int) -> None:
    made = ticks(total)
    assert 2 <= len(made) <= 6 and made[0] == {"at": 0.0, "text": "0"} and made[-1]["at"] <= 1
    assert ticks(0) == []


def test_what_stands_above_it() -> None:
    said = {label: text for label, text, _ in facts(TRACE)}
    assert said["Tokens in"] == "2,700 (800 cached)" and said["Cost"] == "price unknown"
    assert (said["Steps"], said["Calls"], said["Failed"]) == ("2", "1", "1") and "State" not in said
    assert "Cost" not in {label for label, _, _ in facts(TRACE, costs=False)}
    assert {label: text for label, text, _ in facts(replace(TRACE, cost=0.5))}["Cost"] == "$0.500"


def test_each_step_shows_what_is_new_in_its_prompt() -> None:
    first, call, last = view(TRACE)["rows"]
    assert (first["prompt"], last["prompt"]) == ([0, 2], [2, 4]) and "prompt" not in call
    assert (call["key"], call["state"], call["tokens"], call["cost"]) == ("a.txt", "Failed", "", "")
    assert (first["cost"], last["cost"]) == ("$0.0020", "price unknown")
    assert view(TRACE, costs=False)["rows"][0]["cost"] == ""


def test_long_texts_are_cut_and_say_how_much_is_left() -> None:
    part = view(TRACE)["rows"][1]["parts"][1]
    assert (len(part["text"]), part["rest"]) == (LONGEST, 7)
    assert view(TRACE)["total"] == 2150


def test_a_step_whose_prompt_is_not_kept_says_so_and_that_of_an_agent_shows_none() -> None:
    gone = replace(TRACE, spans=(replace(STEP, prompt=None), LAST))
    assert [row["prompt"] for row in view(gone)["rows"]] == [None, [0, 4]]
    agent = Span(
        "m/call/z", "agent", "Scout", spans=(replace(STEP, id="ask/step/0", prompt=None),), avatar="Sc", hue=20
    )
    [row] = view(replace(TRACE, spans=(agent,)))["rows"]
    assert "prompt" not in row["rows"][0] and (row["avatar"], row["hue"]) == ("Sc", 20)
