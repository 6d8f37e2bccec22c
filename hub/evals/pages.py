"""Pages: contiguous ranges of a run's cells that one worker at a time works on, planned when they are needed.

A page is leased to a worker as long as that is heard (`hub.evals.shares`). The documents of cells are the truth: who
takes over a page that somebody has begun makes its board from them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from hub.db.mongo import Document
from hub.db.who import Who
from hub.errors import HubError
from hub.evals import board, run_content, runs_store
from hub.evals.board import Board
from hub.evals.order import Grid
from hub.evals.records import Cell
from hub.evals.words_store import Said, of_answers

MOST_CELLS, LEAST_CELLS, PARTS = 250, 50, 12
"""Cells of a page: a run has about twelve pages, so that several workers can share it, of 50 to 250 cells."""
Status = Literal["leased", "open", "waiting", "done"]
"""`open` is for anybody; `waiting` has only cells of paused models left."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where pages begin. A page ends with a complete row, or with its model where one is asked after the other."""

    size: int
    block: int
    cells: int

    @property
    def per_block(self) -> int:
        """Pages of a block of cells that are asked before the next."""
        return -(-self.block // self.size)

    @property
    def count(self) -> int:
        """How many pages there are."""
        return -(-self.cells // self.block) * self.per_block if self.cells else 0

    def span(self, page: int) -> tuple[int, int]:
        """(first cell, number of cells) of a page."""
        block, place = divmod(page, self.per_block)
        first = block * self.block + place * self.size
        return first, min(self.size, (block + 1) * self.block - first)

    def page(self, index: int) -> int:
        """The page of a cell."""
        block, place = divmod(index, self.block)
        return block * self.per_block + place // self.size


def layout(grid: Grid) -> Layout:
    """The pages of a run."""
    wanted = max(LEAST_CELLS, min(MOST_CELLS, grid.cells // PARTS))
    if grid.order == "models":
        return Layout(wanted, grid.cells // max(1, grid.models), grid.cells)
    row = grid.models * grid.templates * grid.repeats
    return Layout(max(1, wanted // row) * row, grid.cells, grid.cells)


@dataclass(slots=True)
class Page:
    """A page that this worker has leased. `begun`: somebody has worked on it before. `changes` are entries of the board
    that are not stored yet, `unfinished` how many cells of each model are not finished, `active` how many things of it
    this worker has still to do. `said` are the words of the answers with the number of their row. `groups` are cells
    that checks compare with each other, by their number and model."""

    number: int
    first: int
    count: int
    rev: int
    board: Board
    begun: bool
    changes: dict[int, tuple[Any, ...]] = field(default_factory=dict[int, "tuple[Any, ...]"])
    unfinished: Counter[int] = field(default_factory=Counter[int])
    active: int = 0
    said: dict[int, Said] = field(default_factory=dict[int, Said])
    groups: dict[int, dict[int, Cell]] = field(default_factory=dict[int, dict[int, Cell]])

    def note(self, cell: Cell) -> None:
        """Keeps the words of a cell that is stored."""
        self.said[cell.index - self.first] = cell.row, of_answers(cell.answers)


Later = Literal["later"]


class Claims:
    """Leases pages of a run to a worker, lowest numbers first. It remembers up to where all is done, so that in a long
    run it reads few pages; when it finds none it looks at all again."""

    def __init__(self, who: Who, run_id: str, worker: str, grid: Grid) -> None:
        self._who = who
        self._run = run_id
        self._worker = worker
        self._grid = grid
        self._laid = layout(grid)
        self._first = 0

    def next(self, living: Callable[[], Collection[str]]) -> Page | Later | None:
        """The next page; "later" while others work on what is left, since they may die; None when nothing is left.
        `living` tells which workers live: it is asked after pages were read, as who leases was heard before."""
        found = self._next(living)
        if isinstance(found, Page) or not self._first:
            return found
        self._first = 0
        return self._next(living)

    def _next(self, living: Callable[[], Collection[str]]) -> Page | Later | None:
        known = {one["page"]: one for one in runs_store.pages(self._who, self._run, first=self._first)}
        there = living()
        while self._first in known and known[self._first]["status"] in ("done", "waiting"):
            self._first += 1
        for number in range(self._first, self._laid.count):
            if self._grid.order == "models" and number % self._laid.per_block == 0 and self._busy(known, number):
                return "later"
            found = known.get(number)
            taken = self._begin(number) if found is None else self._take_over(found, there)
            if taken is not None:
                return taken
        others = any(one["status"] == "leased" and one["worker"] != self._worker for one in known.values())
        return "later" if others or any(n not in known for n in range(self._first, self._laid.count)) else None

    def _busy(self, known: Mapping[int, Document], before: int) -> bool:
        wanted = range(self._first, before)
        return any(number not in known or known[number]["status"] in ("leased", "open") for number in wanted)

    def _begin(self, number: int) -> Page | None:
        first, count = self._laid.span(number)
        made = Page(number, first, count, 0, board.empty(count), begun=False)
        document = {
            "_id": f"{self._run}:{number}",
            "owner": self._who.id,
            "run": self._run,
            "page": number,
            "first": first,
            "count": count,
            "status": "leased",
            "worker": self._worker,
            "board": made.board.tobytes(),
            "rev": 0,
        }
        return made if runs_store.insert_page(document) else None

    def _take_over(self, found: Document, living: Collection[str]) -> Page | None:
        free = found["status"] == "open" or (found["status"] == "leased" and found["worker"] not in living)
        changes: Document = {"status": "leased", "worker": self._worker}
        if not free or not runs_store.change_page(found["_id"], found["rev"], changes):
            return None
        made = board.empty(found["count"])
        page = Page(found["page"], found["first"], found["count"], found["rev"] + 1, made, begun=True)
        for one in runs_store.cells(self._who, self._run, page.first, page.count):
            cell = run_content.cell(one)
            page.note(cell)
            made[cell.index - page.first] = board.entry(cell)
        return page


class LeaseLost(HubError):
    """Another worker has taken the page over."""

    kind = "lease_lost"


def store(who: Who, run_id: str, worker: str, page: Page, changes: Mapping[int, Any], status: Status) -> None:
    """Writes changes of the board and the page's status; raises LeaseLost. Marks that came meanwhile are kept, and so
    are cells that somebody has taken back to be asked again."""
    while True:
        for place, entry in changes.items():
            _put(page.board, place, entry)
        now = "open" if status == "done" and (page.board["status"] == board.QUEUED).any() else status
        fields = {"board": page.board.tobytes(), "status": now}
        if runs_store.change_page(f"{run_id}:{page.number}", page.rev, fields):
            page.rev += 1
            return
        found = runs_store.page(who, run_id, page.number)
        if found is None or found["status"] != "leased" or found["worker"] != worker:
            raise LeaseLost("Another worker has taken over.")
        page.rev, page.board = found["rev"], board.read(found["board"])


def _put(made: Board, place: int, entry: tuple[Any, ...]) -> None:
    """A mark that a person has made stays above what checks say."""
    mark = int(made["mark"][place])
    made[place] = entry
    if mark:
        made["mark"][place] = made["passed"][place] = mark


def amend(who: Who, run_id: str, number: int, act: Callable[[Board], bool], *, opened: bool = False) -> bool:
    """Changes the board of a page, whoever works on it; whether `act` has changed anything. `opened`: a page that
    nobody works on is to be worked on again."""
    while True:
        found = runs_store.page(who, run_id, number)
        if found is None:
            return False
        made = board.read(found["board"])
        if not act(made):
            return False
        changes: Document = {"board": made.tobytes()}
        if opened and found["status"] != "leased":
            changes["status"] = "open"
        if runs_store.change_page(found["_id"], found["rev"], changes):
            return True


def reopen(who: Who, run_id: str) -> None:
    """Gives pages that waited for paused models to whoever comes."""
    for found in runs_store.pages(who, run_id):
        if found["status"] == "waiting":
            runs_store.change_page(found["_id"], found["rev"], {"status": "open"})


def over(who: Who, run_id: str, grid: Grid) -> Literal["done", "waiting"] | None:
    """Whether nothing is left to do but what waits for paused models; None while something is."""
    found = runs_store.pages(who, run_id)
    states = {one["status"] for one in found}
    if len(found) < layout(grid).count or states - {"done", "waiting"}:
        return None
    return "waiting" if "waiting" in states else "done"
