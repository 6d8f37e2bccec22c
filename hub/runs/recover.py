"""Runs whose process died: what was stored of them is folded and handed to their room as interrupted."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import structlog

from hub.db.mongo import Document
from hub.errors import HubError, StoreDown
from hub.runs import store
from hub.runs.fold import Fold
from hub.runs.keepers import Keepers
from hub.runs.live import settled
from hub.runs.records import Event, Outcome, RunRecord

log = structlog.get_logger(__name__)


class Recovery:
    """`sweep` at the start of a process and every few seconds; `mine` names the runs that this process works on."""

    def __init__(
        self,
        process: str,
        keepers: Keepers,
        finished: Callable[[RunRecord], None],
        mine: Callable[[], Iterable[str]],
    ) -> None:
        self._process = process
        self._keepers = keepers
        self._finished = finished
        self._mine = mine

    def sweep(self) -> int:
        """Finishes every abandoned run; returns how many. Raises StoreDown: then the next sweep goes on."""
        count = 0
        for row in store.abandoned(self._process, self._mine()):
            if store.claim(row, self._process):
                self._finish(row)
                count += 1
        store.bury(self._process)
        return count

    def _finish(self, row: Document) -> None:
        record = store.record_from(row)
        events = store.read_log(record.id, 1)
        outcomes, closing = folded(record, events)
        record = settled(record, outcomes)
        seq = max((event.seq for event in (*events, *closing)), default=0) + 1
        if not (events and events[-1].type == "end"):
            closing.append(Event(seq, -1, "end", data={"status": record.status}))
        self._hand_over(record, outcomes)
        store.insert_log(store.log_rows(record.id, closing, ()))
        store.finish_runs([store.finish_update(record, outcomes)])
        log.info("run_recovered", run=record.id, kind=record.kind, status=record.status)
        self._finished(record)

    def _hand_over(self, record: RunRecord, outcomes: list[Outcome]) -> None:
        try:
            for outcome in outcomes:
                self._keepers.target(record, outcome)
            self._keepers.finish(record, outcomes)
        except StoreDown:
            raise
        except HubError as error:
            log.info("run_not_kept", run=record.id, kind=error.kind)
        except Exception:
            log.exception("run_not_kept", run=record.id)


def folded(record: RunRecord, events: list[Event]) -> tuple[list[Outcome], list[Event]]:
    """What came out, and the `done` events that the targets still owe."""
    payloads = store.read_payloads(record.id)
    folds = [Fold(i, target, record.started_at) for i, target in enumerate(record.targets)]
    for index, fold in enumerate(folds):
        fold.payload = payloads.get(index)
    for event in events:
        if event.target >= 0:
            folds[event.target].add(event)
    closing: list[Event] = []
    seq = events[-1].seq if events else 0
    for index, fold in enumerate(folds):
        if not fold.finished:
            seq += 1
            closing.append(Event(seq, index, "done", data={"status": "interrupted", "finish": ""}))
    return [fold.outcome("interrupted") for fold in folds], closing
