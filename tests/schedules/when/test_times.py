"""The moments at which something runs."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from itertools import islice, takewhile
from zoneinfo import ZoneInfo, available_timezones

import pytest
from cronsim import CronSim
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.schedules.when import When, after, between, read, upcoming
from hub.schedules.when.cron import cron

BERLIN, NEW_YORK, LORD_HOWE, KOLKATA = "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"


def repeat(*crons: str, zone: str = BERLIN, **more: object) -> When:
    return read({"kind": "repeat", "zone": zone, "crons": list(crons), **more})


def local(when: When, begin: str, n: int) -> list[str]:
    zone = ZoneInfo(when.zone)
    return [f"{one.astimezone(zone):%a %Y-%m-%d %H:%M%z}" for one in upcoming(when, at(begin, when.zone), n)]


def at(text: str, zone: str = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("zone", "cron", "begin", "slots"),
    [
        # Worked out by hand from the rules: Berlin 02:00 to 03:00 on 28 March 2027, 03:00 to 02:00 on 31 October 2027.
        (BERLIN, "30 2 * * *", "2027-03-27", ["2027-03-27T01:30", "2027-03-28T01:00", "2027-03-29T00:30"]),
        (BERLIN, "30 2 * * *", "2027-10-30", ["2027-10-30T00:30", "2027-10-31T00:30", "2027-11-01T01:30"]),
        (BERLIN, "*/30 * * * *", "2027-03-28T01:00", ["2027-03-28T00:30", "2027-03-28T01:00", "2027-03-28T01:30"]),
        (BERLIN, "0 * * * *", "2027-10-31T01:00", ["2027-10-31T00:00", "2027-10-31T01:00", "2027-10-31T02:00"]),
        (BERLIN, "0 2,3 * * *", "2027-03-28", ["2027-03-28T01:00", "2027-03-29T00:00", "2027-03-29T01:00"]),
        # New York 02:00 to 03:00 on 14 March 2027, 02:00 to 01:00 on 7 November 2027.
        (NEW_YORK, "30 2 * * *", "2027-03-13", ["2027-03-13T07:30", "2027-03-14T07:00", "2027-03-15T06:30"]),
        (NEW_YORK, "30 1 * * *", "2027-11-06", ["2027-11-06T05:30", "2027-11-07T05:30", "2027-11-08T06:30"]),
        # Lord Howe 02:00 to 02:30 on 3 October 2027, from +10:30 to +11; 02:00 to 01:30 on 4 April 2027.
        (LORD_HOWE, "15 2 * * *", "2027-10-02", ["2027-10-01T15:45", "2027-10-02T15:30", "2027-10-03T15:15"]),
        (LORD_HOWE, "45 1 * * *", "2027-04-03", ["2027-04-02T14:45", "2027-04-03T14:45", "2027-04-04T15:15"]),
        (KOLKATA, "30 2 * * *", "2027-03-27", ["2027-03-26T21:00", "2027-03-27T21:00", "2027-03-28T21:00"]),
    ],
)
def test_when_clocks_change(zone: str, cron: str, begin: str, slots: list[str]) -> None:
    found = upcoming(repeat(cron, zone=zone), at(begin, zone), 3)
    assert [f"{one:%Y-%m-%dT%H:%M}" for one in found] == slots


def test_once_in_a_gap_runs_when_clocks_have_gone_forward_and_in_a_fold_at_the_first() -> None:
    gap = read({"kind": "once", "zone": BERLIN, "at": "2027-03-28T02:30"})
    fold = read({"kind": "once", "zone": BERLIN, "at": "2027-10-31T02:30"})
    assert after(gap, at("2027-01-01")) == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)
    assert after(fold, at("2027-01-01")) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert after(fold, datetime(2027, 10, 31, 0, 30, tzinfo=UTC)) is None


def test_leap_day_month_ends_and_weekday_numbers() -> None:
    assert local(repeat("0 9 29 2 *"), "2026-01-01", 2) == ["Tue 2028-02-29 09:00+0100", "Sun 2032-02-29 09:00+0100"]
    ends = ["Sun 2027-01-31", "Sun 2027-02-28", "Wed 2027-03-31", "Fri 2027-04-30"]
    assert [one[:14] for one in local(repeat("0 9 L * *"), "2027-01-01", 4)] == ends
    assert [one[:14] for one in local(repeat("0 9 31 * *"), "2027-01-01", 3)] == [ends[0], ends[2], "Mon 2027-05-31"]
    assert [one[:14] for one in local(repeat("0 9 LW * *"), "2027-01-01", 2)] == ["Fri 2027-01-29", "Fri 2027-02-26"]
    for number, name in enumerate(("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")):
        assert local(repeat(f"0 9 * * {number}"), "2026-11-23", 1)[0].startswith(name)
        assert local(repeat(f"0 9 * * {name.upper()}"), "2026-11-23", 1)[0].startswith(name)
    assert [one[:3] for one in local(repeat("0 9 * * FRI-MON"), "2026-11-24", 4)] == ["Fri", "Sat", "Sun", "Mon"]
    assert [one[:3] for one in local(repeat("0 9 * * 5-7"), "2026-11-24", 3)] == ["Fri", "Sat", "Sun"]
    assert local(repeat("0 9 * * MON#1"), "2026-11-24", 1) == ["Mon 2026-12-07 09:00+0100"]
    assert local(repeat("0 9 * * 5L"), "2026-11-24", 1) == ["Fri 2026-11-27 09:00+0100"]


@pytest.mark.parametrize("zone", [BERLIN, NEW_YORK, LORD_HOWE, KOLKATA, "America/Santiago", "UTC"])
@pytest.mark.parametrize(
    "text",
    ["30 2 * * *", "15,45 1-3 * * *", "0 */3 * * *", "*/20 * * * *", "10 0 * * 0", "0 9 1 * 1-5", "* 2 * * 0",
     "0 */2 L * *",
     "*/15 1-2 * * 6,0"],
)  # fmt: skip
def test_every_hour_of_a_year_as_cronsim(zone: str, text: str) -> None:
    """From each hour on the next slot is cronsim's, walked through the year from before its beginning."""
    when = repeat(text, zone=zone)
    begin = datetime(2027, 1, 1, tzinfo=ZoneInfo(zone))
    end = begin.astimezone(UTC) + timedelta(days=366)
    walked = takewhile(
        lambda one: one < end + timedelta(days=40), (one.astimezone(UTC) for one in CronSim(text, begin))
    )
    slots = sorted(set(walked))
    hour, place = begin.astimezone(UTC), 0
    while hour < end:
        while slots[place] <= hour:
            place += 1
        assert after(when, hour) == slots[place], f"after {hour}"
        hour += timedelta(hours=1)


def test_every_hour_of_a_year_by_hand() -> None:
    """Every local time of Berlin's year 2027 that a table of its two changes gives, against "45 * * * *" and "45 2"."""
    winter, summer = timedelta(hours=1), timedelta(hours=2)
    forward, back = datetime(2027, 3, 28, 1, tzinfo=UTC), datetime(2027, 10, 31, 1, tzinfo=UTC)
    moment, hourly, daily = datetime(2027, 1, 1, tzinfo=UTC), list[datetime](), list[datetime]()
    while moment < datetime(2028, 1, 1, tzinfo=UTC):
        clock = moment + (summer if forward <= moment < back else winter)
        if clock.minute == 45:
            hourly.append(moment)
        if (clock.hour, clock.minute) == (2, 45) and not (back <= moment < back + timedelta(hours=1)):
            daily.append(moment)
        if moment == forward:
            daily.append(moment)
        moment += timedelta(minutes=15)
    begin = datetime(2026, 12, 31, 23, 59, tzinfo=UTC)
    assert upcoming(repeat("45 * * * *"), begin, 8760) == hourly
    assert upcoming(repeat("45 2 * * *"), begin, 365) == daily


def test_clock_jumps_do_not_change_slots() -> None:
    """Asked from any moment, also backwards and inside of repeated hours, the next slot is the same."""
    when = repeat("30 2 * * *", "*/20 1-3 * * *", "0 3 * * *")
    begin, end = datetime(2027, 10, 29, tzinfo=UTC), datetime(2027, 11, 2, tzinfo=UTC)
    slots = between(when, begin, end, 10_000)
    assert slots == sorted(set(slots))
    moments = [begin + timedelta(minutes=minutes) for minutes in range(0, 3 * 24 * 60, 7)]
    random.Random(6).shuffle(moments)
    for moment in moments:
        assert after(when, moment) == next(one for one in slots if one > moment)


def test_several_expressions_give_each_slot_once() -> None:
    found = local(repeat("0 9 * * 1-5", "0 9 * * 5", "0 9,12 * * FRI"), "2026-11-26T10:00", 3)
    assert found == ["Fri 2026-11-27 09:00+0100", "Fri 2026-11-27 12:00+0100", "Mon 2026-11-30 09:00+0100"]


def test_every_other_week_counts_from_the_week_of_the_first_day() -> None:
    when = repeat("0 16 * * 1,5", weeks=2, first="2026-12-04")
    days = ["Fri 2026-12-04", "Mon 2026-12-14", "Fri 2026-12-18", "Mon 2026-12-28", "Fri 2027-01-01"]
    assert [one[:14] for one in local(when, "2026-11-23", 5)] == days
    assert [one[:14] for one in local(when, "2026-12-15", 3)] == days[2:]


def test_every_third_day_goes_on_over_month_ends_and_ends_with_the_last_day() -> None:
    when = repeat("0 9 * * *", days=3, first="2026-11-28", last="2026-12-07")
    days = ["Sat 2026-11-28", "Tue 2026-12-01", "Fri 2026-12-04", "Mon 2026-12-07"]
    assert [one[:14] for one in local(when, "2026-11-23", 9)] == days
    assert after(when, at("2026-12-07T09:00")) is None


def test_between_keeps_the_newest() -> None:
    when = repeat("*/15 * * * *")
    begin, end = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert between(when, begin, end, 2) == [datetime(2026, 11, 23, 11, 45, tzinfo=UTC), end]
    assert len(between(when, begin, end, 10**6)) == 22 * 96 + 48
    assert between(repeat("0 9 29 2 *"), datetime(2020, 1, 1, tzinfo=UTC), end, 5)[-1].year == 2024
    assert between(when, end, begin, 5) == []


def test_wildcards_and_lists_mean_the_same_in_hours_in_which_no_clock_changes() -> None:
    """What the one spelling of expressions rests on, for all zones and ten years."""
    for zone in sorted(available_timezones()):
        place = ZoneInfo(zone)
        day = datetime(2026, 1, 1, tzinfo=UTC)
        while day < datetime(2036, 1, 1, tzinfo=UTC):
            before, now = (one.astimezone(place).utcoffset() for one in (day, day + timedelta(days=7)))
            if before != now:
                for minutes in range(0, 7 * 24 * 60, 30):
                    moment = day + timedelta(minutes=minutes)
                    first, then = (one.astimezone(place) for one in (moment, moment + timedelta(minutes=30)))
                    if first.utcoffset() != then.utcoffset():
                        assert not {first.hour, then.hour} & set(range(5, 21)), f"{zone} {then}"
            day += timedelta(days=7)


FIELDS = st.tuples(
    st.sampled_from(["0", "30", "*/15", "5,50", "*", "0-59/20"]),
    st.sampled_from(["9", "*", "*/2", "0-3", "2", "8-18", "1,2,3,23"]),
    st.sampled_from(["*", "1", "L", "13", "*/2", "1,15", "29-31", "LW"]),
    st.sampled_from(["*", "3", "10,11", "1-6"]),
    st.sampled_from(["*", "1-5", "0", "7", "5L", "MON#1", "SAT,SUN", "*/2"]),
).map(" ".join)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(FIELDS, st.sampled_from([BERLIN, NEW_YORK, "Africa/Cairo"]), st.integers(0, 366 * 24 * 60))
def test_one_spelling_means_what_was_written(text: str, zone: str, minutes: int) -> None:
    when = repeat(text, zone=zone)
    begin = datetime(2027, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    walk = (one.astimezone(UTC) for one in CronSim(text, (begin - timedelta(days=3)).astimezone(ZoneInfo(zone))))
    near = takewhile(lambda one: one < begin + timedelta(days=20 * 366), walk)  # cronsim fails at the year 10,000
    slots = sorted({one for one in islice(near, 4400) if one > begin})[:5]
    if len(slots) == 5:
        assert upcoming(when, begin, 5) == slots
    assert read({"kind": "repeat", "zone": zone, "crons": list(when.crons)}) == when
    assert all(cron(one).text == one for one in when.crons)


def test_first_day_alone() -> None:
    assert local(repeat("0 9 * * *", first="2027-01-10"), "2026-11-23", 1) == ["Sun 2027-01-10 09:00+0100"]
    assert repeat("0 9 * * *", first="2027-01-10").first == date(2027, 1, 10)
