"""The scheduler process, in a thread: it rings in time, hears of changes, and two of them start nothing twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from bson import ObjectId

from hub.db.mongo import collection, now
from hub.db.who import OWNER
from hub.schedules import manage
from hub.schedules.clock import Clock
from tests.schedules.conftest import made, rows

PATIENCE = 20.0


def until(so: Callable[[], Any]) -> None:
    end = time.monotonic() + PATIENCE
    while not so():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.05)


@pytest.fixture
def clocks(model: str, queued: list[dict[str, Any]]) -> Iterator[list[Clock]]:
    """Two schedulers on the same store."""
    running = [Clock(), Clock()]
    threads = [threading.Thread(target=one.run, daemon=True) for one in running]
    for thread in threads:
        thread.start()
    yield running
    for one in running:
        one.stop()
    for thread in threads:
        thread.join(5)
    assert not any(thread.is_alive() for thread in threads)


def soon(schedule: Any, seconds: float) -> None:
    """As if the schedule had been changed to be due in a moment."""
    moment = now()
    changes = {
        "next_at": moment + timedelta(seconds=seconds),
        "after": moment - timedelta(days=1),
        "changed_at": moment,
    }
    collection("schedules").update_one({"_id": ObjectId(schedule.id)}, {"$set": changes})


def test_what_is_changed_rings_once_though_two_are_up(
    model: str, clocks: list[Clock], queued: list[dict[str, Any]]
) -> None:
    one = made(model, when={"kind": "repeat", "zone": "UTC", "crons": ["*/1 * * * *"]})
    soon(one, 3)
    until(lambda: queued)
    until(lambda: (manage.find(OWNER, one.id).next_at or now()) > now())
    time.sleep(0.5)  # the other one has rung by now, too
    started = [row for row in rows(one) if row["status"] == "queued"]
    assert len(started) == len(queued) == 1


def test_a_paused_one_does_not_ring(model: str, clocks: list[Clock], queued: list[dict[str, Any]]) -> None:
    paused, other = made(model, name="Paused"), made(model, name="Other")
    soon(paused, 4)
    soon(other, 5)
    manage.pause(OWNER, paused.id)
    until(lambda: queued)
    assert rows(paused) == [] and rows(other)
