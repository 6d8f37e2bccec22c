"""The heart of a worker: about twice a second it tells the others how it stands, hears what is its own from now on, and
writes what is finished."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from time import monotonic

from hub.db.mongo import Document, now
from hub.evals import beat, pages, runs_store, shares
from hub.evals.beat import News, Part, Situation
from hub.evals.desk import Desk
from hub.evals.money import Cut
from hub.evals.pages import Page
from hub.evals.shares import TOTAL

BEAT_SECONDS = 0.5
LIVE_SECONDS = 0.25
SOONEST = 0.1
"""Seconds between two beats at least."""
LAST_SECONDS = 5.0
"""How long calls under way may go on when the process is to end."""


class Keeper:
    """Beats for one worker, one beat at a time."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._saving = asyncio.Lock()

    async def keep(self) -> None:
        """Beats until it is cancelled, sooner when there is news; says when this worker has nothing more to do."""
        desk = self._desk
        while True:
            with suppress(TimeoutError):
                pause = LIVE_SECONDS if desk.writer.talking else BEAT_SECONDS
                await asyncio.wait_for(desk.beat_wanted.wait(), pause)
            desk.beat_wanted.clear()
            await self.beat()
            if desk.broken is not None:
                raise desk.broken
            if not desk.going and not desk.tasks:
                desk.over.set()
            if desk.stop() and desk.stopping is None:
                desk.stopping = monotonic()
            if desk.stopping is not None and monotonic() > desk.stopping + LAST_SECONDS:
                desk.over.set()
            await asyncio.sleep(SOONEST)

    async def save(self, after: Callable[[], None]) -> None:
        """Stores finished cells as they come, all that came meanwhile in one go; `after` is called each time."""
        while True:
            await self._desk.writer.unsaved.wait()
            await self.save_now()
            after()

    async def save_now(self) -> None:
        """Stores the cells that are finished; what follows for their pages happens once they are stored."""
        desk = self._desk
        async with self._saving:
            while batch := desk.writer.finished():
                await desk.patiently(lambda batch=batch: desk.writer.put(batch))
                desk.writer.saved(batch)

    async def beat(self) -> None:
        """One beat: first what was spent, then what it was spent for."""
        desk = self._desk
        if not desk.going and not desk.tasks:
            await self.save_now()  # before pages are given back
        me, news, pausing, said = self._situation(), self._news(), dict(desk.pausing), desk.said
        part, changed = await desk.patiently(lambda: self._tell(me, news, pausing, said))
        self._hear(part, changed, news.spent, pausing)
        held: list[tuple[Page, pages.Status]] = [(page, self._status(page)) for page in desk.pages.values()]
        batch = desk.writer.collect(held)
        lost = await desk.patiently(lambda: desk.writer.write(batch))
        for page in [*lost, *(page for page, status in held if status != "leased")]:
            desk.rest(desk.queues.drop_page(page))
            desk.pages.pop(page.number, None)
        desk.beaten.set()
        desk.beaten = asyncio.Event()

    def _status(self, page: Page) -> pages.Status:
        """What becomes of a page now."""
        desk = self._desk
        if page.active and (desk.going or desk.tasks):
            return "leased"
        left = +page.unfinished
        if not left:
            return "open" if page.active else "done"
        return "waiting" if left.keys() <= desk.paused.keys() else "open"

    def _situation(self) -> Situation:
        desk = self._desk
        want = Counter(desk.gate.busy) + desk.gate.waiting
        for number, one in enumerate(desk.run.models):
            want[one.key] += desk.queues.size(number)
        want[TOTAL] = desk.gate.busy[TOTAL] + desk.queues.total + sum(desk.gate.waiting.values())
        worst = [cell.worst for cell in desk.queues.heads()] + ([desk.owed] if desk.owed else [])
        slots = min(desk.gate.aims.get(TOTAL, 0), sum(aim for key, aim in desk.gate.aims.items() if key != TOTAL))
        return Situation(
            aims=dict(desk.gate.aims),
            busy=dict(desk.gate.busy),
            want=dict(want),
            reserved=desk.purse.reserved,
            allowance=desk.purse.allowance or 0.0,
            wanted=max(1, slots) * max(worst, default=0.0),  # no more: with a worker its money is lost
            least=min(worst, default=0.0),
            rate=desk.rate,
        )

    def _news(self) -> News:
        desk = self._desk
        news = News(dict(desk.answered), list(desk.refused), desk.calls, desk.purse.spent, desk.purse.cut)
        desk.answered, desk.refused, desk.calls, desk.purse.cut = Counter(), [], 0, Cut()
        return news

    def _tell(self, me: Situation, news: News, pausing: dict[int, str], said: str) -> tuple[Part, Document]:
        desk = self._desk
        for number, why in pausing.items():
            runs_store.change_run(desk.who, desk.run.id, {f"paused.{number}": why})
        if said:
            changes: Document = {"status": "paused", "said": said}
            runs_store.change_run(desk.who, desk.run.id, changes, only=("running",))
        changed = runs_store.run(desk.who, desk.run.id, deleted=True)
        run = replace(desk.run, cap=changed["cap"])
        allowed = beat.limits_of(changed)
        act = beat.Taking(desk.worker, run, allowed, me, news)
        return shares.change(desk.who, desk.run.id, act), changed

    def _hear(self, part: Part, changed: Document, told: float, pausing: dict[int, str]) -> None:
        desk = self._desk
        if desk.status in ("running", "paused", "pausing"):
            desk.status = changed["status"] if changed["deleted_at"] is None else "cancelled"
            desk.said = ""
        if desk.status == "cancelled":
            for task in desk.tasks:
                task.cancel()
        desk.run = replace(desk.run, cap=changed["cap"])
        desk.limits = beat.limits_of(changed)
        desk.pausing = {number: why for number, why in desk.pausing.items() if number not in pausing}
        desk.paused = {int(number): why for number, why in changed["paused"].items()} | desk.pausing
        desk.known, desk.watched, desk.streams = part.limits, part.watched, part.streams
        desk.gate.aims = part.aims
        for one in desk.refused:  # since this was told
            part.limits[one.key].refuse(one.began, one.at, one.retry_after)
            part.aims[one.key] = min(part.aims[one.key], part.limits[one.key].now)
        desk.gate.blocked = {key: limit.blocked_until for key, limit in part.limits.items()}
        desk.purse.spent = max(0.0, desk.purse.spent - told)
        desk.room, desk.others_busy = part.room, part.others_busy
        if desk.run.cap is not None:
            desk.purse.allowance = part.allowance
            self._see_cap(part, desk.run.cap)

    def _see_cap(self, part: Part, cap: float) -> None:
        """Ends the run when the money that is left is too little for any cell that waits."""
        desk = self._desk
        least = min((cell.worst for cell in desk.queues.heads()), default=0.0)
        stuck = desk.poor and not desk.tasks and not part.others_busy
        if stuck and desk.going and part.room + 1e-12 < least:
            said = f"The cap of ${cap:,.2f} is reached: ${part.spent:,.4f} were spent. {part.feared.sentence}".strip()
            changes: Document = {"status": "capped", "said": said, "ended_at": now()}
            runs_store.change_run(desk.who, desk.run.id, changes, only=("running",))
            desk.status = "capped"
