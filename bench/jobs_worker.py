"""The worker of `bench.job_start`: it says on its output when a job has begun."""

from __future__ import annotations

import asyncio
import sys
import time

from hub import log
from hub.jobs import task, worker


@task("bench.plain")
def plain() -> None:
    """Says when it began."""
    _say()


@task("bench.async", queue="agents")
async def waits() -> None:
    """Says when it began."""
    _say()


def _say() -> None:
    sys.stdout.write(f"{time.time_ns()}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    log.set_up("worker", quiet=True)
    asyncio.run(worker.run())
