"""Which days a text names."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.memory import times

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)  # a Sunday


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("What did I do yesterday?", "2026-11-21", "2026-11-21"),
        ("what happened the day before yesterday", "2026-11-20", "2026-11-20"),
        ("Where was I last May?", "2026-05-01", "2026-05-31"),
        ("last December", "2025-12-01", "2025-12-31"),
        ("in December", "2025-12-01", "2025-12-31"),
        ("in November", "2026-11-01", "2026-11-30"),
        ("next May", "2027-05-01", "2027-05-31"),
        ("Which books did I read in 2024?", "2024-01-01", "2024-12-31"),
        ("in May 2024", "2024-05-01", "2024-05-31"),
        ("on 3 May 2024", "2024-05-03", "2024-05-03"),
        ("May 3rd, 2024", "2024-05-03", "2024-05-03"),
        ("on March 12th", "2026-03-12", "2026-03-12"),
        ("on 24 December", "2025-12-24", "2025-12-24"),
        ("2024-05-03", "2024-05-03", "2024-05-03"),
        ("3.5.2024", "2024-05-03", "2024-05-03"),
        ("three weeks ago", "2026-10-26", "2026-11-01"),
        ("2 days ago", "2026-11-20", "2026-11-20"),
        ("a year ago", "2025-01-01", "2025-12-31"),
        ("in two days", "2026-11-24", "2026-11-24"),
        ("last week", "2026-11-09", "2026-11-15"),
        ("this month", "2026-11-01", "2026-11-30"),
        ("next year", "2027-01-01", "2027-12-31"),
        ("last Monday", "2026-11-16", "2026-11-16"),
        ("on Sunday", "2026-11-15", "2026-11-15"),
        ("next Friday", "2026-11-27", "2026-11-27"),
        ("I'm cooking on Friday", "2026-11-27", "2026-11-27"),
        ("We will meet on Friday", "2026-11-27", "2026-11-27"),
        ("We met on Friday", "2026-11-20", "2026-11-20"),
        ("On Friday I'll bake a cake", "2026-11-27", "2026-11-27"),
        ("My exam is on Friday", "2026-11-27", "2026-11-27"),
        ("What do I have on Friday?", "2026-11-27", "2026-11-27"),
        ("What did I say on Friday?", "2026-11-20", "2026-11-20"),
        ("On Friday, we met her parents", "2026-11-20", "2026-11-20"),
        ("I was ill, but on Friday I will be back", "2026-11-27", "2026-11-27"),
        ("I'll be late because on Friday I worked all night", "2026-11-20", "2026-11-20"),
        ("She has moved out in December", "2025-12-01", "2025-12-31"),
        ("We are going to Rome in December", "2026-12-01", "2026-12-31"),
        ("The wedding is on 24 April", "2027-04-24", "2027-04-24"),
        ("I have lived here since May", "2026-05-01", "2026-05-31"),
        ("this Friday I am away", "2026-11-27", "2026-11-27"),
        ("Am Freitag habe ich eine Prüfung", "2026-11-27", "2026-11-27"),
        ("Am Freitag habe ich Anna getroffen", "2026-11-20", "2026-11-20"),
        ("Wir werden am Freitag umziehen", "2026-11-27", "2026-11-27"),
        ("En décembre nous irons à Nice", "2026-12-01", "2026-12-31"),
        ("En décembre j'ai vu Nice", "2025-12-01", "2025-12-31"),
        ("next weekend", "2026-11-28", "2026-11-29"),
        ("letztes Wochenende", "2026-11-14", "2026-11-15"),
        ("since Tuesday", "2026-11-17", "2026-11-17"),
        ("this evening", "2026-11-22", "2026-11-22"),
        ("last summer", "2026-06-01", "2026-08-31"),
        ("last winter", "2025-12-01", "2026-02-28"),
        ("in the summer of 2019", "2019-06-01", "2019-08-31"),
        ("in the last 3 days", "2026-11-19", "2026-11-22"),
        ("Was habe ich gestern gesagt?", "2026-11-21", "2026-11-21"),
        ("vor drei Tagen", "2026-11-19", "2026-11-19"),
        ("letzten Mai", "2026-05-01", "2026-05-31"),
        ("letzte Woche", "2026-11-09", "2026-11-15"),
        ("im Jahr 2023", "2023-01-01", "2023-12-31"),
        ("am 3. Mai 2024", "2024-05-03", "2024-05-03"),
        ("Qu'est-ce que j'ai dit hier ?", "2026-11-21", "2026-11-21"),
        ("la semaine dernière", "2026-11-09", "2026-11-15"),
        ("en mai dernier", "2026-05-01", "2026-05-31"),
        ("il y a deux jours", "2026-11-20", "2026-11-20"),
        ("l'année dernière", "2025-01-01", "2025-12-31"),
    ],
)
def test_a_time_in_words_is_days(text: str, first: str, last: str) -> None:
    assert times.spans(text, NOW) == [(date.fromisoformat(first), date.fromisoformat(last))]


@pytest.mark.parametrize(
    "text",
    [
        "May I ask you something?",
        "You may go on; it might march away",
        "version 3.5.2",
        "call me at 2024",
        "the second of three",
        "Das Haus hier ist alt",
        "2024-13-40",
        "half a year ago",
        "",
    ],
)
def test_a_text_without_a_time_names_none(text: str) -> None:
    assert times.spans(text, NOW) == []


def test_where_the_sentence_does_not_tell_both_days_are_kept() -> None:
    [friday] = times.named("Mia sings on Friday.", NOW)
    assert friday.spans == ((date(2026, 11, 20),) * 2, (date(2026, 11, 27),) * 2)
    assert times.annotated("Mia sings on Friday.", NOW) == "Mia sings on Friday [2026-11-20 or 2026-11-27]."
    assert times.absolute("Mia sings on Friday.", NOW) == "Mia sings on 2026-11-20 or 2026-11-27."
    assert times.absolute("Mia sings on Friday.", NOW, ahead=True) == "Mia sings on 2026-11-27."
    assert times.absolute("Mia sang, and was glad, on Friday.", NOW, ahead=True).endswith("on 2026-11-20.")


def test_a_relative_time_gets_its_date() -> None:
    said = "We moved in last week and yesterday the dog ran off; in 2019 it was a pup."
    assert times.annotated(said, NOW) == (
        "We moved in last week [2026-11-09 to 2026-11-15] and yesterday [2026-11-21] the dog ran off; "
        "in 2019 it was a pup."
    )
    assert times.absolute("The user's dog ran off yesterday.", NOW) == "The user's dog ran off on 2026-11-21."


def test_a_date_behind_the_words_takes_their_place() -> None:
    for said in ("The user cooks on Friday, 2026-11-27.", "The user cooks on Friday (2026-11-27)."):
        assert times.absolute(said, NOW) == "The user cooks on 2026-11-27."
    assert times.absolute("The user has a shop, 2026-11-27 is its birthday.", NOW).startswith(
        "The user has a shop, 2026"
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [("2026-05-03", ("2026-05-03", "day")), ("2026-05", ("2026-05-01", "month")), ("2026", ("2026-01-01", "year"))],
)
def test_an_iso_day_says_how_exact_it_is(text: str, found: tuple[str, str]) -> None:
    assert times.day(text) == found


def test_what_is_no_day_is_none() -> None:
    assert [times.day(text) for text in ("", "soon", "2026-02-30", "03.05.2026")] == [None] * 4


@given(st.text(max_size=200), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_no_text_breaks_it(text: str, today: date) -> None:
    for one in times.named(text, today):
        assert one.first <= one.last
        assert text[one.begin : one.end]
