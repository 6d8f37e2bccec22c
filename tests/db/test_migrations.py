"""Migrations run once, in order, one process at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from hub.db import postgres as store
from hub.db.indexes import Index
from hub.db.migrations import Migration
from hub.db.migrations import mongo as mongo_steps
from hub.db.migrations import postgres as postgres_steps
from hub.db.mongo import collection, now
from hub.search.vectors import NEAR

INDEXES: list[Index] = [("things", [("name", 1)], {})]


def test_steps_run_once_and_in_order(mongo: str) -> None:
    ran: list[int] = []
    steps = [Migration(2, "second", lambda: ran.append(2)), Migration(1, "first", lambda: ran.append(1))]
    assert mongo_steps.apply(INDEXES, steps) == ["first", "second"]
    assert mongo_steps.apply(INDEXES, steps) == []
    assert ran == [1, 2]


def test_a_step_that_fails_is_run_again_and_later_ones_wait(mongo: str) -> None:
    ran: list[str] = []

    def fail_once() -> None:
        ran.append("tried")
        if len(ran) == 1:
            raise ValueError("broken")

    steps = [Migration(1, "first", fail_once), Migration(2, "second", lambda: ran.append("second"))]
    with pytest.raises(ValueError, match="broken"):
        mongo_steps.apply(INDEXES, steps)
    assert mongo_steps.apply(INDEXES, steps) == ["first", "second"]
    assert ran == ["tried", "tried", "second"]


def test_two_processes_do_not_run_a_step_twice(mongo: str) -> None:
    ran: list[int] = []
    together = Barrier(4)

    def migrate(_: int) -> list[str]:
        together.wait()
        return mongo_steps.apply(INDEXES, [Migration(1, "first", lambda: ran.append(1))])

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(migrate, range(4)))
    assert ran == [1]
    assert sorted(results) == [[], [], [], ["first"]]


def test_the_lock_of_a_dead_process_is_taken_over(mongo: str) -> None:
    collection("migrations").insert_one({"_id": "migration lock", "until": now() - timedelta(seconds=1)})
    assert mongo_steps.apply(INDEXES, [Migration(1, "first", lambda: None)]) == ["first"]


def test_postgres_gets_pgvector_and_the_job_queue_once(postgres: str) -> None:
    assert postgres_steps.apply() == ["job queue", *(step.name for step in postgres_steps.MIGRATIONS)]
    assert postgres_steps.apply() == []
    with store.connection() as connection:
        assert connection.execute("SELECT count(*) FROM procrastinate_jobs").fetchone() == (0,)


def test_a_newer_job_queue_brings_its_own_steps(postgres: str) -> None:
    postgres_steps.apply()
    newest = "procrastinate 03.04.00_50_post_add_retry_failed_job_procedure"
    with store.connection() as connection:
        connection.execute("DELETE FROM migrations WHERE name = %s", (newest,))
    assert postgres_steps.apply() == [newest]


def test_graphs_that_are_there_are_built_with_the_same_care_as_new_ones(postgres: str) -> None:
    postgres_steps.apply([step for step in postgres_steps.MIGRATIONS if step.number < 6])
    old = NEAR.replace("WITH (ef_construction = 128) ", "").format(model=1, dimensions=3)
    with store.connection() as connection:
        connection.execute(store.sql(old))
        connection.execute(store.sql(NEAR.format(model=2, dimensions=3)))
    assert postgres_steps.apply([step for step in postgres_steps.MIGRATIONS if step.number == 6]) == [
        "search: graphs with more care"
    ]
    with store.connection() as connection:
        query = "SELECT reloptions FROM pg_class WHERE relname LIKE 'vectors\\_near\\_%' ORDER BY relname"
        assert connection.execute(query).fetchall() == [(["ef_construction=128"],)] * 2
