"""What the transcript says about a message."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from components.transcript.arguments import arguments
from components.transcript.money import money
from components.transcript.views import facts, view, views
from hub.chat.records import (
    Attachment,
    ContextUsed,
    ErrorRecord,
    FileUse,
    Message,
    Summary,
    Timing,
)
from hub.models.types import ToolUse, Usage

WHEN = datetime(2026, 1, 2, tzinfo=UTC)
ANSWER = Message(
    id="a1",
    conversation="c1",
    parent="q1",
    role="assistant",
    text="**bold** <b>raw</b>",
    status="done",
    created_at=WHEN,
    siblings=("a0", "a1"),
    model="openrouter/some/model",
    model_label="Some model",
    usage=Usage(1204, 340, 1000, 80),
    cost=0.0031,
    timing=Timing(WHEN, 410, 6100),
)


def _texts(message: Message, *, costs: bool = True) -> list[str]:
    return [fact.text for fact in facts(message, costs=costs)]


def test_the_line_below_an_answer():
    assert _texts(ANSWER) == [
        "Some model",
        "1,204 in (1,000 cached)",
        "340 out (80 reasoning)",
        "$0.0031",
        "410 ms to first token",
        "60 tokens/s",
    ]


def test_an_unknown_price_is_unknown_and_a_free_one_is_free():
    assert "price unknown" in _texts(replace(ANSWER, cost=None))
    assert "$0" in _texts(replace(ANSWER, cost=0.0))


def test_costs_can_be_left_out():
    assert not [text for text in _texts(ANSWER, costs=False) if "$" in text]


def test_our_own_count_says_so():
    assert "about 5 in" in _texts(replace(ANSWER, usage=Usage(5, 6, estimated=True)))


def test_a_speed_that_cannot_be_told_is_left_out():
    for timing in (Timing(WHEN, 410, 412), Timing(WHEN, None, 6100)):
        assert not [text for text in _texts(replace(ANSWER, timing=timing)) if "tokens/s" in text]


def test_an_answer_without_numbers_names_its_model_only():
    assert _texts(replace(ANSWER, usage=None, timing=None)) == ["Some model"]
    assert _texts(replace(ANSWER, role="user")) == []


@pytest.mark.parametrize(
    ("amount", "text"),
    [(0, "$0"), (0.00001, "< $0.0001"), (0.0031, "$0.0031"), (0.25, "$0.250"), (1234.5, "$1,234.50")],
)
def test_money(amount, text):
    assert money(amount) == text


def test_answers_are_drawn_and_what_people_type_is_not_markdown():
    data = view(ANSWER).data()
    assert "<strong>bold</strong>" in data["html"]
    assert "<b>" not in data["html"]
    typed = view(replace(ANSWER, role="user", text="# no heading")).data()
    assert typed["html"] == ""
    assert typed["text"] == "# no heading"
    assert "<figure" in view(replace(ANSWER, role="user", text="```py\nx\n```")).data()["html"]


def test_the_revision_changes_with_what_is_shown_and_only_then():
    assert view(ANSWER).revision == view(replace(ANSWER)).revision
    for changed in (
        replace(ANSWER, text="other"),
        replace(ANSWER, status="interrupted"),
        replace(ANSWER, siblings=("a0", "a1", "a2")),
        replace(ANSWER, error=ErrorRecord("network", "Lost.")),
    ):
        assert view(changed).revision != view(ANSWER).revision


def test_a_tool_call_shows_its_first_argument():
    calls = (ToolUse("1", "search", '{"query": "weather in Oslo", "limit": 3}'), ToolUse("2", "odd", "not json"))
    first, second = view(replace(ANSWER, tool_calls=calls)).data()["tools"]
    assert first["key"] == "weather in Oslo"
    assert '\n  "limit": 3' in first["arguments"]
    assert second["key"] == ""
    assert second["arguments"] == "not json"


def test_a_file_says_how_it_went_in():
    file = Attachment("f1", "long.pdf", "application/pdf", 1000, "text", how="will go in whole")
    assert view(replace(ANSWER, role="user", files=(file,))).data()["files"][0]["how"] == "will go in whole"
    used = ContextUsed(10, files=(FileUse("f1", "long.pdf", "shortened", 50, 500, "Its first 10 % went in."),))
    asked = replace(ANSWER, id="q1", role="user", files=(file,))
    shown = views([asked, replace(ANSWER, context_used=used)])[0].data()["files"][0]
    assert shown["how"] == "Its first 10 % went in."
    assert shown["said"] == "first 50 of 500 tokens went in" and shown["cut"]


def test_a_summary_stands_after_its_message():
    summary = Summary("**Short.**", 12, "m", WHEN, edited=True)
    assert view(replace(ANSWER, summary=summary)).data()["summary"] == {
        "title": "Summary of 12 earlier messages, edited",
        "text": "**Short.**",
        "html": '<p dir="auto"><strong>Short.</strong></p>',
    }


@pytest.mark.parametrize(
    ("text", "key", "shown"),
    [
        ('{"questions": [{"choices": ["a", "b"], "question": "Which?"}]}', "questions", "Which?"),
        ('{"list": [1], "text": "x"}', "", "x"),
        ('{"all": true, "path": "x"}', "path", "x"),
        ('{"path": null}', "path", ""),
        ("[1]", "", ""),
    ],
)
def test_a_call_is_told_apart_by_a_plain_value(text: str, key: str, shown: str) -> None:
    assert arguments(text, key)["key"] == shown
