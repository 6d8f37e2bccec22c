"""What is typed into a search field, taken apart."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.library.days import span
from hub.library.query import OPERATORS, Query, parse

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=ZoneInfo("Europe/Paris"))  # a Sunday


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NOW.tzinfo)


def test_words_and_phrases() -> None:
    query = parse('tide  tables "high water" now', NOW)
    assert query == Query("tide tables high water now", ("high water",))
    assert parse("“high water”", NOW).phrases == ("high water",)
    assert parse("", NOW).empty and parse("  ", NOW).empty and parse('"', NOW).empty
    assert parse("-draft boat", NOW) == Query("boat", without=("draft",))
    assert parse('boat -"first draft"', NOW).without == ("first draft",)


def test_operators() -> None:
    query = parse('plan model:gpt-4o model:"Claude Opus" from:me has:file has:image in:"The boat" in:house', NOW)
    assert query == Query(
        "plan",
        models=("gpt-4o", "Claude Opus"),
        projects=("The boat", "house"),
        role="user",
        has=frozenset({"files", "images"}),
    )
    assert parse("FROM:Model x", NOW).role == "assistant"
    assert parse("from:me", NOW).of_messages and not parse("in:x", NOW).of_messages
    assert not parse("in:x", NOW).empty


@pytest.mark.parametrize("text", ["http://example.com/a?b=c", "12:30", "c++", "to:anna", "note: buy", "a-b", "e-mail"])
def test_what_is_no_operator_is_looked_for(text: str) -> None:
    query = parse(text, NOW)
    assert query.words == text and not query.problems


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("model: x", "“model:” needs something after it"),
        ("after:soon", "“soon” is no day that “after:” knows"),
        ("on:2026-02-30", "“2026-02-30” is no day"),
        ("has:gold", "“has:gold” is not known; there are has:file and has:image"),
        ("from:anna", "“from:anna” is not known; there are from:me and from:model"),
        ("-model:gpt", "“-model:” cannot be turned round"),
    ],
)
def test_a_mistake_gets_a_sentence_and_the_rest_is_looked_for(text: str, words: str) -> None:
    query = parse(f"boat {text}", NOW)
    assert words in " ".join(query.problems)
    assert query.words.startswith("boat") and query.since is None and query.role is None


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("on:2026-03-05", "2026-03-05", "2026-03-06"),
        ("on:2026-03", "2026-03-01", "2026-04-01"),
        ("on:2025", "2025-01-01", "2026-01-01"),
        ("on:2025-12", "2025-12-01", "2026-01-01"),
        ("on:today", "2026-11-22", "2026-11-23"),
        ("on:Yesterday", "2026-11-21", "2026-11-22"),
        ('on:"last week"', "2026-11-09", "2026-11-16"),
        ("on:last week", "2026-11-09", "2026-11-16"),
        ("on:last-week", "2026-11-09", "2026-11-16"),
        ("on:this week", "2026-11-16", "2026-11-23"),
        ("on:last month", "2026-10-01", "2026-11-01"),
        ("on:last year", "2025-01-01", "2026-01-01"),
        ("on:march", "2026-03-01", "2026-04-01"),
        ("on:december", "2025-12-01", "2026-01-01"),
        ("on:mar 2024", "2024-03-01", "2024-04-01"),
        ('on:"March 2024"', "2024-03-01", "2024-04-01"),
        ("on:friday", "2026-11-20", "2026-11-21"),
        ('on:"3 days ago"', "2026-11-19", "2026-11-20"),
        ("on:2w", "2026-11-08", "2026-11-09"),
    ],
)
def test_days_in_words(text: str, since: str, until: str) -> None:
    query = parse(f"boat {text} plan", NOW)
    assert (query.words, query.problems) == ("boat plan", ())
    assert (query.since, query.until) == (day(since), day(until))


def test_after_is_from_its_day_on_and_before_ends_ahead_of_it() -> None:
    query = parse("after:2026-03-05 before:april x", NOW)
    assert (query.since, query.until) == (day("2026-03-05"), day("2026-04-01"))
    assert parse("after:last week x", NOW).since == day("2026-11-09")
    narrower = parse("on:2026 after:march before:2026-06-01", NOW)
    assert (narrower.since, narrower.until) == (day("2026-03-01"), day("2026-06-01"))


def test_a_word_after_a_day_stays_a_word() -> None:
    assert parse("on:march 15 boats", NOW).words == "15 boats"
    assert parse("after:yesterday 2026", NOW).words == "2026"
    assert parse("after:last boats", NOW).problems


values = st.text(st.characters(exclude_characters='"“”„«»', exclude_categories=("C", "Z")), min_size=1, max_size=12)


@given(st.text(max_size=300))
def test_nothing_that_is_typed_breaks_it(text: str) -> None:
    query = parse(text, NOW)
    assert len(query.words) <= 500
    assert all(problem.endswith((".", "march.")) for problem in query.problems)


@given(st.lists(st.text(st.characters(categories=("Ll", "Lu")), min_size=1, max_size=12), max_size=8))
def test_plain_words_come_out_as_they_went_in(words: list[str]) -> None:
    assert parse(" ".join(words), NOW) == Query(" ".join(words))


@given(st.sampled_from(["model", "in"]), values, st.lists(st.sampled_from(["boat", "plan"]), max_size=3))
def test_a_value_in_quotes_is_kept_whole(name: str, value: str, words: list[str]) -> None:
    query = parse(" ".join([*words, f'{name}:"{value} {value}"']), NOW)
    assert query.words == " ".join(words)
    assert (query.models or query.projects) == (f"{value} {value}",)


@given(st.dates(min_value=datetime(1971, 1, 1).date(), max_value=datetime(2100, 1, 1).date()))
def test_every_iso_day_is_a_day(date: object) -> None:
    found = span(str(date), NOW)
    assert found is not None and found.start.date() == date
    assert (
        timedelta(hours=22)
        < found.end.timestamp() * timedelta(seconds=1) - found.start.timestamp() * timedelta(seconds=1)
        < timedelta(hours=26)
    )


@given(st.text(max_size=20))
def test_what_is_no_day_is_none(text: str) -> None:
    found = span(text, NOW)
    assert found is None or found.start < found.end


def test_every_operator_is_known_to_the_parser() -> None:
    for name in OPERATORS:
        assert parse(f"{name}:zzz", NOW).words == ""
