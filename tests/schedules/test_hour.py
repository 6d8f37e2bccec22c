"""Two schedulers for an hour of simulated time, in the night in which Berlin's clocks go forward: against what cronsim
says, one of them dies in between, and the machine's clock jumps forwards and back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from bson import ObjectId
from cronsim import CronSim

from hub.db.mongo import now
from hub.schedules import fire, store
from hub.schedules.records import Policy, Schedule
from tests.schedules.conftest import at, made, rows, since

START, END = at("2027-03-28T00:30"), at("2027-03-28T01:30")
CRONS = [
    "* * * * *", "*/2 * * * *", "*/5 * * * *", "*/15 * * * *", "7 * * * *", "0 * * * *", "30 2 * * *", "15 3 * * *",
    "0 2,3 * * 0", "50 1 28 3 *", "1 */2 * * *", "45 0 * * 1-5",
]  # fmt: skip
ZONES = ["UTC", "Europe/Berlin", "Asia/Kolkata"]


class Scheduler:
    """What a clock does with its alarms: it fires those whose time has come and waits for what it is told."""

    def __init__(self) -> None:
        self._waits: dict[ObjectId, datetime | None] = dict(store.clocks())

    def ring(self, moment: datetime) -> None:
        due = [one for one, waits in self._waits.items() if waits and waits <= moment]
        told = fire.fire(due, moment)
        self._waits |= told | {one: store.waits_for(one) for one in due if one not in told}


class Died(Exception):
    """As a kill -9 at this place."""


def die(*_: Any, **__: Any) -> Any:
    raise Died


def minutes(first: int, last: int) -> Iterator[datetime]:
    for minute in range(first, last + 1):
        yield START + timedelta(minutes=minute)


def slots(cron: str, zone: str) -> list[str]:
    found: list[str] = []
    for one in CronSim(cron, START.astimezone(ZoneInfo(zone))):
        if one.timestamp() > END.timestamp():
            break
        found.append(fire.slot(datetime.fromtimestamp(one.timestamp(), START.tzinfo)))
    return found


def upcoming(cron: str, zone: str) -> str:
    one = next(CronSim(cron, START.astimezone(ZoneInfo(zone))))
    return datetime.fromtimestamp(one.timestamp(), START.tzinfo).strftime("%Y-%m-%dT%H:%M")


def test_an_hour_of_two_schedulers(model: str, queued: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    schedules: dict[tuple[str, str], Schedule] = {}
    for cron in CRONS:
        for zone in ZONES:
            when = {"kind": "repeat", "zone": zone, "crons": [cron]}
            one = schedules[cron, zone] = made(model, name=f"{cron} {zone}", when=when, policy=Policy(missed="all"))
            since(one, START.strftime("%Y-%m-%dT%H:%M"), upcoming(cron, zone))
    one, other = Scheduler(), Scheduler()
    with ThreadPoolExecutor(2) as pool:

        def both(first: int, last: int) -> None:
            for moment in minutes(first, last):
                list(pool.map(Scheduler.ring, (one, other), (moment, moment)))

        both(1, 14)
        with monkeypatch.context() as patch, pytest.raises(Died):
            patch.setattr(store, "move_on", die)  # stored, neither moved on nor queued
            one.ring(START + timedelta(minutes=15))
        for moment in minutes(15, 29):
            other.ring(moment)
        one = Scheduler()
        both(30, 34)
        with monkeypatch.context() as patch, pytest.raises(Died):
            patch.setattr(fire, "queue", die)  # moved on, not queued
            other.ring(START + timedelta(minutes=35))
        other = Scheduler()
        both(36, 40)
        both(47, 50)  # the clock jumps forwards,
        both(44, 60)  # and back
    assert fire.queue_left(now() + timedelta(seconds=11)) > 0
    found = {key: sorted(row["slot"] for row in rows(each)) for key, each in schedules.items()}
    assert found == {(cron, zone): slots(cron, zone) for cron, zone in schedules}
    stored = [row for each in schedules.values() for row in rows(each)]
    assert {row["status"] for row in stored} == {"queued"} and len(stored) > 300
    assert Counter(job["occurrence"] for job in queued) == Counter(str(row["_id"]) for row in stored)
