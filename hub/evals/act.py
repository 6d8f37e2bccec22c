"""What a person does with a run: start, pause, go on, cancel, ask errors again, extend, watch, mark, delete."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import timedelta
from time import time

from hub import files
from hub.db.mongo import Document, now
from hub.db.who import Who
from hub.errors import BadInput, StoreDown
from hub.evals import board, pages, run_content, runs_store, shares
from hub.evals.board import Board
from hub.evals.extending import extended
from hub.evals.order import grid
from hub.evals.plan import begin
from hub.evals.records import Asked, Limits, Mark, RunRequest
from hub.evals.results import boards, get_run
from hub.evals.set_content import MOST_ROWS
from hub.jobs import defer

DELETED_FOR = timedelta(days=1)
MOST_WORKERS = 8
WATCHED_SECONDS = 15.0


def start(who: Who, request: RunRequest) -> str:
    """Plans a run and has workers begin; its id. Raises BadInput with the first thing that keeps it from starting."""
    run_id = begin(who, request)
    watch(who, run_id, range(shares.MOST_STREAMS))  # who starts a run looks at its first cells
    call_workers(who, run_id)
    return run_id


def call_workers(who: Who, run_id: str, most: int = MOST_WORKERS) -> None:
    """Queues work on a run for every worker that lives. When it cannot be queued the run waits, and says why."""
    from hub.jobs.queue import workers

    try:
        for number in range(max(1, min(most, workers("eval")))):
            defer("evals.work", queue="eval", once=f"eval {run_id} {number}", owner=who.id, run=run_id)
    except StoreDown as error:
        said = f"No worker could be called. {error.message} Go on with the run when it is back."
        runs_store.change_run(who, run_id, {"status": "paused", "said": said}, only=("running",))


def pause(who: Who, run_id: str) -> None:
    """Begins no more calls; those under way are finished. A run that is not running stays as it is."""
    runs_store.run(who, run_id)
    runs_store.change_run(who, run_id, {"status": "paused", "said": ""}, only=("running",))


def resume(who: Who, run_id: str) -> None:
    """Goes on with a run that was paused or has reached its cap, with the models too that were paused."""
    reopen(who, run_id)
    call_workers(who, run_id)


def reopen(who: Who, run_id: str) -> None:
    """As `resume`, but calls no workers: who asks works on it."""
    found = runs_store.run(who, run_id)
    changes: Document = {"status": "running", "said": "", "paused": {}, "ended_at": None}
    if found["status"] == "running" or runs_store.change_run(who, run_id, changes, only=("paused", "capped")):
        pages.reopen(who, run_id)
    else:
        raise BadInput("Only a run that was paused can go on.", hint="Extend it, or start a new one.")


def cancel(who: Who, run_id: str) -> None:
    """Ends a run at once; what was answered is kept."""
    runs_store.run(who, run_id)
    state = shares.read(who, run_id)
    changes: Document = {
        "status": "cancelled",
        "ended_at": now(),
        "said": "",
        "spent": state.gone,
        "calls": state.calls,
    }
    runs_store.change_run(who, run_id, changes, only=("running", "paused", "capped"))


def retry_errors(who: Who, run_id: str) -> int:
    """Asks the cells again that ended in an error; returns how many."""
    found = runs_store.run(who, run_id)
    wrong = [int(index) for index in (boards(who, run_id)["status"] == board.ERROR).nonzero()[0]]
    if not wrong:
        return 0
    runs_store.remove_cells(who, run_id, wrong)
    laid = pages.layout(grid(run_content.run(found)))
    for number in sorted({laid.page(index) for index in wrong}):
        first, _ = laid.span(number)
        places = [index - first for index in wrong if laid.page(index) == number]
        pages.amend(who, run_id, number, lambda made, places=places: _reset(made, places), opened=True)
    changes: Document = {"status": "running", "said": "", "paused": {}, "ended_at": None}
    runs_store.change_run(who, run_id, changes, only=("running", "paused", "capped", "done", "cancelled"))
    pages.reopen(who, run_id)
    call_workers(who, run_id)
    return len(wrong)


def _reset(made: Board, places: Sequence[int]) -> bool:
    made[places] = board.empty(len(places))
    return True


def extend(
    who: Who,
    run_id: str,
    models: Sequence[Asked] = (),
    row_ids: Sequence[str] = (),
    *,
    cap: float | None = None,
    unpriced: bool | None = None,
) -> str:
    """A new run of the same set with more models or rows, which takes over every cell that was answered; its id. `cap`
    is in US dollars, None is the old run's; `unpriced` None: as the old run was agreed to."""
    return start(who, extended(who, get_run(who, run_id), models, row_ids, cap=cap, unpriced=unpriced))


def set_limits(who: Who, run_id: str, limits: Limits, cap: float | None = None) -> None:
    """Changes how many calls may be under way, also in mid-run, and the cap where one is given."""
    run = get_run(who, run_id)
    if limits.total < 1 or limits.start < 1 or (limits.per_model is not None and limits.per_model < 1):
        raise BadInput("At least one call at a time has to be allowed.")
    changes: dict[str, object] = {"limits": asdict(limits)}
    if cap is not None:
        if run.cap is None:
            raise BadInput("This run was started without a cap.", hint="Pause it, and start another with one.")
        changes["cap"] = cap
    runs_store.change_run(who, run_id, changes)


def watch(who: Who, run_id: str, indexes: Sequence[int]) -> None:
    """Has the cells stream that are in sight (at most 64), for the next seconds: those that are asked from now on, at
    most 12 at once. A call that is under way for a whole answer has nothing to show before it is there."""
    runs_store.run(who, run_id)
    until = time() + WATCHED_SECONDS

    def note(state: shares.State) -> None:
        state.bury(time())
        for index in indexes[: shares.MOST_WATCHED]:
            state.watched[str(index)] = until
        newest = sorted(state.watched.items(), key=lambda item: item[1], reverse=True)
        state.watched = dict(newest[: shares.MOST_WATCHED])

    shares.change(who, run_id, note)


def mark(who: Who, run_id: str, index: int, passed: bool | None, note: str = "") -> None:
    """Keeps what a person thinks of a cell, above its checks; None takes it back."""
    run = get_run(who, run_id)
    stored = runs_store.some_cells(who, run_id, [index])
    if not stored:
        raise BadInput("This cell has no answer yet.", hint="Mark it when it is there.")
    made = None if passed is None else Mark(passed, note.strip(), now())
    runs_store.change_cells(who, run_id, {index: {"mark": run_content.mark_document(made)}})
    cell = replace(run_content.cell(stored[0]), mark=made)
    laid = pages.layout(grid(run))
    number = laid.page(index)
    place = index - laid.span(number)[0]

    def put(found: Board) -> bool:
        found[place] = board.entry(cell)
        return True

    pages.amend(who, run_id, number, put)


def delete_run(who: Who, run_id: str) -> None:
    """Takes a run out of sight and stops it; within a day `restore_run` brings it back."""
    cancel(who, run_id)
    runs_store.change_run(who, run_id, {"deleted_at": now()})


def restore_run(who: Who, run_id: str) -> None:
    """Undoes `delete_run`; what was stopped stays so."""
    runs_store.run(who, run_id, deleted=True)
    runs_store.change_run(who, run_id, {"deleted_at": None})


def purge() -> int:
    """Removes runs whose day is over."""
    gone = runs_store.deleted_before(now() - DELETED_FOR)
    for found in gone:
        who, run_id = Who(found["owner"], ""), str(found["_id"])
        rows = map(run_content.row, runs_store.rows(who, run_id, 0, MOST_ROWS))
        files.release(who, {used for row in rows for used in row.files})
        runs_store.remove_run(who, run_id)
    return len(gone)


def take_up() -> int:
    """Calls workers to runs that go on and that nobody works on; returns how many."""
    count, moment = 0, time()
    for found in runs_store.running():
        who, run_id = Who(found["owner"], ""), str(found["_id"])
        if not any(shares.alive(one, moment) for one in shares.read(who, run_id).holders.values()):
            call_workers(who, run_id)
            count += 1
    return count
