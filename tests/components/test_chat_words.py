"""What an empty chat suggests, and what is said about a prompt."""

from __future__ import annotations

from datetime import UTC, datetime

from components import chat_words
from components.chat_header import sums
from hub.chat.records import ContextUsed, FileUse, Message, Totals
from hub.models.types import ModelInfo

DEMO = ModelInfo("demo/demo", "demo", "demo", "Demo", "demo", "Demo", demo=True)
REAL = ModelInfo("x/y", "y", "x", "X", "openai", "Y")


def test_suggestions_fit_the_model():
    assert "demo model" in chat_words.empty(DEMO).text
    assert 3 <= len(chat_words.empty(DEMO).starters) <= 4
    assert 3 <= len(chat_words.empty(REAL).starters) <= 4
    assert chat_words.empty(DEMO).starters != chat_words.empty(REAL).starters


def test_an_empty_chat_without_a_model_says_what_to_do():
    assert "Connect" in chat_words.empty(None).text
    assert not chat_words.empty(None).starters


def test_a_temporary_chat_says_what_that_means():
    assert "gone after a day" in chat_words.empty(REAL, temporary=True).text


def _answer(id: str, run: str, target: int) -> Message:
    return Message(id, "c", None, "assistant", "", "streaming", datetime.now(UTC), run=run, target=target)


def test_answers_of_a_run_stand_at_their_target():
    messages = [_answer("a", "other", 0), _answer("b", "run", 2)]
    assert chat_words.answers(messages, "run") == ("", "", "b")
    assert chat_words.answers(messages, "gone") == ()


def test_what_went_in_is_said_in_full():
    files = (FileUse("f", "a.pdf", "shortened", 10, 100, "a.pdf was shortened."),)
    used = ContextUsed(3000, 8000, messages=12, left_out=1, summary_of="m", files=files, system_prompt=True)
    said = " ".join(chat_words.context(used))
    for part in (
        "3,000 of 8,000",
        "12 messages",
        "system prompt",
        "summary",
        "1 older message was",
        "a.pdf was shortened",
    ):
        assert part in said
    assert chat_words.context(None) == []


def test_sums_never_call_the_unknown_free():
    assert sums(Totals(), costs=True) == ["No answers yet."]
    assert "unknown" in sums(Totals(10, 5, answers=2, unpriced=2), costs=True)[1]
    assert sums(Totals(10, 5, cost=0.5, answers=2, unpriced=1), costs=True)[1] == (
        "Cost so far $0.500; the cost of 1 is unknown."
    )
    assert len(sums(Totals(10, 5, cost=0.5, answers=2), costs=False)) == 1
