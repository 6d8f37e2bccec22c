"""A run that goes on in this process."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

from hub.db.mongo import now
from hub.db.who import Who
from hub.runs.fold import Fold
from hub.runs.log import EventLog
from hub.runs.records import NOTHING, Event, EventType, Outcome, OutcomeStatus, RunRecord, RunStatus, Target


class LiveRun:
    """The run's record, its events, and what they add up to. Changed only on the engine's loop."""

    def __init__(self, record: RunRecord, who: Who, targets: Sequence[Target]) -> None:
        self.record = record
        self.who = who
        self.targets = tuple(targets)
        self.log = EventLog()
        self.folds = [Fold(i, target, record.started_at) for i, target in enumerate(record.targets)]
        self.talks: list[asyncio.Task[None]] = []
        self.conduct: asyncio.Task[None] | None = None
        self.over: Future[list[Outcome]] = Future()
        self._payloads: deque[tuple[int, dict[str, Any]]] = deque()
        self.stop: OutcomeStatus | None = None
        self.late = False

    def publish(self, target: int, type_: EventType, text: str = "", data: Mapping[str, Any] = NOTHING) -> Event:
        """Appends an event and folds it."""
        event = self.log.append(target, type_, text, data)
        if target >= 0:
            self.folds[target].add(event)
        return event

    def sent(self, target: int, payload: dict[str, Any]) -> None:
        """Notes the request that is about to be sent."""
        self.folds[target].payload = payload
        self._payloads.append((target, payload))

    def take_payloads(self) -> list[tuple[int, dict[str, Any]]]:
        """The noted requests, each handed out once; the writer's thread asks."""
        taken: list[tuple[int, dict[str, Any]]] = []
        while self._payloads:
            taken.append(self._payloads.popleft())
        return taken

    def outcomes(self) -> list[Outcome]:
        """What came out of each target so far."""
        return [fold.outcome(self.stop) for fold in self.folds]

    def settle(self) -> list[Outcome]:
        """Ends the record with what came out of its targets."""
        outcomes = self.outcomes()
        self.record = settled(self.record, outcomes)
        return outcomes


def settled(record: RunRecord, outcomes: Sequence[Outcome]) -> RunRecord:
    """`record` ended now with these outcomes."""
    pairs = zip(record.targets, outcomes, strict=True)
    targets = tuple(replace(target, status=outcome.status) for target, outcome in pairs)
    return replace(record, status=run_status([t.status for t in targets]), targets=targets, ended_at=now())


def run_status(statuses: Sequence[RunStatus]) -> RunStatus:
    """The run counts as done when any target is; else the gravest word wins."""
    order: tuple[RunStatus, ...] = ("done", "waiting", "interrupted", "cancelled", "error")
    for status in order:
        if status in statuses:
            return status
    return "error"
