"""`python -m tests.jobs.working [QUEUES]`: a real worker with tasks of its own, which say in Mongo what they do."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress

from hub import jobs
from hub.cli.programs import ROOT
from hub.db.mongo import collection, now
from hub.jobs import task, worker
from hub.settings import settings

PATIENCE = 60.0


def say(word: str, what: str) -> None:
    """Notes that `what` happened in the job with `word`."""
    found = jobs.running()
    assert found is not None
    collection("said").insert_one(
        {"word": word, "what": what, "pid": os.getpid(), "job": found.job, "token": found.token, "at": now()}
    )


def said(word: str, what: str) -> list[dict[str, object]]:
    """What was noted, oldest first."""
    return list(collection("said").find({"word": word, "what": what}).sort("token"))


def wait_for_end(word: str) -> None:
    """Waits until a test says that the job may go on."""
    end = time.monotonic() + PATIENCE
    while collection("goes_on").count_documents({"_id": word}) == 0 and time.monotonic() < end:
        time.sleep(0.02)


@task("test.note")
def note(*, word: str) -> None:
    """Says that it ran."""
    say(word, "ran")


@task("test.checked")
def checked(*, word: str) -> None:
    """Waits for a test, asks whether the job is its own still, and has its one effect."""
    say(word, "began")
    wait_for_end(word)
    jobs.still_mine()
    say(word, "effect")


@task("test.asks")
def asks(*, word: str) -> None:
    """Goes on until it is cancelled."""
    say(word, "began")
    while not jobs.cancelled():
        time.sleep(0.02)
    say(word, "cancelled")
    jobs.still_mine()


@task("test.stubborn")
def stubborn(*, word: str) -> None:
    """Goes on, whatever anybody says."""
    say(word, "began")
    wait_for_end(word)


@task("test.waits", queue="agents")
async def waits(*, word: str) -> None:
    """Waits as an agent does, until it is cancelled or may go on."""
    say(word, "began")
    try:
        while collection("goes_on").count_documents({"_id": word}) == 0:
            await asyncio.sleep(0.02)
    except asyncio.CancelledError:
        say(word, "broken off")
        raise
    say(word, "effect")


@contextmanager
def worker_process(queues: str = "", **more: object) -> Generator[subprocess.Popen[bytes]]:
    """A worker on the stores of this test; killed at the end, if it still lives."""
    given = settings()
    values = {"data": given.data, "mongo_url": given.mongo_url, "mongo_database": given.mongo_database, **more}
    values |= {"postgres_url": given.postgres_url}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.jobs.working", queues],
        cwd=ROOT,
        env=kept | {f"HUB_{name.upper()}": str(value) for name, value in values.items()},
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        process.wait()


if __name__ == "__main__":
    from hub import log

    log.set_up("worker")
    asyncio.run(worker.run(worker.chosen(sys.argv[1] if len(sys.argv) > 1 else "")))
