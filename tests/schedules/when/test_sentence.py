"""How a time is told, and what is noted about it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from hub.schedules.when import notes, parse, read, sentence

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 12, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("every weekday at 9 and 17:30", "Every weekday at 09:00 and 17:30, Berlin time"),
        ("every other friday at 4pm from 4 december", "Every other Friday at 16:00 from 4 December 2026, Berlin time"),
        ("1 december at 9", "Once, on Tuesday 1 December 2026 at 09:00, Berlin time"),
        ("0 9 * * 1-5", "Every weekday at 09:00, Berlin time"),
        ("0 9 * * 7", "Every Sunday at 09:00, Berlin time"),
        ("0 9 13 * 5", "Every Friday at 09:00, and on the 13th of every month at 09:00, Berlin time"),
        ("*/15 * * * *", "Every 15 minutes, Berlin time"),
        ("*/40 * * * *", "Every hour at minutes 0 and 40, Berlin time"),
        ("*/15 9-17 * * 1-5", "Every weekday, every 15 minutes from 09:00 to 17:45, Berlin time"),
        ("0 9 L * *", "On the last day of every month at 09:00, Berlin time"),
        ("0 9 * * 1#1,3#2", "On the first Monday of every month at 09:00, and on the second Wednesday of every month "
                            "at 09:00, Berlin time"),
        ("0 9 */2 * 1", "Every Monday that is the 1st, 3rd, 5th, 7th, 9th, 11th, 13th, 15th, 17th, 19th, 21st, 23rd, "
                        "25th, 27th, 29th and 31st of a month at 09:00 (cron 0 9 */2 * 1), Berlin time"),
        ("erster Werktag im Monat um 8", "On the first weekday of every month at 08:00, Berlin time"),
        ("yearly on 3 march at 7 UTC", "Every year on 3 March at 07:00, UTC"),
        ("daily at 9 Europe/Istanbul", "Every day at 09:00, Istanbul time"),
        ("alle 3 Tage um 9", "Every 3 days at 09:00 from 24 November 2026, Berlin time"),
        ("every quarter on the 1st at 9", "On the 1st of January, April, July and October at 09:00, Berlin time"),
    ],
)  # fmt: skip
def test_the_sentence(words: str, told: str) -> None:
    assert sentence(parse(words, "Europe/Berlin", NOW)) == told


@pytest.mark.parametrize(
    ("words", "zone", "noted"),
    [
        (
            "every day at 2:30",
            "Europe/Berlin",
            [
                "On Sunday 28 March 2027 clocks go forward at 02:00: it runs at 03:00 instead of 02:30.",
                "On Sunday 31 October 2027 clocks go back at 03:00: it runs once, at the first 02:30.",
            ],
        ),
        (
            "every 2 hours",
            "Europe/Berlin",
            [
                "On Sunday 28 March 2027 clocks go forward at 02:00: it does not run at 02:00.",
                "On Sunday 31 October 2027 clocks go back at 03:00: it runs twice at 02:00.",
            ],
        ),
        (
            "every day at 1:45",
            "Australia/Lord_Howe",
            ["On Sunday 4 April 2027 clocks go back at 02:00: it runs once, at the first 01:45."],
        ),
        ("every day at 2:30", "Asia/Kolkata", []),
        ("every day at 9", "Europe/Berlin", []),
        ("every monday at 2:30", "Europe/Berlin", []),
        ("every 15 minutes", "Europe/Berlin", []),
        ("every day at 2:30 until 1 march", "Europe/Berlin", []),
        (
            "28 march 2027 at 2:15",
            "Europe/Berlin",
            ["On Sunday 28 March 2027 clocks go forward at 02:00: there is no 02:15, it runs at 03:00."],
        ),
        (
            "31 october 2027 at 2:15",
            "Europe/Berlin",
            ["On Sunday 31 October 2027 clocks go back at 03:00: it runs at the first 02:15."],
        ),
        ("0 9 31 * *", "Europe/Berlin", ["Months without a 31st are left out."]),
        ("yearly on 29 february", "Europe/Berlin", ["29 February comes in leap years only."]),
    ],
)
def test_what_is_noted(words: str, zone: str, noted: list[str]) -> None:
    assert notes(parse(words, zone, NOW.astimezone(ZoneInfo(zone))), NOW) == noted


def test_times_that_words_cannot_say_have_a_sentence_too() -> None:
    row = {"kind": "repeat", "zone": "UTC", "crons": ["* 3 L,15 2 *"], "weeks": 3, "first": "2026-12-01"}
    assert "(cron * 3 15,L 2 *) from 1 December 2026, UTC" in sentence(read(row))
