"""Checks of cells as they are answered, and of rows as they become complete. Judges are asked under the same limits and
with the same money as models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import orjson
import structlog

from hub.errors import StoreDown
from hub.evals import board, pages, results, run_content, runs_store
from hub.evals.ask import script
from hub.evals.checks import Check, Subject, judge_cell, needs_row, parse_all, questions
from hub.evals.desk import Desk
from hub.evals.judge import Purpose, Reply
from hub.evals.judge_calls import Bill, JudgeCalls, price
from hub.evals.order import grid
from hub.evals.pages import Page
from hub.evals.pairwise import judge_row
from hub.evals.pending import Pending
from hub.evals.records import Cell, EvalRun, Row, Verdict
from hub.evals.trouble import Trouble
from hub.models.types import ChatRequest

log = structlog.get_logger(__name__)
_INSTRUCTIONS = 1500
"""Tokens of what a judge is told beside what it looks at, at most."""
_TWICE = 2
"""A reply that cannot be read is asked for once more."""


class Judging:
    """The checks of a run."""

    def __init__(self, desk: Desk, trouble: Trouble) -> None:
        self._desk = desk
        self._calls = JudgeCalls(desk, trouble)
        self._parsed: dict[bytes, tuple[Check, ...]] = {}
        self._rows = tuple(one for one in self._checks(()) if needs_row(one))

    def _checks(self, more: Sequence[object]) -> tuple[Check, ...]:
        name = orjson.dumps(more)
        if name not in self._parsed:
            self._parsed[name] = parse_all((*self._desk.run.checks, *more))  # type: ignore[arg-type]
        return self._parsed[name]

    def worst(self, cell: Pending, answers: int) -> float:
        """US dollars that judging a cell costs at most, rows apart; `answers` are tokens of its answers."""
        judge = self._desk.run.judge
        asked = questions([one for one in self._checks(cell.row.checks) if not needs_row(one)], 1)
        if judge is None or not asked:
            return 0.0
        said = sum(len(turn.encode()) for turn in cell.row.turns) + len((cell.row.expected or "").encode())
        said += sum(len(value.encode()) for value in cell.row.vars.values())
        return _TWICE * asked * price(judge, _INSTRUCTIONS + said + answers)

    async def cell(self, cell: Pending, made: Cell, bill: Bill) -> Cell:
        """The cell with what its own checks say."""
        checks = self._checks(cell.row.checks)
        if not checks or made.status != "done":
            return made
        if cell.judged is not None:
            rows = {one.label for one in self._rows}
            return replace(made, verdicts=tuple(one for one in cell.judged if one.name not in rows))
        subject = _subject(self._desk.run, cell.row, made)

        async def ask(purpose: Purpose, request: ChatRequest) -> Reply:
            return await self._calls.ask(purpose, request, made.repeat, bill)

        try:
            return replace(made, verdicts=await judge_cell(checks, subject, ask, self._desk.run.judge_prompts))
        except StoreDown:
            raise
        except Exception as error:
            log.exception("eval_check_failed", run=self._desk.run.id, cell=cell.index)
            sentence = f"Something went wrong in the hub ({type(error).__name__}); its log says more."
            return replace(made, verdicts=(Verdict("internal", "checks", None, error=sentence),))

    # Rows

    @property
    def compares(self) -> bool:
        """Whether checks compare the answers to a row with each other."""
        return bool(self._rows)

    def join(self, page: Page, made: Cell) -> bool:
        """Notes a cell that is finished; whether its row is complete now, so that `row` is to be called."""
        if not self._rows:
            return False
        models = len(self._desk.run.models)
        if self._desk.run.order == "models":
            return made.model == models - 1
        group = page.groups.setdefault(made.index // models, {})
        group[made.model] = made
        return len(group) == models

    def unjudged(self, page: Page) -> list[Cell]:
        """One cell of each complete row of a page that somebody has begun and not judged."""
        models = len(self._desk.run.models)
        names = {one.label for one in self._rows}
        found: list[Cell] = []
        for group in page.groups.values():
            complete = len(group) == models if self._desk.run.order == "rows" else models - 1 in group
            said = {verdict.name for cell in group.values() for verdict in cell.verdicts}
            if complete and not names & said:
                found.append(next(iter(group.values())))
        return found

    async def row(self, page: Page, last: Cell, content: Row) -> None:
        """Judges a complete row and writes what was said of its cells."""
        desk = self._desk
        cells = await self._group(page, last)
        done = [cell for cell in cells if cell.status == "done"]
        bill = Bill()

        async def ask(purpose: Purpose, request: ChatRequest) -> Reply:
            return await self._calls.ask(purpose, request, last.repeat, bill)

        subjects = [_subject(desk.run, content, cell) for cell in done]
        verdicts = await judge_row(self._rows, subjects, ask, desk.run.judge_prompts)
        for cell, said in zip(done, verdicts, strict=True):
            judged = replace(cell, verdicts=(*cell.verdicts, *said))
            desk.writer.judged(judged)
            if page.first <= cell.index < page.first + page.count:
                page.changes[cell.index - page.first] = board.entry(judged)
            else:
                await desk.patiently(lambda judged=judged: amend(desk, judged))

    async def _group(self, page: Page, last: Cell) -> list[Cell]:
        desk, placed = self._desk, grid(self._desk.run)
        if desk.run.order == "rows":
            return list(page.groups.pop(last.index // placed.models).values())
        others = [
            placed.index(last.row, last.repeat, last.template, model)
            for model in range(placed.models)
            if model != last.model
        ]
        found = await desk.patiently(lambda: results.some_cells(desk.who, desk.run.id, others))
        return [*found.values(), last]


def amend(desk: Desk, cell: Cell) -> None:
    """Puts a cell on the board of a page that this worker does not hold."""
    laid = pages.layout(grid(desk.run))
    number = laid.page(cell.index)
    place = cell.index - laid.span(number)[0]

    def put(made: board.Board) -> bool:
        made[place] = board.entry(cell)
        return True

    runs_store.change_cells(
        desk.who, desk.run.id, {cell.index: {"verdicts": run_content.verdict_documents(cell.verdicts)}}
    )
    pages.amend(desk.who, desk.run.id, number, put)


def _subject(run: EvalRun, row: Row, cell: Cell) -> Subject:
    asked = script(row, run.templates[cell.template])
    return Subject(
        text=cell.text,
        answers=cell.answers,
        turns=asked.turns,
        vars=row.vars,
        expected=row.expected,
        ms=None if cell.cached else cell.ms,
        first_ms=None if cell.cached else cell.first_ms,
        cost=cell.cost,
        usage=cell.usage,
        finish=cell.finish,
        tags=row.tags,
        model=run.models[cell.model].label,
        system=asked.system,
    )
