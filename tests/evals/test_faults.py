"""What may happen to a run: workers that die, models that fail, money that ends, two tabs at once."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import TypeVar

import pytest

from hub import evals
from hub.errors import BadInput
from hub.evals import pages, runs_store, work
from hub.evals.order import grid
from hub.evals.records import Asked, Endpoint, Limits, Row, RunRequest
from hub.models import connections
from hub.models.types import Params
from tests.evals.runs import ANNA, Bench, remote

T = TypeVar("T")
CELLS = 40
LIMITS = Limits(total=6, per_model=6)


def asked(bench: Bench) -> Counter[str]:
    """How often each question was put to a model."""
    return Counter(
        f"{request.body['model']} {request.body['messages'][-1]['content']}" for request in bench.server.requests
    )


@pytest.mark.parametrize("killed_at", [0, 1, CELLS // 2, CELLS - 1])
def test_a_killed_worker_repeats_at_most_what_was_under_way(bench: Bench, killed_at: int) -> None:
    bench.server.first_ms = 60
    run_id = bench.plan(bench.make_set(CELLS // 2), "fake", "fake-echo", limits=LIMITS, cache=False)
    process = bench.process(run_id)
    assert bench.server.wait_for(lambda server: len(server.requests) > killed_at, 60)
    until(lambda: evals.progress(ANNA, run_id), lambda now: now.done >= killed_at - LIMITS.total)
    process.kill()
    process.wait()
    before = len(bench.server.requests)
    flying = before - evals.progress(ANNA, run_id).done
    run = bench.work(run_id)
    repeated = len(bench.server.requests) - CELLS
    cells = bench.cells(run_id)
    assert run.status == "done"
    assert [cell.index for cell in cells] == list(range(CELLS))
    assert {cell.status for cell in cells} == {"done"}
    assert len(runs_store.cells(ANNA, run_id, 0, 1000)) == CELLS
    assert repeated <= flying
    assert (evals.boards(ANNA, run_id)["status"] == 1).all()


def until(look: Callable[[], T], holds: Callable[[T], bool], seconds: float = 30.0) -> T:
    """Looks until it holds."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        found = look()
        if holds(found):
            return found
    raise AssertionError(f"it never held: {look()}")


def test_a_model_that_always_fails_pauses_only_itself(bench: Bench) -> None:
    run_id = bench.plan(bench.make_set(30), "fake", "fake-500", cache=False)
    run = bench.work(run_id)
    assert run.status == "paused"
    assert run.models[0].paused == ""
    assert "3 times in a row" in run.models[1].paused
    assert run.said.startswith("1 of 2 models could not be asked further.")
    cells = bench.cells(run_id)
    assert {cell.status for cell in cells if cell.model == 0} == {"done"}
    assert 3 <= sum(cell.status == "error" for cell in cells) <= 16
    assert {cell.attempts for cell in cells if cell.status == "error"} == {4}


def test_retrying_errors_asks_those_cells_again(bench: Bench) -> None:
    run_id = bench.plan(bench.make_set(30), "fake", "fake-500", cache=False)
    bench.work(run_id)
    wrong = evals.progress(ANNA, run_id).errors
    bench.server.requests.clear()
    assert evals.retry_errors(ANNA, run_id) == wrong
    assert evals.progress(ANNA, run_id).errors == 0
    runs_store.change_run(ANNA, run_id, {"status": "running"})
    assert bench.work(run_id).status == "paused"
    assert {request.body["model"] for request in bench.server.requests} == {"fake-500"}
    assert len(bench.cells(run_id)) == 60


def test_an_hour_of_rest_pauses_the_model_with_the_time_said(bench: Bench) -> None:
    run_id = bench.plan(bench.make_set(20), "fake", "fake-429-long")
    run = bench.work(run_id)
    assert run.status == "paused"
    assert "60 minutes" in run.models[1].paused
    assert {cell.status for cell in bench.cells(run_id) if cell.model == 1} == {"queued"}


def test_what_a_provider_refuses_for_a_moment_is_no_error(bench: Bench) -> None:
    run_id = bench.plan(bench.make_set(40), "fake?most=5&first=30", cache=False)
    assert bench.work(run_id).status == "done"
    assert {cell.status for cell in bench.cells(run_id)} == {"done"}
    assert bench.server.refused <= 8


def test_the_cap_is_never_exceeded(bench: Bench) -> None:
    bench.price(fake=2000.0)
    run_id = bench.plan(bench.make_set(50), bench.model("fake", params=Params(max_tokens=4)), cap=1.0, unpriced=False)
    run = bench.work(run_id)
    assert run.status == "capped"
    assert run.said.startswith("The cap of $1.00 is reached")
    paid = sum(cell.cost or 0 for cell in bench.cells(run_id))
    assert 0.5 < paid <= 1.0
    assert run.spent == pytest.approx(paid)
    evals.set_limits(ANNA, run_id, run.limits, cap=100.0)
    evals.resume(ANNA, run_id)
    runs_store.change_run(ANNA, run_id, {"status": "running"})
    assert bench.work(run_id).status == "done"


def test_the_cap_holds_when_a_worker_is_killed(bench: Bench) -> None:
    bench.price(fake=1000.0)  # a thousandth of a dollar a token: 14 or 15 tokens a call, at most 97
    bench.server.first_ms = 100
    asked_for = bench.model("fake", params=Params(max_tokens=4))
    run_id = bench.plan(bench.make_set(120), asked_for, cap=1.5, unpriced=False, limits=LIMITS, cache=False)
    process = bench.process(run_id)
    assert bench.server.wait_for(lambda server: len(server.requests) >= 20, 60)
    process.kill()
    process.wait()
    run = bench.work(run_id)
    paid = sum(cell.cost or 0 for cell in bench.cells(run_id))
    a_call = paid / evals.progress(ANNA, run_id).done
    charged = len(bench.server.requests) * a_call
    assert run.status == "capped"
    assert paid < charged <= run.spent <= 1.5
    assert "is for at most 6 calls that were cut off" in run.said


def test_the_turns_of_a_call_that_is_asked_again_are_paid_once(bench: Bench) -> None:
    bench.price(**{"fake?most=1": 1000.0})
    rows = tuple(Row(f"r{number}", ("One first=20", "Two first=20")) for number in range(4))
    run_id = bench.plan(bench.make_set(rows=rows), "fake?most=1", cap=500.0, unpriced=False)
    run = bench.work(run_id)
    assert (run.status, bench.server.refused > 0) == ("done", True)
    assert run.spent == pytest.approx(sum(cell.cost or 0 for cell in bench.cells(run_id)))
    assert run.calls == len(bench.server.requests)


def test_an_unpriced_model_is_asked_only_with_leave(bench: Bench) -> None:
    """Also on this computer: what answers there may be a gateway that is billed."""
    with pytest.raises(BadInput, match="The price of fake is not known"):
        bench.plan(bench.make_set(2), "fake", unpriced=False)
    assert bench.work(bench.plan(bench.make_set(2), "fake", cap=1.0)).status == "done"
    named = Asked("", endpoint=Endpoint(bench.server.url, "fake-echo"))
    with pytest.raises(BadInput, match="The price of fake-echo is not known"):
        bench.plan(bench.make_set(2), named, unpriced=False)


def test_a_server_that_runs_models_itself_is_free_without_a_price(bench: Bench) -> None:
    """As the demo is; a price that somebody has set counts."""
    made = bench.make_set(4)
    here = connections.add(ANNA, "llamacpp", name="Here", key="", base_url=bench.server.url)
    models = (Asked(f"{here.id}/fake"), Asked("demo/demo"))
    found = evals.plan(ANNA, RunRequest(made, models, cap=0.01))
    assert (found.cost, found.unpriced, found.local, found.problems) == (0.0, (), ("fake",), ())
    run = bench.work(bench.plan(made, *models, cap=0.01, unpriced=False))
    assert (run.status, run.spent) == ("done", 0.0)
    assert [cell.cost for cell in bench.cells(run.id)] == [0.0] * 8
    bench.price(fake=2000.0)
    capped = bench.work(bench.plan(made, "fake", cap=0.01, unpriced=False, cache=False))
    assert capped.status == "capped" and capped.spent <= 0.01


def test_repeats_are_asked_each_and_cached_each(bench: Bench) -> None:
    set_id = bench.make_set(3)
    bench.work(bench.plan(set_id, "fake", repeats=4))
    assert len(bench.server.requests) == 12
    again = bench.plan(set_id, "fake", repeats=5)
    bench.work(again)
    assert len(bench.server.requests) == 15
    cells = bench.cells(again)
    assert [cell.cached for cell in cells] == [repeat < 4 for _ in range(3) for repeat in range(5)]
    assert all(cell.ms is None for cell in cells if cell.cached)


def test_the_same_model_twice_is_asked_twice(bench: Bench) -> None:
    run_id = bench.plan(bench.make_set(3), "fake", "fake")
    bench.work(run_id)
    assert len(bench.server.requests) == 6
    assert [one.label for one in evals.get_run(ANNA, run_id).models] == ["fake (1)", "fake (2)"]


def test_the_plan_of_an_extension_counts_only_what_is_new(bench: Bench) -> None:
    bench.price(**{"fake": 0.0, "fake-echo": 0.0})
    made = bench.make_set(4)
    first = bench.plan(made, "fake")
    bench.work(first)
    nothing = evals.plan_extend(ANNA, first)
    assert (nothing.cells, nothing.calls, nothing.tokens_in, nothing.tokens_out) == (4, 0, 0, 0)
    assert evals.more_rows(ANNA, first) == ()
    evals.add_rows(ANNA, made, [Row("new-1", ("More?",)), Row("new-2", ("And more?",))])
    assert [row.id for row in evals.more_rows(ANNA, first)] == ["new-1", "new-2"]
    found = evals.plan_extend(ANNA, first, [bench.model("fake-echo")], ["new-2"])
    assert (found.cells, found.calls, found.cost, found.problems) == (10, 6, 0.0, ())
    with pytest.raises(BadInput, match="without a cap"):  # with one every request would be another, and none reused
        evals.extend(ANNA, first, row_ids=["new-2"], cap=1.0)
    new = evals.extend(ANNA, first, [bench.model("fake-echo")], ["new-2"])
    runs_store.change_run(ANNA, new, {"status": "running"})
    more = bench.work(new)
    assert (more.rows, more.cap, more.set_version) == (5, None, 2) and len(bench.server.requests) == 10
    lacking = evals.plan_extend(ANNA, first, [remote("far-1")])
    assert lacking.unpriced == ("far-1",) and "price of far-1" in lacking.problems[0]


def test_extending_asks_only_what_is_new(bench: Bench) -> None:
    first = bench.plan(bench.make_set(5), "fake", cache=False)
    bench.work(first)
    more = evals.extend(ANNA, first, models=(bench.model("fake-echo"),))
    runs_store.change_run(ANNA, more, {"status": "running"})
    assert bench.work(more).status == "done"
    assert Counter(request.body["model"] for request in bench.server.requests) == {"fake": 5, "fake-echo": 5}


def test_cancelling_ends_within_a_second(bench: Bench) -> None:
    bench.server.first_ms = 30_000
    run_id = bench.plan(bench.make_set(20), "fake")
    worker = threading.Thread(target=work.run_slice, args=(ANNA, run_id))
    worker.start()
    assert bench.server.wait_for(lambda server: server.streaming == 8, 10)
    evals.cancel(ANNA, run_id)
    began = time.monotonic()
    worker.join(10)
    assert time.monotonic() - began < 2
    assert bench.server.wait_for(lambda server: server.streaming == 0)
    assert evals.get_run(ANNA, run_id).status == "cancelled"


def test_two_tabs_pause_and_go_on_at_once(bench: Bench) -> None:
    bench.server.first_ms = 20
    run_id = bench.plan(bench.make_set(60), "fake", "fake-echo", limits=LIMITS, cache=False)
    stop = threading.Event()

    def tab() -> None:
        while not stop.is_set():
            evals.pause(ANNA, run_id)
            runs_store.change_run(ANNA, run_id, {"status": "running"}, only=("paused",))

    tabs = [threading.Thread(target=tab) for _ in range(2)]
    for one in tabs:
        one.start()
    while len(bench.server.requests) < 60:
        work.run_slice(ANNA, run_id)
    stop.set()
    for one in tabs:
        one.join()
    while evals.get_run(ANNA, run_id).status == "running":
        work.run_slice(ANNA, run_id)
    assert evals.get_run(ANNA, run_id).status == "done"
    assert len(bench.cells(run_id)) == 120
    assert set(asked(bench).values()) == {1}


def test_a_process_that_is_to_end_leaves_the_rest_to_others(bench: Bench) -> None:
    bench.server.first_ms = 30
    run_id = bench.plan(bench.make_set(60), "fake", limits=LIMITS, cache=False)
    work.run_slice(ANNA, run_id, lambda: len(bench.server.requests) > 20)
    assert evals.get_run(ANNA, run_id).status == "running"
    assert 20 < evals.progress(ANNA, run_id).done < 40
    assert bench.work(run_id).status == "done"
    assert set(asked(bench).values()) == {1}


def test_two_processes_keep_the_limits_together(bench: Bench) -> None:
    bench.server.first_ms = 50
    run_id = bench.plan(bench.make_set(120), "fake", "fake-echo", limits=Limits(total=10, per_model=6), cache=False)
    workers = [bench.process(run_id) for _ in range(2)]
    assert [worker.wait(100) for worker in workers] == [0, 0]
    assert evals.get_run(ANNA, run_id).status == "done"
    assert bench.server.busiest[""] <= 10
    assert bench.server.busiest["fake"] <= 6
    assert set(asked(bench).values()) == {1}
    assert pages.over(ANNA, run_id, grid(evals.get_run(ANNA, run_id))) == "done"
    assert {cell.status for cell in bench.cells(run_id)} == {"done"}
