"""Memory of a worker over a run of 10,000 cells: how much more than idle, and whether it grows."""

from __future__ import annotations

import threading
from typing import Any

import psutil

from bench.evals import ground
from bench.result import Bar

ROWS, MODELS = 2500, 4
EVERY = 0.25


def measure(repeats: int) -> tuple[tuple[Bar, ...], dict[str, Any]]:
    """Idle is after a first small run, with everything loaded. Growth is from the second quarter of the run to the last
    one, by the mean of each."""
    peak = growth = 0.0
    with ground("--gap-ms", "0", "--tokens", "20") as here:
        here.work(here.plan(1, "fake"))
        for _ in range(repeats):
            run_id = here.plan(ROWS, *(f"fake?{number}" for number in range(MODELS)))
            idle = _resident()
            seen = _watched(lambda run_id=run_id: here.work(run_id))
            quarter = max(1, len(seen) // 4)
            early, late = seen[quarter : 2 * quarter] or seen, seen[-quarter:]
            peak = max(peak, max(seen) - idle)
            growth = max(growth, sum(late) / len(late) - sum(early) / len(early))
    return (
        Bar("memory over idle", peak, "MB", 300),
        Bar("growth over the run", growth, "MB", 30),
    ), {"cells": ROWS * MODELS, "cells a second": round(ROWS * MODELS / here.seconds)}


def _resident() -> float:
    return psutil.Process().memory_info().rss / 1e6


def _watched(work: Any) -> list[float]:
    seen: list[float] = []
    over = threading.Event()

    def watch() -> None:
        while not over.wait(EVERY):
            seen.append(_resident())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        work()
    finally:
        over.set()
        watcher.join()
    return seen
