"""The stored form is checked wholly."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from hub.errors import BadInput
from hub.schedules.when import When, plain, read

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
WEEKLY = {"kind": "repeat", "zone": "UTC", "crons": ["0 9 * * 1"]}


def test_read_and_plain() -> None:
    row = {**WEEKLY, "weeks": 2, "first": "2026-12-04", "last": "2027-12-04"}
    when = When("repeat", "UTC", None, ("0 9 * * 1",), 2, 1, date(2026, 12, 4), date(2027, 12, 4))
    assert read(row) == when
    assert plain(when) == row
    once = {"kind": "once", "zone": "Europe/Berlin", "at": "2026-12-01T09:00"}
    assert plain(read(once, NOW)) == once


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({}, '"kind" must be'),
        ({"kind": "often"}, '"kind" must be'),
        ({**WEEKLY, "at": "2026-12-01T09:00"}, '"at" does not belong'),
        ({**WEEKLY, "zone": "Europe/Bärlin"}, 'The time zone "Europe/Bärlin" is not known'),
        ({**WEEKLY, "zone": "../../etc/passwd"}, "The time zone"),
        ({**WEEKLY, "zone": 1}, '"zone" must be'),
        ({**WEEKLY, "crons": []}, '"crons" must be a list'),
        ({**WEEKLY, "crons": "0 9 * * 1"}, '"crons" must be a list'),
        ({**WEEKLY, "crons": [1]}, '"crons" must be texts'),
        ({**WEEKLY, "crons": ["0 9 31 2 *"]}, '"0 9 31 2 *" never comes'),
        ({**WEEKLY, "crons": ["0 9 31 4,6 *"]}, '"0 9 31 4,6 *" never comes'),
        ({**WEEKLY, "crons": ["0 0 9 * * 1"]}, '"0 0 9 * * 1" has six fields'),
        ({**WEEKLY, "crons": ["0 9 * *"]}, '"0 9 * *" has 4 fields'),
        ({**WEEKLY, "crons": ["0 24 * * *"]}, '"0 24 * * *" is no cron expression: its hour'),
        ({**WEEKLY, "crons": ["0 9 * * 8"]}, '"0 9 * * 8" is no cron expression: its weekday'),
        ({**WEEKLY, "crons": ["0 9 * * MOO"]}, '"0 9 * * MOO" is no cron expression: its weekday'),
        ({**WEEKLY, "crons": ["0 9 0 * *"]}, '"0 9 0 * *" is no cron expression: its day of the month'),
        ({**WEEKLY, "crons": ["@often"]}, '"@often" is not known'),
        ({**WEEKLY, "weeks": 2}, '"weeks" and "days" are counted from'),
        ({**WEEKLY, "weeks": 0}, '"weeks" must be a whole number'),
        ({**WEEKLY, "weeks": True}, '"weeks" must be a whole number'),
        ({**WEEKLY, "weeks": 2, "days": 2, "first": "2026-12-01"}, 'Either "weeks" or "days"'),
        ({**WEEKLY, "first": "2026-02-31"}, '"first" is no day that there is'),
        ({**WEEKLY, "first": "2026-12-02", "last": "2026-12-01"}, "The last day is before the first"),
        ({**WEEKLY, "first": "2026-12-01", "last": "2026-12-05"}, "That never comes between"),
        ({**WEEKLY, "last": "2026-11-01"}, "The last day, 2026-11-01, is in the past"),
        ({"kind": "once", "zone": "UTC"}, '"at" is no date and time'),
        ({"kind": "once", "zone": "UTC", "at": "2026-02-31T09:00"}, '"at" is no date and time'),
        ({"kind": "once", "zone": "UTC", "at": "2026-12-01"}, '"at" is no date and time'),
        ({"kind": "once", "zone": "UTC", "at": "2026-12-01T09:00+01:00"}, '"at" is a local time'),
        ({"kind": "once", "zone": "UTC", "at": "2026-12-01T09:00:30"}, "Schedules go by the minute"),
        (
            {"kind": "once", "zone": "UTC", "at": "2026-11-23T11:59"},
            "Monday 23 November 2026 at 11:59, UTC, is in",
        ),
        ({"kind": "once", "zone": "UTC", "at": "9999-12-31T23:59"}, "The year 9999 is out of reach"),
    ],
)
def test_refused(row: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput) as refused:
        read(row, NOW)
    assert refused.value.message.startswith(said)
