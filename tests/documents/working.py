"""A real worker in a process of its own, that a test may kill."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

from hub.cli.programs import ROOT
from hub.db import postgres
from hub.settings import settings

PATIENCE = 90.0


@contextmanager
def worker(**more: object) -> Generator[subprocess.Popen[bytes]]:
    """`hub worker` on the stores of this test; killed at the end, if it still lives."""
    now = settings()
    values = {"data": now.data, "mongo_url": now.mongo_url, "mongo_database": now.mongo_database, **more}
    values |= {"postgres_url": now.postgres_url, "store_timeout": 1}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "hub", "worker"],
        cwd=ROOT,
        env=kept | {f"HUB_{name.upper()}": str(value) for name, value in values.items()},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(condition: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    """Waits for a condition, and fails with `what` when it does not come."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"It did not come: {what}")
        time.sleep(0.02)


def free_stalled() -> None:
    """What the worker's own clock does twenty seconds after a death: the dead worker's jobs may be taken again."""
    with postgres.connection() as database:
        database.execute("UPDATE procrastinate_jobs SET status = 'todo', worker_id = NULL WHERE status = 'doing'")
