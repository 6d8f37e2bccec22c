"""A slice: one worker's part in a run, on an event loop of its own. Any number of them work on one run.

It leases pages, asks their cells as limits and money allow, writes what comes in batches, and ends when nothing is
left, when the run is paused or cancelled, or when its process is to stop.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from threading import Lock
from time import monotonic, time
from typing import Literal, TypeVar
from uuid import uuid4

import structlog

from hub.db.mongo import Document, now
from hub.db.who import Who
from hub.errors import StoreDown
from hub.evals import ask, beat, pages, pending, run_content, runs_store, shares
from hub.evals.beat import MOST_BUSY, News, Part, Refusal, Situation
from hub.evals.endpoints import open_asked
from hub.evals.gate import Gate
from hub.evals.limits import LONGEST_WAIT, Limit, pause
from hub.evals.money import Purse
from hub.evals.order import grid
from hub.evals.pages import Page
from hub.evals.pending import Pending, Queues
from hub.evals.records import Cell, EvalRun
from hub.evals.shares import TOTAL
from hub.evals.write import Batch, Writer
from hub.models import http
from hub.models.errors import ModelError, RateLimited, duration
from hub.models.types import ChatModel

BEAT_SECONDS = 0.5
LIVE_SECONDS = 0.25
SOONEST = 0.1
"""Seconds between two beats at least."""
IN_A_ROW = 3
"""So many cells with the same error pause their model."""
_OF_THE_CELL = frozenset({"refused_content", "context_too_long"})
"""Errors that say nothing of the next cell."""
STORE_PATIENCE = 120.0
"""Seconds that a slice waits for a store that is away."""
_RATE_SECONDS = 10.0

T = TypeVar("T")
log = structlog.get_logger(__name__)
_at_work: set[tuple[str, str]] = set()
_lock = Lock()


def run_slice(who: Who, run_id: str, stop: Callable[[], bool] = lambda: False) -> None:
    """Works on a run until nothing is left for this process, the run is paused, cancelled or at its cap, or `stop`
    says so. Returns at once when this process is at work on it already. Raises StoreDown when a store stays away."""
    again = True
    while again and not stop():
        with _lock:
            if (who.id, run_id) in _at_work:
                return
            _at_work.add((who.id, run_id))
        try:
            asyncio.run(_work(who, run_id, stop))
        finally:
            with _lock:
                _at_work.discard((who.id, run_id))
        found = runs_store.run(who, run_id)
        again = found["status"] == "running" and _left(who, run_id, found)


def _left(who: Who, run_id: str, found: Document) -> bool:
    """Whether there are pages that nobody works on: somebody went on with a run that this slice was leaving."""
    laid = pages.layout(grid(run_content.run(found)))
    known = runs_store.pages(who, run_id)
    return len(known) < laid.count or any(one["status"] == "open" for one in known)


async def _work(who: Who, run_id: str, stop: Callable[[], bool]) -> None:
    found = await asyncio.to_thread(runs_store.run, who, run_id)
    if found["status"] != "running":
        return
    try:
        await Slice(who, run_content.run(found), stop).work()
    finally:
        await http.close()


class Slice:
    """The state of one worker in one run. All of it is changed on the event loop only."""

    def __init__(self, who: Who, run: EvalRun, stop: Callable[[], bool]) -> None:
        self._who = who
        self._run = run
        self._stop = stop
        self._worker = uuid4().hex
        self._grid = grid(run)
        self._gate = Gate()
        self._purse = Purse(None if run.cap is None else 0.0)
        self._queues = Queues(len(run.models))
        self._writer = Writer(who, run.id, self._worker)
        self._pages: dict[int, Page] = {}
        self._unfinished: dict[int, Counter[int]] = {}
        self._active: Counter[int] = Counter()
        self._models: dict[int, ChatModel] = {}
        self._paused = {number: one.paused for number, one in enumerate(run.models) if one.paused}
        self._pausing: dict[int, str] = {}
        self._same: dict[int, tuple[object, int]] = {}
        self._tasks: dict[asyncio.Task[None], Pending] = {}
        self._waiting = 0
        self._limits = run.limits
        self._known: dict[str, Limit] = {}
        self._answered: Counter[str] = Counter()
        self._refused: list[Refusal] = []
        self._watched: frozenset[int] = frozenset()
        self._finished: deque[float] = deque()
        self._poor = False
        self._status = "running"
        self._beat_wanted = asyncio.Event()
        self._low = asyncio.Event()
        self._over = asyncio.Event()
        self._failed: Batch | None = None

    # The whole

    async def work(self) -> None:
        """Works until nothing is left for this worker."""
        await self._beat()
        keeper, loader = asyncio.create_task(self._keep()), asyncio.create_task(self._load())
        over = asyncio.create_task(self._over.wait())
        try:
            await asyncio.wait({keeper, loader, over}, return_when=asyncio.FIRST_COMPLETED)
            for one in (keeper, loader):
                if one.done():
                    one.result()
        finally:
            for one in (keeper, loader, over, *self._tasks):
                one.cancel()
            await asyncio.gather(keeper, loader, over, *self._tasks, return_exceptions=True)
            await self._leave()

    async def _leave(self) -> None:
        """Gives back what this worker holds; whoever sees that all is done ends the run."""
        self._status = "leaving" if self._status == "running" else self._status
        await self._beat()
        await asyncio.to_thread(self._left)

    def _left(self) -> None:
        shares.change(self._run.id, lambda state: state.holders.pop(self._worker, None))
        spent = shares.read(self._run.id).spent
        over = pages.over(self._who, self._run.id, self._grid)
        if over == "done":
            self._end({"status": "done", "ended_at": now(), "said": "", "spent": spent})
        elif over == "waiting":
            self._end({"status": "paused", "said": self._about_paused(), "spent": spent})
        else:
            runs_store.change_run(self._who, self._run.id, {"spent": spent})

    def _end(self, changes: Document) -> None:
        runs_store.change_run(self._who, self._run.id, changes, only=("running",))

    def _about_paused(self) -> str:
        found = run_content.run(runs_store.run(self._who, self._run.id))
        named = [f"{one.label}: {one.paused}" for one in found.models if one.paused]
        count = f"{len(named)} of {len(found.models)} models" if len(found.models) > 1 else "The model"
        return f"{count} could not be asked further. " + " ".join(named)

    @property
    def _going(self) -> bool:
        return self._status == "running" and not self._stop()

    # Pages

    async def _load(self) -> None:
        """Leases the next page before the last one drains."""
        while True:
            await self._low.wait()
            self._low.clear()
            if not self._going:
                continue
            claimed = await self._patiently(self._claim)
            if isinstance(claimed, Page):
                await self._take_page(claimed)
            elif self._idle:
                if claimed is None:
                    self._over.set()
                    return
                await asyncio.sleep(BEAT_SECONDS)
                self._low.set()

    def _claim(self) -> Page | Literal["later"] | None:
        living = self._living | {self._worker}
        return pages.claim(self._who, self._run.id, self._worker, living, self._grid)

    async def _take_page(self, page: Page) -> None:
        cells = await self._patiently(lambda: pending.plan_page(self._who, self._run, page))
        self._pages[page.number] = page
        self._unfinished[page.number] = Counter(cell.model for cell in cells)
        active = [cell for cell in cells if cell.cached is not None or cell.model not in self._paused]
        self._active[page.number] = len(active)
        self._queues.add([cell for cell in active if cell.cached is None])
        for cell in active:
            if cell.cached is not None:
                self._start(cell)
        self._beat_wanted.set()
        self._fill()

    @property
    def _idle(self) -> bool:
        """Whether nothing is under way, nothing waits and no page is held."""
        return not (self._tasks or self._waiting or self._queues.total or self._pages)

    def _page_status(self, page: Page) -> pages.Status:
        """What becomes of a page at the next beat."""
        left = +self._unfinished[page.number]
        if not left:
            return "done"
        if not self._active[page.number]:
            return "waiting" if left.keys() <= self._paused.keys() else "open"
        return "leased" if self._going or self._tasks else "open"

    # Asking

    def _fill(self) -> None:
        """Begins as many calls as slots and money allow, lowest numbers first."""
        moment, self._poor = time(), False
        if self._going:
            self._gate.admit(moment)
            begun = True
            while begun:
                begun = any(self._try(cell, moment) for cell in self._queues.heads())
        if self._lacking(moment):
            self._low.set()

    def _try(self, cell: Pending, moment: float) -> bool:
        key = self._run.models[cell.model].key
        if self._gate.free(key, moment) <= 0:
            return False
        if not self._purse.reserve(cell.worst):
            self._poor = True
            return False
        self._queues.take(cell)
        self._gate.take(key)
        self._start(cell)
        return True

    def _lacking(self, moment: float) -> bool:
        """Whether another page is wanted: few cells wait, or a slot is free that none of them can take."""
        if self._queues.total < max(1, self._gate.aims.get(TOTAL, 0)):
            return True
        if self._run.order == "models":
            return False
        return any(
            not self._queues.size(number) and number not in self._paused and self._gate.free(one.key, moment) > 0
            for number, one in enumerate(self._run.models)
        )

    def _start(self, cell: Pending) -> None:
        task = asyncio.get_running_loop().create_task(self._cell(cell))
        self._tasks[task] = cell
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._tasks[task]
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("eval_cell_failed", exc_info=error)
            self._stop, self._broken = (lambda: True), error
        self._fill()

    async def _cell(self, cell: Pending) -> None:
        """One attempt at a cell, from its prompt to its entry on the board."""
        if cell.cached is not None:
            self._finish(cell, pending.answered(cell, cost=None))
            return
        model = self._run.models[cell.model]
        cost: float | None = None
        try:
            try:
                await self._ask(cell)
            finally:
                self._gate.give(model.key)
        except ModelError as error:
            self._went_wrong(cell, error)
        else:
            assert cell.talk is not None
            cost = model.price.cost(cell.talk.counted())
            self._finish(cell, pending.answered(cell, cost=cost))
            self._answered_under(model.key)
            self._same.pop(cell.model, None)
        finally:
            self._purse.settle(cell.worst, cost or 0.0)

    def _answered_under(self, key: str) -> None:
        self._answered[key] += 1
        limit = self._known.get(key)
        if limit and not limit.refused and self._answered[key] + limit.answered >= limit.now < limit.most:
            self._beat_wanted.set()

    async def _ask(self, cell: Pending) -> None:
        asked = self._run.models[cell.model]
        template = self._run.templates[cell.template]
        talk = cell.begin(ask.script(cell.row, template))
        if cell.model not in self._models:
            self._models[cell.model] = await asyncio.to_thread(open_asked, self._who, asked)
        watched = cell.index in self._watched
        stream = watched or (asked.endpoint is not None and asked.endpoint.stream)

        def heard(text: str) -> None:
            if watched:
                self._writer.show(cell.index, text)

        while not talk.over:
            await ask.ask_turn(self._models[cell.model], talk, cell.params, stream=stream, heard=heard)

    def _finish(self, cell: Pending, made: Cell) -> None:
        self._writer.add(cell.page, replace(made, at=now()), cell.key)
        if cell.page.number in self._unfinished:  # else the page has been taken over
            self._unfinished[cell.page.number][cell.model] -= 1
            self._active[cell.page.number] -= 1
        moment = monotonic()
        self._finished.append(moment)
        while self._finished and self._finished[0] < moment - _RATE_SECONDS:
            self._finished.popleft()

    # What goes wrong

    def _went_wrong(self, cell: Pending, error: ModelError) -> None:
        key = self._run.models[cell.model].key
        if isinstance(error, RateLimited):
            self._refuse(key, cell.began, error.retry_after)
        if error.retry_after is not None and error.retry_after > LONGEST_WAIT:
            self._pause(cell.model, f"{error.message} It wants {duration(error.retry_after)} of rest.")
        wait = pause(error, cell.attempts)
        if cell.model in self._paused:
            self._rest([cell])
            return
        if wait is not None:
            self._waiting += 1
            asyncio.get_running_loop().call_later(wait, self._again, cell)
            return
        self._finish(cell, pending.failed(cell, dict(error.record())))
        name = (error.kind, error.message)
        before, count = self._same.get(cell.model, (None, 0))
        self._same[cell.model] = name, count + 1 if before == name else 1
        if self._same[cell.model][1] >= IN_A_ROW and error.kind not in _OF_THE_CELL:
            self._pause(cell.model, f"{error.message} That came {IN_A_ROW} times in a row.")

    def _refuse(self, key: str, began: float, retry_after: float | None) -> None:
        """Fewer calls at once from now on, before the others are told."""
        moment = time()
        self._refused.append(Refusal(key, began, moment, retry_after))
        limit = self._known.setdefault(key, Limit(self._limits.start))
        limit.refuse(began, moment, retry_after)
        self._gate.aims[key] = min(self._gate.aims.get(key, 0), limit.now)
        self._gate.blocked[key] = limit.blocked_until
        self._beat_wanted.set()

    def _again(self, cell: Pending) -> None:
        self._waiting -= 1
        if cell.model in self._paused:
            self._rest([cell])
        elif cell.page.number in self._pages:
            self._queues.back(cell)
        self._fill()

    def _rest(self, cells: list[Pending]) -> None:
        """Leaves cells as they are, for when their model is asked again."""
        for cell in cells:
            self._active[cell.page.number] -= 1

    def _pause(self, model: int, why: str) -> None:
        """Asks a model no more; its cells stay as they are."""
        if model not in self._paused:
            self._paused[model] = self._pausing[model] = why
            self._rest(self._queues.drop(model))
            self._beat_wanted.set()

    # Telling and hearing

    _living: frozenset[str] = frozenset()
    _broken: BaseException | None = None

    async def _keep(self) -> None:
        """Beats about twice a second, sooner when there is news."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._beat_wanted.wait(), LIVE_SECONDS if self._writer.talking else BEAT_SECONDS)
            self._beat_wanted.clear()
            await self._beat()
            if self._broken is not None:
                raise self._broken
            if not self._going and not self._tasks:
                self._over.set()
            await asyncio.sleep(SOONEST)

    async def _beat(self) -> None:
        me, news, pausing = self._situation(), self._news(), dict(self._pausing)
        part, changed = await self._patiently(lambda: self._tell(me, news, pausing))
        self._pausing = {number: why for number, why in self._pausing.items() if number not in pausing}
        self._hear(part, changed, news.spent)
        held: list[tuple[Page, pages.Status]] = [(page, self._page_status(page)) for page in self._pages.values()]
        batch = self._writer.collect(held)
        lost = await self._patiently(lambda: self._writer.write(batch))
        for page, status in held:
            if status != "leased":
                self._drop(page)
        for page in lost:
            self._drop(page)
        self._fill()

    def _drop(self, page: Page) -> None:
        self._queues.drop_page(page)
        if self._pages.pop(page.number, None) is not None:
            self._unfinished.pop(page.number)
            self._active.pop(page.number)

    def _situation(self) -> Situation:
        want: Counter[str] = Counter(self._gate.busy) + self._gate.waiting
        for number, one in enumerate(self._run.models):
            want[one.key] += self._queues.size(number)
        want[TOTAL] = self._gate.busy[TOTAL] + self._queues.total + sum(self._gate.waiting.values())
        worst = [cell.worst for cell in self._queues.heads()]
        return Situation(
            aims=dict(self._gate.aims),
            busy=dict(self._gate.busy),
            want=dict(want),
            reserved=self._purse.reserved,
            allowance=self._purse.allowance or 0.0,
            wanted=2 * MOST_BUSY * max(worst, default=0.0),
            least=min(worst, default=0.0),
            rate=len(self._finished) / max(1.0, min(_RATE_SECONDS, monotonic() - (self._finished or [0.0])[0])),
        )

    def _news(self) -> News:
        news = News(dict(self._answered), list(self._refused), self._purse.spent)
        self._answered, self._refused = Counter(), []
        return news

    def _tell(self, me: Situation, news: News, pausing: dict[int, str]) -> tuple[Part, Document]:
        for number, why in pausing.items():
            runs_store.change_run(self._who, self._run.id, {f"paused.{number}": why})
        changed = runs_store.run(self._who, self._run.id, deleted=True)
        allowed = beat.limits_of(changed)
        self._run = replace(self._run, cap=changed["cap"])
        part = shares.change(
            self._run.id, lambda state: beat.take_part(state, self._worker, self._run, allowed, me, news)
        )
        return part, changed

    def _hear(self, part: Part, changed: Document, told: float) -> None:
        if self._status in ("running", "paused"):
            self._status = changed["status"] if changed["deleted_at"] is None else "cancelled"
        if self._status == "cancelled":
            for task in self._tasks:
                task.cancel()
        self._limits = beat.limits_of(changed)
        self._paused = {int(number): why for number, why in changed["paused"].items()} | self._pausing
        self._known, self._living, self._watched = part.limits, part.living, part.watched
        self._gate.aims = part.aims
        self._gate.blocked = {key: limit.blocked_until for key, limit in part.limits.items()}
        self._purse.spent = max(0.0, self._purse.spent - told)
        if self._run.cap is not None:
            self._purse.allowance = part.allowance
            self._see_cap(part)

    def _see_cap(self, part: Part) -> None:
        """Ends the run when the money that is left is too little for any cell that waits."""
        least = min((cell.worst for cell in self._queues.heads()), default=0.0)
        stuck = self._poor and not self._tasks and not part.others_busy
        if stuck and self._going and part.room + 1e-12 < least:
            assert self._run.cap is not None
            said = f"The cap of ${self._run.cap:,.2f} is reached: ${part.spent:,.4f} were spent."
            runs_store.change_run(
                self._who, self._run.id, {"status": "capped", "said": said, "ended_at": now()}, only=("running",)
            )
            self._status = "capped"

    async def _patiently(self, act: Callable[[], T]) -> T:
        """`act` in a thread, again while a store is away."""
        until = monotonic() + STORE_PATIENCE
        while True:
            try:
                return await asyncio.to_thread(act)
            except StoreDown:
                if monotonic() > until:
                    raise
                await asyncio.sleep(1)
