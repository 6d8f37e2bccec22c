"""The scheduler process: it wakes up when a schedule is due. APScheduler is the alarm clock and no more: its job store
has no lock, so what is due, and that it was dealt with, stands in MongoDB alone (`hub.schedules.fire`).

Two schedulers wake up for the same time; the second finds it dealt with.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from apscheduler.executors.debug import DebugExecutor  # pyright: ignore[reportMissingTypeStubs]
from apscheduler.schedulers.background import BackgroundScheduler  # pyright: ignore[reportMissingTypeStubs]
from apscheduler.triggers.base import BaseTrigger  # pyright: ignore[reportMissingTypeStubs]
from bson import ObjectId

from hub.db.mongo import now
from hub.errors import StoreDown
from hub.schedules import store
from hub.schedules.fire import fire, queue_left

LOOK_SECONDS = 2.0
"""How often changed schedules are looked for."""
OVERLAP = timedelta(seconds=15)
"""A change may be written a little after the time that it bears: so far back is looked again."""
SWEEP_SECONDS = 20.0
RELOAD_SECONDS = 3_600.0
AWAY_SECONDS = 1.0
GATHER_SECONDS = 0.02
log = structlog.get_logger(__name__)


class Once(BaseTrigger):  # pyright: ignore[reportUntypedBaseClass]
    """Fires at one moment; the schedule says the next one when that was dealt with."""

    __slots__ = ("_moment",)

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def get_next_fire_time(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, previous_fire_time: datetime | None, now: datetime
    ) -> datetime | None:
        """The moment, which may lie in the past, until it has fired."""
        return self._moment if previous_fire_time is None else None


class Clock:
    """One scheduler. `beat` is called every two seconds, for whoever wants to know that it lives."""

    def __init__(self, beat: Callable[[], object] = lambda: None) -> None:
        self._scheduler: Any = BackgroundScheduler(executors={"default": DebugExecutor()}, timezone="UTC")
        self._due = set[ObjectId]()
        self._lock, self._rung, self._stop = threading.Lock(), threading.Event(), threading.Event()
        self._beat = beat

    def stop(self) -> None:
        """Ends `run`, from any thread or a signal."""
        self._stop.set()
        self._rung.set()

    def run(self) -> None:
        """Works until `stop`. A store that is away is said once and waited for."""
        logging.getLogger("apscheduler").setLevel(logging.WARNING)  # it tells of every alarm, three times
        self._scheduler.start()
        said = False
        try:
            while not self._stop.is_set():
                try:
                    self._work()
                except StoreDown as error:
                    if not said:
                        log.warning("scheduler_waits", why=error.message)
                    said = True
                    self._stop.wait(AWAY_SECONDS)
                else:
                    said = False
        finally:
            self._scheduler.shutdown(wait=False)

    def _work(self) -> None:
        """Loads every schedule, then follows the clock and the changes, until it is time to load again."""
        looked = now()
        self._load(store.clocks())
        swept = looked_at = loaded = time.monotonic()
        while not self._stop.is_set() and time.monotonic() - loaded < RELOAD_SECONDS:
            self._rung.wait(max(0.0, looked_at + LOOK_SECONDS - time.monotonic()))
            self._fire()
            if time.monotonic() - looked_at >= LOOK_SECONDS:
                before, looked, looked_at = looked, now(), time.monotonic()
                for schedule, moment in store.changed(before - OVERLAP):
                    self._set(schedule, moment)
                self._beat()
            if time.monotonic() - swept >= SWEEP_SECONDS:
                swept = time.monotonic()
                if count := queue_left(now()):
                    log.info("occurrences_queued_again", count=count)

    def _load(self, clocks: list[tuple[ObjectId, datetime]]) -> None:
        self._scheduler.remove_all_jobs()
        for schedule, moment in clocks:
            self._set(schedule, moment)
        log.info("schedules_loaded", count=len(clocks))

    def _set(self, schedule: ObjectId, moment: datetime | None) -> None:
        """Has the alarm clock ring for a schedule at a moment, or not at all."""
        name = str(schedule)
        if moment is None:
            if self._scheduler.get_job(name):
                self._scheduler.remove_job(name)
            return
        self._scheduler.add_job(
            self._ring, Once(moment), args=(schedule,), id=name, replace_existing=True, misfire_grace_time=None
        )

    def _ring(self, schedule: ObjectId) -> None:
        with self._lock:
            self._due.add(schedule)
        self._rung.set()

    def _fire(self) -> None:
        """Deals with what has rung: all that rings at the same moment together."""
        if not self._rung.is_set():
            return
        time.sleep(GATHER_SECONDS)
        self._rung.clear()
        with self._lock:
            due, self._due = self._due, set[ObjectId]()
        if not due:
            return
        try:
            waits = fire(list(due), now())
        except StoreDown:
            with self._lock:
                self._due |= due
            self._rung.set()
            raise
        for schedule, moment in waits.items():
            self._set(schedule, moment)
        for schedule in due - waits.keys():  # another scheduler was first: its change is not in `changed`
            self._set(schedule, store.waits_for(schedule))
