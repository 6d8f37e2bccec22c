"""The functions that rooms, routes and commands call; they work on this process's one engine."""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

from hub import hooks
from hub.db.who import Who
from hub.errors import BadInput, NotFound
from hub.models.types import ChatModel
from hub.runs import store
from hub.runs.engine import Engine
from hub.runs.keepers import Keepers, OnFinish, OnTarget
from hub.runs.live import LiveRun
from hub.runs.log import GAP
from hub.runs.records import Event, Outcome, RunRecord, Target
from hub.runs.recover import folded
from hub.runs.veil import masked

_POLL_SECONDS = 0.3


def _open_model(who: Who, model: str) -> ChatModel:
    from hub.models.resolve import open_model  # providers are slow to import: only where something is asked

    return open_model(who, model)


class _Process:
    """The engine of this process, made when it is first needed."""

    def __init__(self) -> None:
        self.keepers = Keepers()
        self._engine: Engine | None = None
        self._lock = threading.Lock()

    def engine(self) -> Engine:
        with self._lock:
            if self._engine is None:
                self._engine = Engine(self.keepers, _open_model, hooks.run_finished)
            return self._engine

    def find(self, run: str) -> LiveRun | None:
        return self._engine.find(run) if self._engine else None

    def ongoing(self, who: Who) -> list[RunRecord]:
        return self._engine.ongoing(who) if self._engine else []

    def running(self) -> int:
        return self._engine.running() if self._engine else 0

    def goes_on(self, who: Who, message: str) -> bool:
        return self._engine is not None and self._engine.goes_on(who, message)

    def close(self, seconds: float) -> None:
        engine = self._engine
        if engine is not None:
            engine.shut_down(seconds)
            self._engine = None


_process = _Process()


def on_finish(kind: str, callback: OnFinish) -> None:
    """Registers what stores a finished run of `kind`: callback(run, outcomes), in a thread, before the `end` event.

    It is called for interrupted runs too, at once or after a restart, and again while it raises StoreDown; so calling
    it twice must do no harm. Any other exception is shown to those who watch.
    """
    _process.keepers.on_finish(kind, callback)


def on_target_finished(kind: str, callback: OnTarget) -> None:
    """As `on_finish`, for each target as soon as it ends: callback(run, outcome)."""
    _process.keepers.on_target(kind, callback)


def start(who: Who, kind: str, targets: Sequence[Target], context: dict[str, Any], run_id: str | None = None) -> str:
    """Begins a run and returns its id at once. `context` is the room's own and is stored; `run_id` may be made before.

    Raises BadInput without targets and `shutting_down` while the hub ends.
    """
    return _process.engine().start(who, kind, targets, context, run_id)


def cancel(who: Who, run_id: str, target: int | None = None) -> None:
    """Stops a run, or one `target` of it, in whichever process it lives; its text is kept. Nothing happens when it has
    ended already. Raises BadInput for a target that the run does not have."""
    live = _process.find(run_id)
    record = _check(who, live).record if live is not None else store.load(who, run_id)
    if target is not None and not 0 <= target < len(record.targets):
        raise BadInput("This run asks no such model.")
    if live is not None:
        _process.engine().cancel(run_id, target)
    elif record.status == "running":
        store.ask_cancel(store.process_of(who, run_id), run_id, target)


def here(who: Who, run_id: str) -> bool:
    """Whether a run of `who` is in this process's memory, so that `get` and `cancel` wait for no store."""
    live = _process.find(run_id)
    return live is not None and live.record.owner == who.id


def get(who: Who, run_id: str) -> RunRecord:
    """A run; raises NotFound."""
    live = _process.find(run_id)
    return _check(who, live).record if live is not None else store.load(who, run_id)


def so_far(who: Who, run_id: str) -> list[Outcome]:
    """What has come of each model until now, of a run that may still go on; raises NotFound."""
    live = _process.find(run_id)
    if live is not None:
        return _check(who, live).outcomes()
    record = store.load(who, run_id)
    return folded(record, store.read_log(run_id, 1))[0]


def known(who: Who, run_ids: Iterable[str]) -> set[str]:
    """Those of `run_ids` that exist. A message that says it is streaming in a run not among them never got its run:
    the process ended between the two writes."""
    ids = list(run_ids)
    here = {run for run in ids if (live := _process.find(run)) is not None and live.record.owner == who.id}
    elsewhere = [run for run in ids if run not in here]
    return here | store.known(who, elsewhere) if elsewhere else here


def forget(who: Who, run_ids: Iterable[str]) -> None:
    """Removes the stored trace of ended runs, such as those of a deleted conversation."""
    store.forget(who, run_ids)


def unfinished(who: Who) -> list[str]:
    """The runs of `who` that go on in any process that lives, asked of the store too."""
    return list({run.id for run in _process.ongoing(who)} | set(store.unfinished(who)))


def forget_person(who: Who) -> None:
    """Removes the stored trace of every run of `who`; none of them goes on any more."""
    store.forget_person(who)


def ongoing(who: Who) -> list[RunRecord]:
    """The runs of `who` that go on in this process, without asking the store."""
    return _process.ongoing(who)


def goes_on(who: Who, message: str) -> bool:
    """Whether this process still writes into `message`, as the context of a target names it."""
    return _process.goes_on(who, message)


def running() -> int:
    """How many runs go on in this process."""
    return _process.running()


def wait(run_id: str, timeout: float | None = None) -> bool:
    """Blocks until a run has ended and its room has kept it, in whichever process; False after `timeout` seconds."""
    live = _process.find(run_id)
    if live is not None:
        return bool(concurrent.futures.wait([live.over], timeout).done)
    until = None if timeout is None else time.monotonic() + timeout
    while store.is_running(run_id):
        if until is not None and time.monotonic() > until:
            return False
        time.sleep(_POLL_SECONDS)
    return True


async def watch(who: Who, run_id: str, first: int = 1, gap: float = GAP) -> AsyncIterator[list[Event]]:
    """Batches of a run's events from number `first` to the end, from any loop; at most one batch each `gap` seconds.

    A run of this process is read from memory, any other from the store while it grows. What a veiled target would give
    away is left out. Raises NotFound.
    """
    live = _process.find(run_id)
    record = _check(who, live).record if live is not None else await asyncio.to_thread(store.load, who, run_id)
    batches = live.log.follow(first, gap) if live is not None else _tail(who, run_id, max(first, 1))
    veiled = frozenset(index for index, target in enumerate(record.targets) if target.veiled)
    async for batch in batches:
        shown = masked(batch, veiled) if veiled else batch
        if shown:
            yield shown


async def _tail(who: Who, run_id: str, first: int) -> AsyncIterator[list[Event]]:
    while True:
        record = await asyncio.to_thread(store.load, who, run_id)
        batch = await asyncio.to_thread(store.read_log, run_id, first)
        if batch:
            first = batch[-1].seq + 1
            yield batch
            if batch[-1].type == "end":
                return
        elif record.status != "running":  # its log is past its time, or the asked number is behind its end
            yield [Event(first, -1, "end", data={"status": record.status})]
            return
        await asyncio.sleep(_POLL_SECONDS)


def start_up() -> None:
    """Begins to look for runs that a dead process left; rooms have registered their callbacks by now."""
    _process.engine().sweep_from_now()


def shut_down(seconds: float) -> None:
    """Lets runs end for up to `seconds`, stops the others as interrupted, and stores all of it."""
    _process.close(seconds)


def _check(who: Who, live: LiveRun) -> LiveRun:
    if live.record.owner != who.id:
        raise NotFound("There is no such run.")
    return live
