"""The board of a whole run as a cube: rows x repeats x templates x models, whichever order it is asked in."""

from __future__ import annotations

from collections import Counter

import numpy as np
import numpy.typing as npt

from hub.evals.board import DONE, Board
from hub.evals.records import EvalRun

Numbers = npt.NDArray[np.float64]


def cube(run: EvalRun, cells: Board) -> Board:
    """The cells of a run, given by number, as (rows, repeats, templates, models); a view on them."""
    sizes = (run.rows, run.repeats, len(run.templates))
    if run.order == "rows":
        return cells.reshape(*sizes, len(run.models))
    return np.moveaxis(cells.reshape(len(run.models), *sizes), 0, -1)


def column(whole: Board, number: int) -> Board:
    """(rows, repeats) of column `number` = model * templates + template."""
    model, template = divmod(number, whole.shape[2])
    return whole[:, :, template, model]


def verdicts(cells: Board) -> Numbers:
    """1 passed, 0 failed, NaN where nothing could tell or nothing was answered."""
    told = (cells["status"] == DONE) & (cells["passed"] != 0)
    return np.where(told, (cells["passed"] > 0).astype(np.float64), np.nan)


def means(values: Numbers) -> Numbers:
    """The mean of the repeats of each row, NaN where there is none: (rows, repeats) to (rows,)."""
    counts = (~np.isnan(values)).sum(axis=1)
    return np.where(counts > 0, np.nansum(values, axis=1) / np.maximum(counts, 1), np.nan)


def keys(run: EvalRun) -> tuple[tuple[str, int, str, int], ...]:
    """What each column is, so that it can be found in another run: model label and template name, each with its number
    where several are called the same."""
    models, templates = _numbered([one.label for one in run.models]), _numbered([one.name for one in run.templates])
    return tuple((*model, *template) for model in models for template in templates)


def names(run: EvalRun) -> tuple[str, ...]:
    """What each column is called: the model, with the template where there are several."""
    several = len(run.templates) > 1
    return tuple(
        _called(model, number) + (f", {_called(template, other)}" if several else "")
        for model, number, template, other in keys(run)
    )


def _called(name: str, number: int) -> str:
    return name if number == 1 else f"{name} ({number})"


def _numbered(all_names: list[str]) -> list[tuple[str, int]]:
    seen: Counter[str] = Counter()
    found: list[tuple[str, int]] = []
    for name in all_names:
        seen[name] += 1
        found.append((name, seen[name]))
    return found
