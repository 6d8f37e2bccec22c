"""One attempt at a cell: its turns, what checks say of the answer, what that cost, and what follows when it fails."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from hub.errors import HubError, StoreDown
from hub.evals import ask, attached, pending
from hub.evals.desk import Desk
from hub.evals.endpoints import open_asked
from hub.evals.judge_calls import Bill
from hub.evals.judging import Judging
from hub.evals.limits import LONGEST_WAIT
from hub.evals.money import may_be_charged
from hub.evals.pending import Pending
from hub.evals.records import Cell
from hub.evals.trouble import Trouble
from hub.models.errors import ModelError
from hub.models.types import ChatModel

log = structlog.get_logger(__name__)


class Fault(HubError):
    """A fault of the hub's own, in one cell."""

    kind = "internal"

    def __init__(self, error: Exception) -> None:
        sentence = f"Something went wrong in the hub ({type(error).__name__})."
        super().__init__(sentence, hint="Ask the errors again; the hub's log says more.")


class Attempts:
    """Attempts at the cells of a run. `finish` has a finished cell stored, which gives the slot back that is named;
    `fill` begins what can begin now."""

    def __init__(
        self,
        desk: Desk,
        judging: Judging,
        trouble: Trouble,
        finish: Callable[[Pending, Cell, str], None],
        fill: Callable[[], None],
    ) -> None:
        self._desk = desk
        self._judging = judging
        self._trouble = trouble
        self._finish = finish
        self._fill = fill
        self._models: dict[int, ChatModel] = {}

    async def at(self, cell: Pending) -> None:
        """One attempt, whose slot and money are taken already."""
        desk, model = self._desk, self._desk.run.models[cell.model]
        bill = Bill(cell.judging)
        held = cell.cached is None
        try:
            if held:
                await self._ask(cell)
                self._answered(cell)
            made = pending.answered(cell, desk.run)
            if held and desk.run.judge is not None:  # which may need the slot
                desk.gate.give(model.key)
                held = False
            made = await self._judging.cell(cell, made, bill)
            self._finish(cell, made, model.key if held else "")
            held = False
        except ModelError as error:
            self._went_wrong(cell, error)
        except StoreDown:
            raise
        except Exception as error:
            log.exception("eval_cell_failed", run=desk.run.id, cell=cell.index)
            self._finish(cell, pending.failed(cell, desk.run, dict(Fault(error).record())), "")
        finally:
            if held:
                desk.gate.give(model.key)
            desk.purse.settle(cell.worst, cell.due(model) + bill.cost)

    async def _ask(self, cell: Pending) -> None:
        desk, asked = self._desk, self._desk.run.models[cell.model]
        talk = cell.begin(ask.script(cell.row, desk.run.templates[cell.template]))
        if cell.row.files and not talk.first:
            talk.first = await desk.patiently(lambda: attached.parts(desk.who, cell.row.files))
        if cell.model not in self._models:
            self._models[cell.model] = await desk.patiently(lambda: open_asked(desk.who, asked))
        shown = cell.index in desk.watched and desk.streaming < desk.streams
        stream = shown or (asked.endpoint is not None and asked.endpoint.stream)

        def heard(text: str) -> None:
            if shown:
                desk.writer.show(cell.index, text)

        desk.streaming += shown
        try:
            while not talk.over:
                desk.calls += 1
                await ask.ask_turn(self._models[cell.model], talk, cell.params, stream=stream, heard=heard)
        except (ModelError, asyncio.CancelledError) as error:
            if may_be_charged(error):
                desk.purse.fear(cell.left(asked))
            raise
        finally:
            desk.streaming -= shown

    def _answered(self, cell: Pending) -> None:
        desk, key = self._desk, self._desk.run.models[cell.model].key
        desk.answered[key] += 1
        self._trouble.went_well(cell.model)
        limit = desk.known.get(key)
        if limit and not limit.refused and desk.answered[key] + limit.answered >= limit.now < limit.most:
            desk.beat_wanted.set()

    # What goes wrong

    def _went_wrong(self, cell: Pending, error: ModelError) -> None:
        """Decides what becomes of the cell."""
        desk, key = self._desk, self._desk.run.models[cell.model].key
        wait = self._trouble.wait(key, cell.began, error, cell.attempts)
        if cell.model in desk.paused:
            desk.rest([cell])
        elif wait is not None:
            desk.waiting += 1
            asyncio.get_running_loop().call_later(wait, self._again, cell)
        else:
            self._give_up(cell, error)

    def _give_up(self, cell: Pending, error: ModelError) -> None:
        why = self._trouble.given_up(cell.model, error)
        if why:
            self._trouble.pause(cell.model, why)
        if why and (error.retry_after or 0) > LONGEST_WAIT:  # it is the time that is wrong, not the cell
            self._desk.rest([cell])
        else:
            self._finish(cell, pending.failed(cell, self._desk.run, dict(error.record())), "")

    def _again(self, cell: Pending) -> None:
        desk = self._desk
        desk.waiting -= 1
        if cell.model in desk.paused or desk.pages.get(cell.page.number) is not cell.page:
            desk.rest([cell])
        else:
            desk.queues.back(cell)
        self._fill()
