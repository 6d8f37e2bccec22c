"""The event loop on which all runs of this process live."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import structlog
from bson import ObjectId

from hub import tracing
from hub.db.mongo import now
from hub.db.who import Who
from hub.errors import BadInput, HubError, StoreDown
from hub.runs import figures, store
from hub.runs.drive import drive
from hub.runs.keepers import Keepers, keep
from hub.runs.lane import Lane
from hub.runs.live import LiveRun
from hub.runs.records import OutcomeStatus, RunRecord, Target, TargetRecord
from hub.runs.recover import Recovery
from hub.runs.speaker import OpenModel
from hub.runs.writer import Writer

KEPT_SECONDS = 180
"""How long an ended run stays in memory for those who still watch."""
SWEEP_SECONDS = 10
PURGE_EVERY = 360
"""Sweeps between two purges of old logs: about an hour."""
LAST_SECONDS = 5
"""How long the end of a process waits for what is stopped to be stored."""

log = structlog.get_logger(__name__)


class ShuttingDown(HubError):
    """The hub ends and takes no new runs."""

    kind = "shutting_down"


class Engine:
    """Starts, cancels and drains runs. Its public methods may be called from any thread but its own."""

    def __init__(self, keepers: Keepers, open_model: OpenModel, finished: Callable[[RunRecord], None]) -> None:
        self.process = str(ObjectId())
        self._keepers = keepers
        self._open_model = open_model
        self._finished = finished
        self._runs: dict[str, LiveRun] = {}
        self._draining = False
        self._loop = asyncio.new_event_loop()
        self._lane = Lane(self._loop, "runs-prepare")
        self._keep_pool = ThreadPoolExecutor(2, "runs-keep")
        self._writer = Writer(self.process, self._loop, self._say_late, self._say_saved, self._stop_asked)
        self._recovery = Recovery(self.process, keepers, finished, lambda: list(self._runs))
        self._sweeper: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, name="runs", daemon=True)
        self._thread.start()
        self._writer.start()

    def find(self, run: str) -> LiveRun | None:
        """A run of this process that is still in memory."""
        return self._runs.get(run)

    def ongoing(self, who: Who) -> list[RunRecord]:
        """The runs of `who` that have not ended."""
        return [live.record for live in list(self._runs.values()) if live.who.id == who.id and not live.log.ended]

    def running(self) -> int:
        """How many runs go on now."""
        return sum(1 for live in list(self._runs.values()) if not live.log.ended)

    def goes_on(self, who: Who, message: str) -> bool:
        """Whether a target that writes into `message` is not over yet."""
        return any(
            live.record.owner == who.id and target.context.get("message") == message and not fold.finished
            for live in list(self._runs.values())
            if not live.log.ended
            for target, fold in zip(live.record.targets, live.folds, strict=True)
        )

    def start(self, who: Who, kind: str, targets: Sequence[Target], context: dict[str, Any], run: str | None) -> str:
        """Begins a run at once; nothing is waited for, neither store nor provider."""
        if not targets:
            raise BadInput("A run needs at least one model.")
        if self._draining:
            raise ShuttingDown("The hub is shutting down.", hint="Send it again in a moment.")
        record = RunRecord(
            id=run or str(ObjectId()),
            owner=who.id,
            kind=kind,
            status="running",
            targets=tuple(TargetRecord(t.model, t.label, t.context, veiled=t.veiled) for t in targets),
            context=context,
            started_at=now(),
        )
        live = LiveRun(record, who, targets)
        self._runs[record.id] = live
        self._loop.call_soon_threadsafe(self._launch, live)
        return record.id

    def cancel(self, run: str, target: int | None = None) -> None:
        """Stops a run of this process, or one target of it; what it has said is kept."""
        self._loop.call_soon_threadsafe(self._stop_by_id, run, target)

    def sweep_from_now(self) -> None:
        """Looks for abandoned runs now and then."""
        asyncio.run_coroutine_threadsafe(self._begin_sweeping(), self._loop)

    def shut_down(self, seconds: float) -> None:
        """Takes no more runs, lets those that go on end for `seconds`, stops the others keeping their text."""
        if not self._thread.is_alive():
            return
        self._draining = True
        asyncio.run_coroutine_threadsafe(self._drain(seconds), self._loop).result()
        if self._writer.stop(LAST_SECONDS):
            self._leave()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(LAST_SECONDS)
        self._lane.close()
        self._keep_pool.shutdown(wait=False, cancel_futures=True)

    def _leave(self) -> None:
        try:
            store.leave(self.process)
        except StoreDown:
            log.warning("process_row_left", process=self.process)

    def _launch(self, live: LiveRun) -> None:
        structlog.contextvars.bind_contextvars(run=live.record.id)  # in a context of its own, with who asked for it
        span = tracing.begin("run", run=live.record.id, kind=live.record.kind, answers=len(live.targets))
        live.talks = [
            self._loop.create_task(
                drive(live, i, open_model=self._open_model, lane=self._lane, touch=self._writer.touch)
            )
            for i in range(len(live.targets))
        ]
        live.conduct = self._loop.create_task(self._conduct(live, span))
        self._writer.add(live, store.run_row(live.record, self.process))

    async def _conduct(self, live: LiveRun, span: Any) -> None:
        await asyncio.gather(*(self._one(live, index) for index in range(len(live.targets))))
        await self._writer.flush(live)
        outcomes = live.settle()
        figures.ended(live.record, live.targets, outcomes)
        tracing.end(span, status=live.record.status)
        await self._keep(live, partial(self._keepers.finish, live.record, outcomes))
        live.publish(-1, "end", data={"status": live.record.status})
        live.over.set_result(outcomes)
        self._loop.call_later(KEPT_SECONDS, self._runs.pop, live.record.id, None)
        await self._writer.end(live, store.finish_update(live.record, outcomes))
        await self._loop.run_in_executor(self._keep_pool, self._finished, live.record)

    async def _one(self, live: LiveRun, index: int) -> None:
        await asyncio.wait({live.talks[index]})
        fold = live.folds[index]
        if not fold.finished:  # stopped before its first step
            live.publish(index, "done", data={"status": live.stop or "cancelled", "finish": ""})
        if not self._keepers.wants_targets(live.record.kind):
            return
        await self._writer.flush(live)
        await self._keep(live, partial(self._keepers.target, live.record, fold.outcome()))

    async def _keep(self, live: LiveRun, store_it: Callable[[], None]) -> None:
        def failed(error: HubError) -> None:
            live.publish(-1, "error", data=dict(error.record()))

        await keep(self._keep_pool, store_it, delayed=partial(self._say_late, live), failed=failed)
        self._say_saved(live)

    def _say_late(self, live: LiveRun) -> None:
        if not live.late and not live.log.ended:
            live.late = True
            sentence = "The database does not answer. The answer goes on and is saved when it is back."
            live.publish(-1, "notice", sentence, {"saving": "delayed"})

    def _say_saved(self, live: LiveRun) -> None:
        if live.late and not live.log.ended:
            live.late = False
            live.publish(-1, "notice", "The database is back; everything is saved.", {"saving": "done"})

    def _stop_by_id(self, run: str, target: int | None = None) -> None:
        live = self._runs.get(run)
        if live is None:
            return
        if target is None:
            self._stop(live, "cancelled")
        elif target < len(live.talks):
            live.talks[target].cancel()

    def _stop_asked(self, wanted: str) -> None:
        run, _, target = wanted.partition(":")
        self._stop_by_id(run, int(target) if target else None)

    def _stop(self, live: LiveRun, status: OutcomeStatus) -> None:
        live.stop = live.stop or status
        for talk in live.talks:
            talk.cancel()

    async def _begin_sweeping(self) -> None:
        if self._sweeper is None:
            self._sweeper = self._loop.create_task(self._sweep())

    async def _sweep(self) -> None:
        round_ = 0
        while True:
            try:
                await self._loop.run_in_executor(self._keep_pool, self._recovery.sweep)
                if round_ % PURGE_EVERY == 0:
                    await self._loop.run_in_executor(self._keep_pool, store.purge)
                round_ += 1
            except StoreDown:
                log.warning("sweep_delayed")
            except Exception:
                log.exception("sweep_failed")
            await asyncio.sleep(SWEEP_SECONDS)

    async def _drain(self, seconds: float) -> None:
        if self._sweeper is not None:
            self._sweeper.cancel()
        going = {live.conduct: live for live in list(self._runs.values()) if live.conduct and not live.conduct.done()}
        if not going:
            return
        log.info("draining", runs=len(going), seconds=seconds)
        _, left = await asyncio.wait(going, timeout=seconds)
        for task in left:
            self._stop(going[task], "interrupted")
        if left:
            await asyncio.wait(left, timeout=LAST_SECONDS)
