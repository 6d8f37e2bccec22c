"""Runs that workers take from the queue."""

from __future__ import annotations

import asyncio

import pytest

from hub import evals
from hub.db.migrations import postgres as migrations
from hub.errors import NotFound
from hub.evals import act, runs_store
from hub.evals import jobs as _  # noqa: F401 - marks the jobs
from hub.evals.records import RunRequest
from hub.jobs import worker
from tests.evals.runs import ANNA, BERT, Bench


@pytest.fixture
def queue(postgres: str) -> str:
    migrations.apply()
    return postgres


def work_off(url: str) -> None:
    """Runs a worker until nothing is left to do."""

    async def run() -> None:
        async with worker.build(url).open_async() as app:
            await app.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)

    asyncio.run(run())


def test_a_run_is_started_and_a_worker_does_it(bench: Bench, queue: str) -> None:
    run_id = evals.start(ANNA, RunRequest(bench.make_set(5), (bench.model("fake"),), unpriced=True))
    assert evals.get_run(ANNA, run_id).status == "running"
    work_off(queue)
    assert evals.get_run(ANNA, run_id).status == "done"


def test_pausing_before_it_begins_and_going_on(bench: Bench, queue: str) -> None:
    run_id = evals.start(ANNA, RunRequest(bench.make_set(5), (bench.model("fake"),), unpriced=True))
    evals.pause(ANNA, run_id)
    work_off(queue)
    assert bench.server.requests == []
    evals.resume(ANNA, run_id)
    work_off(queue)
    assert evals.get_run(ANNA, run_id).status == "done"


def test_a_run_that_nobody_works_on_is_taken_up(bench: Bench, queue: str) -> None:
    run_id = bench.plan(bench.make_set(5), "fake")
    assert act.take_up() == 1
    work_off(queue)
    assert evals.get_run(ANNA, run_id).status == "done"
    assert act.take_up() == 0


def test_without_a_queue_the_run_waits_and_says_why(bench: Bench) -> None:
    run_id = evals.start(ANNA, RunRequest(bench.make_set(5), (bench.model("fake"),), unpriced=True))
    run = evals.get_run(ANNA, run_id)
    assert run.status == "paused"
    assert run.said == "No worker could be called. No PostgreSQL is running. Go on with the run when it is back."


def test_nobody_else_sees_a_run(bench: Bench) -> None:
    run_id = bench.plan(bench.make_set(5), "fake")
    bench.work(run_id)
    for look in (evals.get_run, evals.boards, evals.progress, evals.pause, evals.cancel, evals.retry_errors):
        with pytest.raises(NotFound):
            look(BERT, run_id)
    assert evals.runs(BERT) == ()
    assert runs_store.cells(BERT, run_id, 0, 10) == []


def test_a_deleted_run_comes_back_within_a_day(bench: Bench) -> None:
    run_id = bench.plan(bench.make_set(2), "fake")
    bench.work(run_id)
    evals.delete_run(ANNA, run_id)
    assert evals.runs(ANNA) == ()
    assert act.purge() == 0
    evals.restore_run(ANNA, run_id)
    assert evals.get_run(ANNA, run_id).status == "done"


def test_marks_stand_above_checks_and_are_counted(bench: Bench) -> None:
    checks = ({"kind": "contains", "value": "Question"},)
    run_id = bench.plan(bench.make_set(2), "fake-echo", checks=checks)
    bench.work(run_id)
    evals.mark(ANNA, run_id, 1, False, "Wrong")
    assert [cell.passed for cell in bench.cells(run_id)] == [True, False]
    assert evals.boards(ANNA, run_id)["passed"].tolist() == [1, -1]
    evals.mark(ANNA, run_id, 1, None)
    assert evals.boards(ANNA, run_id)["mark"].tolist() == [0, 0]
    assert evals.boards(ANNA, run_id)["passed"].tolist() == [1, 1]


def test_the_first_cells_of_a_run_stream_though_nobody_has_said_so_yet(bench: Bench, queue: str) -> None:
    models = (bench.model("fake-echo"), bench.model("fake"))
    run_id = evals.start(ANNA, RunRequest(bench.make_set(30), models, unpriced=True))
    work_off(queue)
    assert [cell.index for cell in bench.cells(run_id) if cell.first_ms is not None] == list(range(12))


def test_of_many_cells_in_sight_as_many_stream_as_may(bench: Bench) -> None:
    run_id = bench.plan(bench.make_set(40), "fake?first=20")
    evals.watch(ANNA, run_id, range(40))
    bench.work(run_id)
    streamed = [cell.index for cell in bench.cells(run_id) if cell.first_ms is not None]
    assert streamed[:8] == list(range(8)) and 12 < len(streamed) <= 40


def test_watched_cells_stream(bench: Bench) -> None:
    run_id = bench.plan(bench.make_set(3), "fake-echo")
    evals.watch(ANNA, run_id, (1,))
    bench.work(run_id)
    assert [bool(request.body.get("stream")) for request in bench.server.requests].count(True) == 1
    cells = bench.cells(run_id)
    assert [cell.first_ms is not None for cell in cells] == [False, True, False]
    assert evals.live(ANNA, run_id) == {}
