"""Which cell is which: a cell's number in the plan, and the model, template, row and repeat that it stands for.

In the order "rows" all models answer a row before the next one begins, so that the first complete rows can be judged
early; in the order "models" a model has answered everything before the next one is asked.
"""

from __future__ import annotations

from dataclasses import dataclass

from hub.evals.records import EvalRun, Order


@dataclass(frozen=True, slots=True)
class Grid:
    """The sizes of a run's grid, and the numbers of its cells."""

    rows: int
    repeats: int
    templates: int
    models: int
    order: Order = "rows"

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return self.rows * self.repeats * self.templates * self.models

    def index(self, row: int, repeat: int, template: int, model: int) -> int:
        """The number of a cell."""
        if self.order == "rows":
            return ((row * self.repeats + repeat) * self.templates + template) * self.models + model
        return ((model * self.rows + row) * self.repeats + repeat) * self.templates + template

    def place(self, index: int) -> tuple[int, int, int, int]:
        """(row, repeat, template, model) of a cell."""
        if self.order == "rows":
            rest, model = divmod(index, self.models)
            rest, template = divmod(rest, self.templates)
            row, repeat = divmod(rest, self.repeats)
        else:
            rest, template = divmod(index, self.templates)
            rest, repeat = divmod(rest, self.repeats)
            model, row = divmod(rest, self.rows)
        return row, repeat, template, model


def grid(run: EvalRun) -> Grid:
    """The grid of a run."""
    return Grid(run.rows, run.repeats, len(run.templates), len(run.models), run.order)
