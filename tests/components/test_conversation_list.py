from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from components.conversation_list import Row, by_date

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


def row(name: str, ago: timedelta, *, pinned: bool = False) -> Row:
    return Row(name, name, NOW - ago, pinned)


def headings(*rows: Row, now: datetime = NOW) -> dict[str, list[str]]:
    return {title: [one.id for one in members] for title, members in by_date(rows, now)}


def test_rows_stand_under_their_date_and_empty_groups_are_left_out() -> None:
    found = headings(
        row("now", timedelta(0)),
        row("yesterday", timedelta(hours=12)),
        row("week", timedelta(days=4)),
        row("month", timedelta(days=20)),
        row("january", timedelta(days=45)),
        row("last year", timedelta(days=100)),
    )
    assert list(found) == ["Today", "Yesterday", "Previous 7 days", "Previous 30 days", "January", "November 2025"]
    assert list(headings(row("now", timedelta(0)))) == ["Today"]


def test_pinned_come_first_whatever_their_age() -> None:
    found = headings(row("new", timedelta(0)), row("old", timedelta(days=300), pinned=True))
    assert list(found.items()) == [("Pinned", ["old"]), ("Today", ["new"])]


def test_days_end_where_the_viewer_is() -> None:
    late = row("late", timedelta(hours=10))  # 23:00 UTC on the ninth
    assert list(headings(late)) == ["Yesterday"]
    assert list(headings(late, now=NOW.astimezone(ZoneInfo("Asia/Tokyo")))) == ["Today"]


def test_a_clock_that_is_behind_does_not_lose_a_row() -> None:
    assert list(headings(row("ahead", timedelta(hours=-20)))) == ["Today"]
