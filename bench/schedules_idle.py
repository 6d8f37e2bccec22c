"""A scheduler process with 10,000 schedules of which none is due for hours: its memory, its CPU and the store's; then
with a hundred of them changed."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import timedelta
from typing import Any

import psutil
from bson import ObjectId

from bench.evals import cpu_of, ground, wait_until
from bench.hub import ROOT
from bench.result import Bar
from hub.settings import child_environment

SCHEDULES, CHANGED = 10_000, 100
IDLE_SECONDS, CHANGED_SECONDS = 60.0, 20.0


def measure(repeats: int) -> tuple[tuple[Bar, ...], dict[str, Any]]:
    """`repeats`: spans of a minute in one process; the worst counts."""
    with ground() as here:
        rows = _fill(f"{here.connection}/fake")
        command = [sys.executable, "-m", "hub", "scheduler"]
        with subprocess.Popen(
            command, cwd=ROOT, env=child_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as process:
            try:
                assert process.stdout is not None
                if not any(b"schedules_loaded" in line for line in process.stdout):
                    raise RuntimeError("the scheduler does not work")
                scheduler = psutil.Process(process.pid)
                wait_until(lambda: _share(scheduler, 3.0) < 0.5)  # it has settled
                idle, store = zip(*(_shares(scheduler, here.mongo, IDLE_SECONDS) for _ in range(repeats)), strict=True)
                _change(rows[:CHANGED])
                changed = _shares(scheduler, here.mongo, CHANGED_SECONDS)
                memory = scheduler.memory_info().rss / 2**20
            finally:
                process.terminate()
    return (
        Bar("memory of the scheduler", memory, "MB", 150),
        Bar("CPU of the scheduler while nothing is due", max(idle) * 100, "%", 1),
    ), {
        "CPU of the store meanwhile, %": round(max(store) * 100, 2),
        f"scheduler and store, {CHANGED} changed, %": [round(one * 100, 2) for one in changed],
    }


def _share(process: psutil.Process, seconds: float) -> float:
    return _shares(process, process, seconds)[0]


def _shares(one: psutil.Process, other: psutil.Process, seconds: float) -> tuple[float, float]:
    """Of one core, over a span."""
    before, began = (cpu_of(one), cpu_of(other)), time.perf_counter()
    time.sleep(seconds)
    took = time.perf_counter() - began
    return (cpu_of(one) - before[0]) / took, (cpu_of(other) - before[1]) / took


def _fill(model: str) -> list[ObjectId]:
    """Ten thousand copies of a schedule as it is stored, changed an hour ago and due in three."""
    from hub.db.mongo import collection, now
    from hub.db.who import OWNER
    from hub.schedules import manage
    from hub.schedules.records import Spec
    from hub.schedules.when import read

    when = read({"kind": "repeat", "zone": "UTC", "crons": ["0 9 * * *"]})
    one = manage.create(OWNER, Spec("Idle", "Say hello.", model=model, when=when))
    row = collection("schedules").find_one_and_delete({"_id": ObjectId(one.id)})
    assert row is not None
    row |= {"changed_at": now() - timedelta(hours=1), "next_at": now() + timedelta(hours=3)}
    rows = [{**row, "_id": ObjectId()} for _ in range(SCHEDULES)]
    for start in range(0, SCHEDULES, 1_000):
        collection("schedules").insert_many(rows[start : start + 1_000], ordered=False)
    return [one["_id"] for one in rows]


def _change(rows: list[ObjectId]) -> None:
    """Has schedules wait for another time, as their owner does."""
    from hub.db.mongo import now
    from hub.db.who import OWNER
    from hub.schedules import store

    for one in rows:
        store.change(OWNER, one, {"next_at": now() + timedelta(hours=4)})
