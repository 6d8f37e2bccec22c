"""A slice: one worker's part in a run, on an event loop of its own. Any number of them work on one run.

It leases pages, asks their cells as limits and money allow, has what comes checked and written, and ends when nothing
is left, when the run is paused or cancelled, or when its process is to stop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from threading import Lock
from time import monotonic, time
from typing import Literal
from uuid import uuid4

from hub.db.mongo import Document, now
from hub.db.who import Who
from hub.evals import board, pages, pending, run_content, runs_store, shares
from hub.evals.attempt import Attempts
from hub.evals.desk import Desk
from hub.evals.judging import Judging
from hub.evals.keep import BEAT_SECONDS, Keeper
from hub.evals.leave import leave
from hub.evals.money import Purse
from hub.evals.order import grid
from hub.evals.pages import Claims, Page
from hub.evals.pending import Pending, Queues
from hub.evals.records import Cell, EvalRun, Row
from hub.evals.shares import TOTAL
from hub.evals.trouble import Trouble
from hub.evals.write import Writer
from hub.models import http, whole

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
    """One worker in one run."""

    def __init__(self, who: Who, run: EvalRun, stop: Callable[[], bool]) -> None:
        worker = uuid4().hex
        self._desk = Desk(
            who=who,
            run=run,
            worker=worker,
            stop=stop,
            queues=Queues(len(run.models)),
            writer=Writer(who, run.id, worker),
            limits=run.limits,
            purse=Purse(None if run.cap is None else 0.0),
            paused={number: one.paused for number, one in enumerate(run.models) if one.paused},
        )
        self._claims = Claims(who, run.id, worker, grid(run))
        self._keeper = Keeper(self._desk)
        self._trouble = Trouble(self._desk)
        self._judging = Judging(self._desk, self._trouble)
        self._attempts = Attempts(self._desk, self._judging, self._trouble, self._finish, self._fill)

    async def work(self) -> None:
        """Works until nothing is left for this worker."""
        await asyncio.gather(self._keeper.beat(), asyncio.to_thread(whole.load))
        self._desk.low.set()
        over = asyncio.create_task(self._desk.over.wait())
        beside = [
            asyncio.create_task(one)
            for one in (self._keeper.keep(), self._keeper.save(self._fill), self._load(), self._fill_often())
        ]
        try:
            await asyncio.wait({over, *beside}, return_when=asyncio.FIRST_COMPLETED)
            for one in beside:
                if one.done():
                    one.result()
        finally:
            for one in (over, *beside, *self._desk.tasks):
                one.cancel()
            await asyncio.gather(over, *beside, *self._desk.tasks, return_exceptions=True)
            await self._leave()

    async def _leave(self) -> None:
        """Gives back what this worker holds; whoever sees that all is done ends the run."""
        if self._desk.status == "running":
            self._desk.status = "leaving"
        await self._keeper.save_now()
        await self._keeper.beat()
        await asyncio.to_thread(leave, self._desk)

    # Pages

    async def _load(self) -> None:
        """Leases the next page before the last one drains."""
        desk = self._desk
        while True:
            await desk.low.wait()
            desk.low.clear()
            claimed = await desk.patiently(self._claim) if desk.going else "later"
            if isinstance(claimed, Page):
                await self._take(claimed)
            elif desk.idle:
                if claimed is None:
                    desk.over.set()
                    return
                await asyncio.sleep(BEAT_SECONDS)
                desk.low.set()

    def _claim(self) -> Page | Literal["later"] | None:
        return self._claims.next(lambda: shares.living(self._desk.who, self._desk.run.id))

    async def _take(self, page: Page) -> None:
        desk = self._desk
        cells = await desk.patiently(lambda: pending.plan_page(desk.who, desk.run, page, self._judging.compares))
        for cell in cells:
            if desk.run.cap is not None:
                cell.judging = self._judging.worst(cell, pending.longest(cell))
                cell.worst += cell.judging
        page.unfinished.update(cell.model for cell in cells)
        wanted = [cell for cell in cells if cell.cached is not None or cell.model not in desk.paused]
        page.active = len(wanted)
        desk.pages[page.number] = page
        desk.queues.add(wanted)
        if page.begun and self._judging.compares:
            for last in self._judging.unjudged(page):
                self._judge_row(page, last, await desk.patiently(lambda last=last: self._row(last)))
        desk.beat_wanted.set()
        self._fill()

    def _row(self, cell: Cell) -> Row:
        return run_content.row(runs_store.rows(self._desk.who, self._desk.run.id, cell.row, 1)[0])

    # Asking

    async def _fill_often(self) -> None:
        """Slots that other workers give back, and limits whose time of rest is over, are seen here."""
        while True:
            await self._desk.beaten.wait()
            self._fill()

    def _fill(self) -> None:
        """Begins as many calls as slots and money allow, lowest numbers first."""
        desk, moment = self._desk, time()
        desk.poor = False
        desk.gate.admit(moment)
        if desk.going:
            while any(self._try(cell, moment) for cell in desk.queues.heads()):
                pass
        if self._lacking(moment):
            desk.low.set()

    def _try(self, cell: Pending, moment: float) -> bool:
        desk, key = self._desk, self._desk.run.models[cell.model].key
        asked = cell.cached is None
        if asked and desk.gate.free(key, moment) <= 0:
            return False
        if not desk.purse.reserve(cell.worst):
            desk.poor = True
            if desk.purse.spent:  # what calls gave back is there again once it is told
                desk.beat_wanted.set()
            return False
        desk.queues.take(cell)
        if asked:
            desk.gate.take(key)
        desk.begin(self._attempts.at(cell), self._fill)
        return True

    def _lacking(self, moment: float) -> bool:
        """Whether another page is wanted: few cells wait, or a slot is free that none of them can take."""
        desk = self._desk
        if desk.queues.total < max(1, desk.gate.aims.get(TOTAL, 0)):
            return True
        if desk.run.order == "models":
            return False
        return any(
            not desk.queues.size(number) and number not in desk.paused and desk.gate.free(one.key, moment) > 0
            for number, one in enumerate(desk.run.models)
        )

    def _finish(self, cell: Pending, made: Cell, slot: str = "") -> None:
        """Has the cell stored. It keeps its slot until then: who is killed has no more to repeat than its slots."""
        desk, page = self._desk, cell.page
        made = replace(made, at=now())

        def stored() -> None:
            if slot:
                desk.gate.give(slot)
            page.changes[made.index - page.first] = board.entry(made)
            page.note(made)
            desk.finished.append(monotonic())
            page.unfinished[cell.model] -= 1
            page.active -= 1
            if self._judging.join(page, made):
                self._judge_row(page, made, cell.row)

        desk.writer.add(made, cell.key, stored)

    def _judge_row(self, page: Page, last: Cell, content: Row) -> None:
        page.active += 1

        def after() -> None:
            page.active -= 1
            self._fill()

        self._desk.begin(self._judging.row(page, last, content), after)
