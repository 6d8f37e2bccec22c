"""A memory in words: what changed, when it holds, whose it is; text that looks like markup stays text."""

from __future__ import annotations

from datetime import UTC, datetime

from components.memory import words
from components.memory.history import diff, marked
from components.memory.summary import groups
from hub.memory.records import Change, EventTime, Fact, Sentence

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def fact(text: str = "Likes tea.", **values: object) -> Fact:
    return Fact("f", "", text, "preference", recorded_at=NOW, **values)  # pyright: ignore[reportArgumentType]


def change(before: Fact | None, after: Fact | None, **values: object) -> Change:
    about = {"actor": "user", "reason": "", "at": NOW, "group": "g", **values}
    return Change("e", "edit", "f", "", before, after, **about)  # pyright: ignore[reportArgumentType]


def test_what_went_is_struck_and_what_came_is_underlined() -> None:
    assert marked("Likes green tea.", "Likes black tea.") == "Likes <del>green</del> <ins>black</ins> tea."
    assert marked("Likes tea.", "Likes tea.") == "Likes tea."


def test_a_text_with_markup_in_it_is_shown_and_does_nothing() -> None:
    evil = "<img src=x onerror=alert(1)> [link](https://x) :red[hi] $x$"
    assert "<img" not in diff(change(None, fact(evil)))
    assert "<img" not in diff(change(fact("old"), fact(evil)))
    assert "\\[link\\]" in words.escaped(evil)
    assert "\\:red" in words.escaped(evil)
    assert "\\$x" in words.escaped(evil)


def test_a_deletion_strikes_the_whole_and_other_values_are_said() -> None:
    gone = fact(retracted_at=NOW)
    assert diff(change(fact(), gone)) == '<div class="hub-diff" dir="auto"><del>Likes tea.</del></div>'
    assert "importance: 50% → 90%" in diff(change(fact(), fact(importance=0.9)))
    assert "removed for good" in diff(change(None, None, gone=True))


def test_days_are_as_exact_as_they_are_known() -> None:
    assert words.event_words(fact(event=EventTime("2026-05-03"))) == "3 May 2026"
    assert words.event_words(fact(event=EventTime("2026-05-01", precision="month"))) == "May 2026"
    assert words.event_words(fact(event=EventTime("2026-05-01", "2026-05-04"))) == "1 May 2026 to 4 May 2026"
    assert dict(words.about(fact(valid_from=NOW), NOW))["True"] == "since 22 Nov 2026"
    assert dict(words.about(fact(valid_from=NOW, valid_to=NOW), NOW))["True"] == "22 Nov 2026 to 22 Nov 2026"


def test_the_person_is_called_you() -> None:
    assert (words.subject("the user"), words.subject("Lea")) == ("You", "Lea")
    assert (words.whose(words.YOU), words.whose("Bakery")) == ("you", "the project Bakery")
    assert (words.forget(0), words.forget(2)) == ("", "Forget 2 memories from it")


def test_a_sentence_without_facts_is_the_heading_of_the_next_ones() -> None:
    found = groups([Sentence("People"), Sentence("Lea is a sister.", ("a", "b")), Sentence("Plans")])
    assert [(group["heading"], len(group["sentences"])) for group in found] == [("People", 1), ("Plans", 0)]
    assert groups([Sentence("You like tea.", ("a",))])[0]["heading"] == ""
