"""Real worker processes that are killed, paused, asked to end and told to cancel."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from hub.db import postgres as store
from hub.db.migrations import postgres as migrations
from hub.db.mongo import collection
from hub.jobs import cancel, defer
from tests.jobs.working import PATIENCE, said, worker_process


@pytest.fixture
def queue(mongo: str, postgres: str) -> str:
    migrations.apply()
    return postgres


def until(condition: Callable[[], object], what: str, seconds: float = PATIENCE) -> float:
    """Waits for a condition; the seconds that it took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() < began + seconds, f"It did not come: {what}"
        time.sleep(0.01)
    return time.monotonic() - began


def rows(statement: str, *values: object) -> list[Any]:
    with store.connection() as database:
        return database.execute(store.sql(statement), values).fetchall()


def state(job: int | None) -> tuple[str, int] | None:
    """The status of a job and the attempts that it had; None when it is done."""
    found = rows("SELECT status::text, attempts FROM procrastinate_jobs WHERE id = %s", job)
    return found[0] if found else None


def go_on(word: str) -> None:
    collection("goes_on").insert_one({"_id": word})


def silent_for_long() -> None:
    """As if all workers had been silent for an hour; those that live say at once that they do."""
    rows("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour' RETURNING id")


def test_a_killed_workers_job_starts_again_elsewhere(queue: str) -> None:
    job = defer("test.checked", word="a")
    with worker_process() as first:
        until(lambda: said("a", "began"), "the first start")
        first.send_signal(signal.SIGKILL)
        first.wait()
        silent_for_long()
        with worker_process():
            until(lambda: len(said("a", "began")) == 2, "the second start")
            go_on("a")
            until(lambda: state(job) is None, "the end")
    one, two = said("a", "began")
    assert one["job"] == two["job"] == job
    assert one["token"] < two["token"]  # pyright: ignore[reportOperatorIssue]
    assert len(said("a", "effect")) == 1


def test_a_paused_worker_that_wakes_up_has_no_effect(queue: str) -> None:
    job = defer("test.checked", word="a")
    with worker_process() as paused:
        until(lambda: said("a", "began"), "the first start")
        paused.send_signal(signal.SIGSTOP)
        silent_for_long()
        with worker_process():
            until(lambda: len(said("a", "began")) == 2, "the second start")
            go_on("a")
            paused.send_signal(signal.SIGCONT)
            until(lambda: state(job) is None, "the end")
            later = defer("test.note", word="later")
            until(lambda: state(later) is None, "the next job")
            defer("test.note", word="last")
            until(lambda: len(rows("SELECT FROM jobs.workers")) == 2, "both live")
        until(lambda: said("last", "ran"), "the one that was paused works on")
        [effect] = said("a", "effect")
        assert effect["pid"] != paused.pid


def test_a_worker_that_ends_finishes_what_is_soon_done(queue: str) -> None:
    job = defer("test.checked", word="a")
    with worker_process(shutdown_seconds=30) as process:
        until(lambda: said("a", "began"), "the start")
        process.send_signal(signal.SIGTERM)
        go_on("a")
        assert process.wait(20) == 0
    assert state(job) is None
    assert len(said("a", "effect")) == 1
    assert rows("SELECT FROM jobs.workers") == rows("SELECT FROM procrastinate_workers") == []


@pytest.mark.parametrize("name", ["test.stubborn", "test.waits"])
def test_what_takes_longer_is_given_back_at_once(queue: str, name: str) -> None:
    job = defer(name, queue="agents" if name == "test.waits" else "followups", word="a")
    with worker_process(shutdown_seconds=1) as process, worker_process("eval") as _:
        until(lambda: said("a", "began"), "the start")
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert time.monotonic() - began < 6
        assert state(job) == ("todo", 0)
        assert len(said("a", "broken off")) == (name == "test.waits")
        with worker_process():
            until(lambda: len(said("a", "began")) == 2, "the second start", 10)
            go_on("a")
            until(lambda: state(job) is None, "the end")


@pytest.mark.parametrize(("name", "queue_name"), [("test.asks", "followups"), ("test.waits", "agents")])
def test_a_running_job_hears_that_it_is_cancelled(queue: str, name: str, queue_name: Any) -> None:
    job = defer(name, queue=queue_name, word="a")
    assert job is not None
    with worker_process() as process:
        until(lambda: said("a", "began"), "the start")
        assert cancel(job)
        took = until(lambda: state(job) == ("aborted", 1), "the end")
        assert took < 3
        assert said("a", "cancelled" if name == "test.asks" else "broken off")
        assert not cancel(job)
        assert process.poll() is None


def test_a_waiting_job_is_cancelled_before_it_starts(queue: str) -> None:
    job = defer("test.note", word="a")
    assert job is not None
    assert cancel(job)
    assert state(job) == ("cancelled", 0)
    assert not cancel(job)


def test_a_worker_serves_the_queues_that_it_is_told(queue: str) -> None:
    other = defer("test.note", word="a")
    job = defer("test.waits", queue="agents", word="b")
    with worker_process("agents,eval"):
        until(lambda: said("b", "began"), "the start")
        until(lambda: rows("SELECT queues FROM jobs.workers") == [(["agents", "eval"],)], "it is known")
        go_on("b")
        until(lambda: state(job) is None, "the end")
        assert state(other) == ("todo", 0)
        with worker_process("followups"):
            until(lambda: state(other) is None, "the other one")


def test_a_wrong_queue_is_said() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hub", "worker", "--queues", "agnts"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "There is no queue agnts." in done.stderr
