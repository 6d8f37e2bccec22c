"""What is exported of a run: its head, its figures, and its rows with their cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from hub.evals.figures import Summary
from hub.evals.records import Cell, EvalRun, Row

RowCells = tuple[Row, tuple[Cell, ...]]


@dataclass(frozen=True, slots=True)
class Report:
    """A run on its way out. `rows` walks the rows in the order of the set, each with all its cells in the order of
    their numbers. `checks` are the names of the verdicts that have columns of their own. `figures` gives the summary,
    which forms without figures do not wait for."""

    run: EvalRun
    figures: Callable[[], Summary]
    checks: tuple[str, ...]
    rows: Callable[[], Iterator[RowCells]]

    @property
    def summary(self) -> Summary:
        """What the run came to."""
        return self.figures()

    def column(self, cell: Cell) -> int:
        """The number of the column that a cell stands in."""
        return cell.model * len(self.run.templates) + cell.template

    def title(self, cell: Cell) -> str:
        """What that column is called."""
        return self.summary.columns[self.column(cell)].name


def outcome(cell: Cell) -> str:
    """A cell in one word: passed, failed, error, not judged, not asked."""
    if cell.status != "done":
        return "error" if cell.status == "error" else "not asked"
    return {True: "passed", False: "failed", None: "not judged"}[cell.passed]


def problem(cell: Cell) -> str:
    """The error of a cell in a sentence, "" when there is none."""
    return str((cell.error or {}).get("message", "")) if cell.status == "error" else ""
