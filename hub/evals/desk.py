"""What a worker has before it while it works on a run. All of it is changed on its event loop only."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from time import monotonic, sleep
from typing import Any, TypeVar

import structlog

from hub.db.who import Who
from hub.errors import StoreDown
from hub.evals.beat import Refusal
from hub.evals.gate import Gate
from hub.evals.limits import Limit
from hub.evals.money import Purse
from hub.evals.pages import Page
from hub.evals.pending import Pending, Queues
from hub.evals.records import EvalRun, Limits
from hub.evals.write import Writer

STORE_PATIENCE = 120.0
"""Seconds that a worker waits for a store that is away."""
RATE_SECONDS = 10.0

T = TypeVar("T")
log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Desk:
    """`paused` are the models that are not asked any more, `pausing` those of them that nobody else knows of yet.
    `known` are the limits as they were shared last. `waiting` counts cells that are to be asked again in a while."""

    who: Who
    run: EvalRun
    worker: str
    stop: Callable[[], bool]
    queues: Queues
    writer: Writer
    limits: Limits
    purse: Purse
    gate: Gate = field(default_factory=Gate)
    pages: dict[int, Page] = field(default_factory=dict[int, Page])
    paused: dict[int, str] = field(default_factory=dict[int, str])
    pausing: dict[int, str] = field(default_factory=dict[int, str])
    known: dict[str, Limit] = field(default_factory=dict[str, Limit])
    answered: Counter[str] = field(default_factory=Counter[str])
    refused: list[Refusal] = field(default_factory=list[Refusal])
    calls: int = 0
    """Requests that were sent since the last beat."""
    watched: frozenset[int] = frozenset()
    streams: int = 0
    """How many of those may stream here at once."""
    streaming: int = 0
    tasks: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])
    waiting: int = 0
    status: str = "running"
    stopping: float | None = None
    """Since when the process is to end."""
    said: str = ""
    poor: bool = False
    """Whether a cell could not begin for want of money."""
    owed: float = 0.0
    """Money that judges wait for."""
    room: float = 0.0
    """What was left of the cap at the last beat, with what this worker may spend."""
    others_busy: bool = False
    beaten: asyncio.Event = field(default_factory=asyncio.Event)
    """Set at the next beat, and another one then takes its place."""
    broken: BaseException | None = None
    finished: deque[float] = field(default_factory=deque[float])
    beat_wanted: asyncio.Event = field(default_factory=asyncio.Event)
    low: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def going(self) -> bool:
        """Whether calls may begin."""
        return self.status == "running" and not self.stop()

    @property
    def idle(self) -> bool:
        """Whether nothing is under way, nothing waits and no page is held."""
        return not (self.tasks or self.waiting or self.queues.total or self.pages)

    @property
    def rate(self) -> float:
        """Cells that this worker has finished a second, lately."""
        moment = monotonic()
        while self.finished and self.finished[0] < moment - RATE_SECONDS:
            self.finished.popleft()
        return len(self.finished) / max(1.0, moment - self.finished[0]) if self.finished else 0.0

    def begin(self, work: Coroutine[Any, Any, None], after: Callable[[], None]) -> None:
        """Runs `work` beside everything else; `after` is called when it has ended, however."""
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)

        def ended(task: asyncio.Task[None]) -> None:
            self.tasks.discard(task)
            if not task.cancelled() and (error := task.exception()) is not None:
                log.error("eval_cell_failed", exc_info=error)
                self.broken, self.status = error, "broken"
                self.beat_wanted.set()
            after()

        task.add_done_callback(ended)

    def pause_run(self, why: str) -> None:
        """Begins nothing more; the others are told with the next beat."""
        self.status, self.said = "pausing", why
        self.beat_wanted.set()

    def rest(self, cells: list[Pending]) -> None:
        """Leaves cells as they are, for when their model is asked again."""
        for cell in cells:
            cell.page.active -= 1

    async def patiently(self, act: Callable[[], T]) -> T:
        """`act` in a thread, again while a store is away. Raises StoreDown when it stays so."""
        return await asyncio.to_thread(_patiently, act)


def _patiently(act: Callable[[], T]) -> T:
    until = monotonic() + STORE_PATIENCE
    while True:
        try:
            return act()
        except StoreDown:
            if monotonic() > until:
                raise
        sleep(0.5)
