"""Cells that are to be asked: made from a page when it is planned, and taken in the order of their numbers."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, replace
from time import time

from hub.db.who import Who
from hub.evals import ask, attached, board, money, run_content, runs_store
from hub.evals.ask import Script, Talk
from hub.evals.order import Grid, grid
from hub.evals.pages import Page
from hub.evals.records import Cell, EvalRun, Row, RunModel, Verdict
from hub.models.types import Params


@dataclass(slots=True)
class Pending:
    """A cell that is not finished. `params` are what it is asked with, `worst` US dollars that it costs at most, with
    those for what judges say of it (`judging`)."""

    index: int
    row: Row
    row_number: int
    template: int
    model: int
    repeat: int
    page: Page
    key: str
    params: Params
    worst: float
    judging: float = 0.0
    judged: tuple[Verdict, ...] | None = None
    """What the checks said of `cached`, where they are the same."""
    cached: Cell | None = None
    """An earlier answer to exactly this."""
    talk: Talk | None = None
    paid: float = 0.0
    """US dollars of its turns that are settled."""
    attempts: int = 0
    first_began: float | None = None
    began: float = 0.0

    def due(self, model: RunModel) -> float:
        """US dollars that its turns have cost since this was asked last."""
        cost = self._cost(model)
        due, self.paid = cost - self.paid, cost
        return due

    def left(self, model: RunModel) -> float:
        """US dollars that the turns which are not answered cost at most."""
        return max(0.0, self.worst - self.judging - self._cost(model))

    def _cost(self, model: RunModel) -> float:
        usage = self.talk.usage if self.talk else None
        return 0.0 if usage is None else model.price.cost(usage) or 0.0

    def begin(self, script: Script) -> Talk:
        """An attempt begins."""
        self.attempts += 1
        self.began = time()
        if self.first_began is None:
            self.first_began = self.began
        if self.talk is None:
            self.talk = Talk(script)
        return self.talk


def plan_page(who: Who, run: EvalRun, page: Page, grouped: bool) -> list[Pending]:
    """The cells of a page that are not finished, with earlier answers to what they ask. Reads the store. `grouped`: the
    finished cells are to be compared with the others of their row."""
    placed = grid(run)
    if grouped and page.begun:
        for one in runs_store.cells(who, run.id, page.first, page.count):
            cell = run_content.cell(one)
            group = cell.index // placed.models if run.order == "rows" else cell.index
            page.groups.setdefault(group, {})[cell.model] = cell
    rows = _rows(who, run, placed, page)
    same = _same(run)
    params = [money.capped(one) if run.cap is not None else one.params for one in run.models]
    made: list[Pending] = []
    for index in range(page.first, page.first + page.count):
        if page.board["status"][index - page.first] != board.QUEUED:
            continue
        row, repeat, template, model = placed.place(index)
        script = ask.script(rows[row], run.templates[template])
        key = ask.key(run.models[model], params[model], script, rows[row].files, repeat, same[model])
        worst = 0.0
        if run.cap is not None and run.rejudges is None:
            files = rows[row].files
            worst = money.worst(run.models[model], script, 2 * attached.tokens(who, files) if files else 0)
        made.append(
            Pending(index, rows[row], row, template, model, repeat, page, key, params=params[model], worst=worst)
        )
    if made and run.rejudges:
        _again(who, run.rejudges, made)
    elif made and (run.cache or run.extends):
        _earlier(who, run, made)
    return made


def _rows(who: Who, run: EvalRun, placed: Grid, page: Page) -> dict[int, Row]:
    numbers = [placed.place(index)[0] for index in (page.first, page.first + page.count - 1)]
    found = runs_store.rows(who, run.id, numbers[0], numbers[1] - numbers[0] + 1)
    return {one["row"]: run_content.row(one) for one in found}


def _same(run: EvalRun) -> list[int]:
    """For each model, how many before it are asked the same."""
    seen: Counter[object] = Counter()
    numbers: list[int] = []
    for one in run.models:
        name = (one.key, one.params)
        numbers.append(seen[name])
        seen[name] += 1
    return numbers


def _earlier(who: Who, run: EvalRun, made: list[Pending]) -> None:
    """Fills in earlier answers: of any run of the person, or only of the run that this one extends."""
    found: dict[str, Cell] = {}
    judged: dict[str, tuple[Verdict, ...]] = {}
    alike = run.extends is not None and _judged_alike(run, run_content.run(runs_store.run(who, run.extends)))
    for one in runs_store.keyed(who, [cell.key for cell in made]):
        usable = one["status"] == "done" and one["finish"] != "content_filter"
        if usable and one["run"] != run.id and (run.cache or one["run"] == run.extends):
            if one["run"] == run.extends or one["key"] not in found:
                found[one["key"]] = run_content.cell(one)
            if alike and one["run"] == run.extends:
                judged[one["key"]] = found[one["key"]].verdicts
    for cell in made:
        cell.cached, cell.judged = found.get(cell.key), judged.get(cell.key)


def _judged_alike(run: EvalRun, before: EvalRun) -> bool:
    """Whether the checks and the judge of two runs say the same of the same answer."""
    judges = [(one.address, one.model, one.params) if one else None for one in (run.judge, before.judge)]
    return run.checks == before.checks and judges[0] == judges[1] and run.judge_prompts == before.judge_prompts


def _again(who: Who, before: str, made: list[Pending]) -> None:
    """Fills in the answers of the run that is judged again, errors as well."""
    there = {one["index"]: run_content.cell(one) for one in runs_store.some_cells(who, before, [c.index for c in made])}
    for cell in made:
        cell.cached = there.get(cell.index) or _nothing(cell)


def _nothing(cell: Pending) -> Cell:
    """Stands for a cell that the run before has not asked."""
    error = {"kind": "not_asked", "message": "The run that is judged again has no answer here.", "hint": ""}
    return Cell(cell.index, cell.row_number, cell.template, cell.model, cell.repeat, "error", error=error)


def longest(cell: Pending) -> int:
    """Tokens that the answers of a cell may have, where every request says how long an answer may be; those of earlier
    answers are known."""
    if cell.cached is not None:
        return sum(len(answer.encode()) // 2 for answer in cell.cached.answers)
    return (cell.params.max_tokens or money.LONGEST_ANSWER) * max(1, len(cell.row.turns))


def answered(cell: Pending, run: EvalRun) -> Cell:
    """The finished cell, without what checks say."""
    talk, came = cell.talk, cell.cached
    if came is not None and run.rejudges:
        return replace(came, verdicts=())
    if came is not None:
        return replace(
            came,
            index=cell.index,
            row=cell.row_number,
            template=cell.template,
            model=cell.model,
            repeat=cell.repeat,
            ms=None,
            first_ms=None,
            waited_ms=None,
            attempts=0,
            cached=True,
            verdicts=(),
            mark=None,
        )
    assert talk is not None
    usage = talk.counted()
    return Cell(
        index=cell.index,
        row=cell.row_number,
        template=cell.template,
        model=cell.model,
        repeat=cell.repeat,
        status="done",
        answers=talk.answers,
        reasoning=talk.reasoning,
        usage=usage,
        cost=run.models[cell.model].price.cost(usage),
        ms=round(talk.ms, 2),
        first_ms=None if talk.first_ms is None else round(talk.first_ms, 2),
        waited_ms=_waited(cell),
        attempts=cell.attempts,
        finish=talk.finish,
    )


def failed(cell: Pending, run: EvalRun, error: dict[str, object]) -> Cell:
    """The cell that could not be asked, with the turns that were answered before."""
    usage = cell.talk.usage if cell.talk else None
    return Cell(
        index=cell.index,
        row=cell.row_number,
        template=cell.template,
        model=cell.model,
        repeat=cell.repeat,
        status="error",
        answers=cell.talk.answers if cell.talk else (),
        usage=usage,
        cost=None if usage is None else run.models[cell.model].price.cost(usage),
        waited_ms=_waited(cell),
        attempts=cell.attempts,
        error=error,
    )


def _waited(cell: Pending) -> float:
    return round((cell.began - (cell.first_began or cell.began)) * 1000, 1)


class Queues:
    """Cells that may be asked, by model, in the order of their numbers."""

    def __init__(self, models: int) -> None:
        self._by_model: list[deque[Pending]] = [deque() for _ in range(models)]

    def add(self, cells: list[Pending]) -> None:
        """New cells, whose numbers come after those that are here."""
        for cell in cells:
            self._by_model[cell.model].append(cell)

    def back(self, cell: Pending) -> None:
        """A cell that is to be asked again, before all others of its model."""
        self._by_model[cell.model].appendleft(cell)

    def heads(self) -> list[Pending]:
        """The next cell of each model that has one, in order."""
        return sorted((queue[0] for queue in self._by_model if queue), key=lambda cell: cell.index)

    def take(self, cell: Pending) -> None:
        """Takes out the head of its model."""
        self._by_model[cell.model].popleft()

    def drop(self, model: int) -> list[Pending]:
        """Takes out all cells of a model."""
        dropped = list(self._by_model[model])
        self._by_model[model].clear()
        return dropped

    def drop_page(self, page: Page) -> list[Pending]:
        """Takes out all cells of a page."""
        dropped: list[Pending] = []
        for number, queue in enumerate(self._by_model):
            dropped += [cell for cell in queue if cell.page is page]
            self._by_model[number] = deque(cell for cell in queue if cell.page is not page)
        return dropped

    def size(self, model: int) -> int:
        """How many cells of a model wait."""
        return len(self._by_model[model])

    @property
    def total(self) -> int:
        """How many cells wait."""
        return sum(map(len, self._by_model))
