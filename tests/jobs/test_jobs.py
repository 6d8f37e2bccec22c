"""Background jobs on a real queue."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from hub.db import postgres as store
from hub.db.migrations import postgres as migrations
from hub.db.processes import free_port
from hub.errors import StoreDown
from hub.jobs import defer, periodic, task, tasks, worker
from tests.conftest import Configure


@pytest.fixture(autouse=True)
def _own_tasks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(tasks, "REGISTERED", {})
    monkeypatch.setattr(worker, "REGISTERED", tasks.REGISTERED)
    yield


@pytest.fixture
def queue(postgres: str) -> str:
    migrations.apply()
    return postgres


def work_off(url: str, also: Callable[[Any], Awaitable[None]] | None = None) -> None:
    """Runs a worker until nothing is left to do."""

    async def run() -> None:
        async with worker.build(url).open_async() as app:
            if also:
                await also(app)
            await app.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)

    asyncio.run(run())


def statuses() -> list[tuple[Any, ...]]:
    with store.connection() as connection:
        rows = connection.execute("SELECT task_name, status::text, attempts FROM procrastinate_jobs ORDER BY id")
        return [row for row in rows.fetchall() if not str(row[0]).startswith("jobs.")]


def test_a_job_runs_with_its_arguments_plain_or_async(queue: str) -> None:
    seen: list[str] = []

    @task("test.plain")
    def plain(*, word: str) -> None:
        seen.append(word)

    @task("test.async")
    async def in_loop(*, word: str) -> None:
        seen.append(word)

    assert isinstance(defer("test.plain", word="a"), int)
    defer("test.async", word="b")
    work_off(queue)
    assert sorted(seen) == ["a", "b"]


def test_once_queues_one_job_while_it_waits(queue: str) -> None:
    assert defer("test.any", once="title 1") is not None
    assert defer("test.any", once="title 1") is None
    assert defer("test.any", once="title 2") is not None


def test_a_job_that_fails_is_tried_again_later(queue: str) -> None:
    @task("test.fails", attempts=2)
    def fails() -> None:
        raise ValueError("no")

    defer("test.fails")
    work_off(queue)
    assert statuses() == [("test.fails", "todo", 1)]
    with store.connection() as connection:
        connection.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL")
    work_off(queue)
    assert statuses() == [("test.fails", "failed", 2)]


def test_what_a_dead_worker_did_starts_again_but_not_for_ever(queue: str) -> None:
    for expected in ["todo", "todo", "failed"]:
        if not statuses():
            defer("test.deadly")
        with store.connection() as connection:
            connection.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL")

        async def retry() -> None:
            async with worker.build(queue).open_async() as app:
                await worker.retry_stalled(app)

        asyncio.run(retry())
        assert statuses()[0][1] == expected


def test_a_job_that_starts_again_is_not_kept_out_by_another_one_that_waits(queue: str) -> None:
    """Else it would stay as running for ever, and with its lock nothing would run after it."""
    seen: list[str] = []

    @task("test.index", attempts=3)
    def index(*, word: str) -> None:
        seen.append(word)
        if len(seen) == 1:
            raise ValueError("no")

    defer("test.index", once="index", lock="index", word="killed")
    with store.connection() as connection:
        connection.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL")
    assert defer("test.index", once="index", lock="index", word="waiting") is not None
    work_off(queue, worker.retry_stalled)
    with store.connection() as connection:
        connection.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL")
    work_off(queue)
    assert seen == ["killed", "killed", "waiting"]
    assert {status for _, status, _ in statuses()} == {"succeeded"}


def test_periodic_jobs_are_known_to_the_worker(queue: str) -> None:
    @periodic("test.hourly", cron="0 * * * *")
    def hourly() -> None: ...

    app = worker.build(queue)
    assert {"test.hourly", "jobs.stalled", "jobs.tidy"} <= set(app.tasks)


def test_two_jobs_may_not_share_a_name() -> None:
    @task("test.same")
    def first() -> None: ...

    with pytest.raises(ValueError, match=r"test\.same"):

        @task("test.same")
        def second() -> None: ...


def test_a_store_that_is_away_is_said_in_words(configure: Configure) -> None:
    configure(postgres_url=f"postgresql://127.0.0.1:{free_port()}/hub", store_timeout=0.1)
    with pytest.raises(StoreDown, match="cannot be queued"):
        defer("test.any")
    store.close()
