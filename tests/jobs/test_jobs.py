"""Background jobs on a real queue."""

from __future__ import annotations

import ast
import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from importlib import import_module, reload
from pathlib import Path
from typing import Any

import pytest
from procrastinate.jobs import Status

import hub
from hub.cli.worker import TASKS
from hub.db import postgres as store
from hub.db.migrations import postgres as migrations
from hub.db.processes import free_port
from hub.errors import BadInput, StoreDown
from hub.jobs import defer, defer_many, periodic, task, tasks, worker
from hub.jobs.queue import Item
from tests.conftest import Configure


@pytest.fixture(autouse=True)
def _own_tasks() -> Iterator[None]:
    before = dict(tasks.REGISTERED)
    tasks.REGISTERED.clear()
    yield
    tasks.REGISTERED.clear()
    tasks.REGISTERED.update(before)


@pytest.fixture
def queue(postgres: str) -> str:
    migrations.apply()
    return postgres


def work_off(url: str, also: Callable[[Any], Awaitable[None]] | None = None) -> None:
    """Runs a worker until nothing is left to do."""

    async def run() -> None:
        app = worker.build(url)
        async with app.open_async():
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


def test_a_thousand_jobs_at_once(queue: str) -> None:
    items = [Item({"n": n}, once=f"slot {n // 2}", lock=f"home {n % 10}", priority=n % 3) for n in range(1000)]
    first = defer_many("test.any", items)
    assert [one is not None for one in first] == [n % 2 == 0 for n in range(1000)]
    assert defer_many("test.any", items[:4]) == [None] * 4
    with store.connection() as connection:
        found = connection.execute(
            "SELECT id, args, lock, priority, queue_name FROM procrastinate_jobs ORDER BY id"
        ).fetchall()
    wanted = [(first[n], {"n": n}, f"home {n % 10}", n % 3, "followups") for n in range(0, 1000, 2)]
    assert found == wanted


def test_the_more_urgent_job_goes_first(queue: str) -> None:
    seen: list[str] = []

    @task("test.plain")
    def plain(*, word: str) -> None:
        seen.append(word)

    for priority, word in enumerate(["last", "then", "first"]):
        defer("test.plain", priority=priority, word=word)
    work_off(queue)
    assert seen == ["first", "then", "last"]


def test_a_job_goes_where_its_task_says(queue: str) -> None:
    @task("test.agent", queue="agents")
    async def agent() -> None: ...

    defer("test.agent")
    with store.connection() as connection:
        assert connection.execute("SELECT queue_name FROM procrastinate_jobs").fetchall() == [("agents",)]


def test_every_job_is_queued_where_its_task_belongs() -> None:
    """Who queues a job often has not loaded the module of its task, and then says itself where it goes."""
    for name in TASKS:
        reload(import_module(name))
    wrong: list[str] = []
    for file in Path(hub.__file__).parent.rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text())):
            if not isinstance(call, ast.Call) or ast.unparse(call.func).split(".")[-1] not in {"defer", "defer_many"}:
                continue
            if not call.args or not isinstance(call.args[0], ast.Constant):
                continue
            name = str(call.args[0].value)
            said = {one.arg: ast.literal_eval(one.value) for one in call.keywords if one.arg == "queue"}
            known = tasks.REGISTERED[name]
            if said.get("queue", "followups") != known.queue:
                wrong.append(f"{file.name}:{call.lineno} {known.name}")
    assert wrong == []


def test_why_a_job_failed_is_kept_without_what_it_was_given(queue: str) -> None:
    @task("test.fails", attempts=1)
    def fails(*, word: str) -> None:
        try:
            raise KeyError(f"canary {word}")
        except KeyError as error:
            raise ValueError(f"canary {word}") from error

    @task("test.says", attempts=1)
    def says() -> None:
        raise BadInput("The page does not answer. Key sk-abcdefgh12345678.")

    job, other = defer("test.fails", word="canary"), defer("test.says")
    work_off(queue)
    with store.connection() as connection:
        found = connection.execute("SELECT job, attempt, kind, message, frames FROM jobs.failures ORDER BY job")
        [one, two] = found.fetchall()
    assert one[:4] == (job, 1, "ValueError", "")
    assert two[:4] == (other, 1, "hub.errors.BadInput", "The page does not answer. Key [hidden].")
    assert "canary" not in one[4]
    place = r"tests/jobs/test_jobs.py:\d+ in fails\n"
    assert re.fullmatch(f"{place}KeyError\n\nand from that:\n\n{place}ValueError", one[4])


def test_who_comes_late_ends_nothing(queue: str) -> None:
    """A worker that wakes up when another has taken its job neither ends the other's start nor has a third begin."""
    defer("test.any")

    async def late() -> None:
        app = worker.build(queue)
        async with app.open_async():
            manager = app.manager
            first, second = [await manager.register_worker() for _ in range(2)]
            old = await manager.fetch_job(queues=None, worker_id=first)
            assert old is not None and await manager.token(old) is not None
            assert await manager.give_back([first]) == 1
            new = await manager.fetch_job(queues=None, worker_id=second)
            assert new is not None and new.id == old.id
            assert await manager.token(old) is None
            await manager.finish_job(old, Status.SUCCEEDED, delete_job=True)
            await manager.retry_job(old)
            assert statuses() == [("test.any", "doing", 0)]
            await manager.finish_job(new, Status.SUCCEEDED, delete_job=False)

    asyncio.run(late())
    assert statuses() == [("test.any", "succeeded", 1)]


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
            app = worker.build(queue)
            async with app.open_async():
                await app.manager.start_stalled()

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
    work_off(queue, lambda app: app.manager.start_stalled())
    with store.connection() as connection:
        connection.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL")
    work_off(queue)
    assert seen == ["killed", "killed", "waiting"]
    assert {status for _, status, _ in statuses()} == {"succeeded"}


def test_periodic_jobs_are_known_to_the_worker(queue: str) -> None:
    @periodic("test.hourly", cron="0 * * * *")
    def hourly() -> None: ...

    app: Any = worker.build(queue)
    assert {"test.hourly", "jobs.tidy"} <= set(app.tasks)


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
