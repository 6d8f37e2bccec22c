"""The one thread that writes runs to the store: everything of all runs together, about once a second.

Nothing that streams ever waits for it. While the store is away it keeps what it has and tries again.
"""

from __future__ import annotations

import threading
import time
from asyncio import AbstractEventLoop, Future
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from bson.errors import InvalidDocument
from pymongo import UpdateOne
from pymongo.errors import BulkWriteError, DocumentTooLarge, PyMongoError

from hub.db.mongo import Document
from hub.errors import StoreDown
from hub.runs import store
from hub.runs.live import LiveRun

BATCH_SECONDS = 1.0
BEAT_SECONDS = 2.0
_DUPLICATE = 11000
_PAUSE = 0.25

log = structlog.get_logger(__name__)


@dataclass
class _Batch:
    """What is to be written; kept until it is, with ids made beforehand so that a second try stores nothing twice."""

    runs: list[Document] = field(default_factory=list[Document])
    log: list[Document] = field(default_factory=list[Document])
    ends: list[UpdateOne] = field(default_factory=list[UpdateOne])
    waiting: list[Future[None]] = field(default_factory=list[Future[None]])
    live: list[LiveRun] = field(default_factory=list[LiveRun])


class Writer:
    """Started and stopped by the engine. Its callbacks come on the engine's loop: `late` for a run that cannot be
    saved now, `saved` when it can again, `cancel` for a run that another process wants stopped."""

    def __init__(
        self,
        process: str,
        loop: AbstractEventLoop,
        late: Callable[[LiveRun], None],
        saved: Callable[[LiveRun], None],
        cancel: Callable[[str], None],
    ) -> None:
        self._process = process
        self._loop = loop
        self._late = late
        self._saved = saved
        self._cancel = cancel
        self._changed = threading.Condition()
        self._new = _Batch()
        self._written: dict[str, int] = {}
        self._dirty: dict[str, LiveRun] = {}
        self._told: set[str] = set()
        self._urgent = False
        self._stopping = False
        self._last_beat = 0.0
        self._thread = threading.Thread(target=self._work, name="runs-writer", daemon=True)

    def start(self) -> None:
        """Begins to write."""
        self._thread.start()

    def stop(self, seconds: float) -> bool:
        """Writes what is left for at most `seconds`; True when nothing was left unwritten."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def add(self, live: LiveRun, row: Document) -> None:
        """Stores a new run soon, without waiting for the next batch."""
        with self._changed:
            self._new.runs.append(row)
            self._new.live.append(live)
            self._wake()

    def touch(self, live: LiveRun) -> None:
        """Something new is in `live`; it goes with the next batch."""
        self._dirty[live.record.id] = live  # setting a key is atomic: no lock on the streaming path

    async def flush(self, live: LiveRun) -> None:
        """Returns when every event of `live` so far is stored."""
        future: Future[None] = self._loop.create_future()
        with self._changed:
            self.touch(live)
            self._new.waiting.append(future)
            self._wake()
        await future

    async def end(self, live: LiveRun, update: UpdateOne) -> None:
        """Stores that `live` has ended, with its last events; returns when that is done."""
        with self._changed:
            self._new.ends.append(update)
        await self.flush(live)
        self._written.pop(live.record.id, None)

    def _wake(self) -> None:
        self._urgent = True
        self._changed.notify()

    def _work(self) -> None:
        while True:
            with self._changed:
                if not self._urgent and not self._stopping:
                    self._changed.wait(BATCH_SECONDS)
                self._urgent = False
                batch, self._new = self._new, _Batch()
                last = self._stopping
            try:
                self._collect(batch)
                self._write(batch)
            except Exception:  # a fault of ours: what is in this batch is lost, but the runs must come to their ends
                log.exception("runs_batch_lost", runs=len(batch.live))
            for future in batch.waiting:
                self._loop.call_soon_threadsafe(_settle, future)
            if last and not self._urgent and not self._dirty:
                return

    def _collect(self, batch: _Batch) -> None:
        for run in list(self._dirty):
            live = self._dirty.pop(run)
            done = self._written.get(run, 0)
            events = live.log.events[done:]
            batch.log += store.log_rows(run, events, live.take_payloads())
            batch.live.append(live)
            self._written[run] = done + len(events)

    def _write(self, batch: _Batch) -> None:
        pause = _PAUSE
        while True:
            try:
                self._beat()
                self._store(batch)
            except (PyMongoError, StoreDown) as error:
                log.warning("runs_not_saved_yet", error=type(error).__name__, runs=len(batch.live))
                for live in [*batch.live, *self._dirty.values()]:
                    self._told.add(live.record.id)
                    self._loop.call_soon_threadsafe(self._late, live)
                time.sleep(pause)
                pause = min(pause * 2, 5)
            else:
                break
        for live in batch.live:
            if live.record.id in self._told:
                self._told.discard(live.record.id)
                self._loop.call_soon_threadsafe(self._saved, live)

    def _store(self, batch: _Batch) -> None:
        _once(store.insert_runs, batch.runs)
        batch.runs = []
        _once(store.insert_log, batch.log)
        batch.log = []
        store.finish_runs(batch.ends)
        batch.ends = []

    def _beat(self) -> None:
        if time.monotonic() - self._last_beat < BEAT_SECONDS:
            return
        for run in store.beat(self._process):
            self._loop.call_soon_threadsafe(self._cancel, run)
        self._last_beat = time.monotonic()


def _once(insert: Callable[[list[Document]], None], rows: list[Document]) -> None:
    """Inserts `rows`, those that an earlier try has stored already being fine.

    A document that no server would take is left out, since it would keep all others from being saved.
    """
    try:
        insert(rows)
    except BulkWriteError as error:
        if any(problem.get("code") != _DUPLICATE for problem in error.details.get("writeErrors", [])):
            raise
    except (DocumentTooLarge, InvalidDocument):
        if len(rows) == 1:
            log.exception("run_document_left_out", run=str(rows[0].get("run", rows[0]["_id"])))
            return
        for row in rows:
            _once(insert, [row])


def _settle(future: Future[None]) -> None:
    if not future.done():
        future.set_result(None)
