"""Boards: what there is to count of a page of cells, one packed entry a cell.

Everything a screen counts (progress, summary, filters) is read from boards: 60 documents for 15,000 cells.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from hub.evals.records import Cell

DTYPE = np.dtype(
    [
        ("status", "u1"),
        ("passed", "i1"),
        ("mark", "i1"),
        ("score", "f4"),
        ("ms", "f4"),
        ("first_ms", "f4"),
        ("tokens_in", "u4"),
        ("tokens_out", "u4"),
        ("cost", "f8"),
        ("waited", "f4"),
        ("flags", "u1"),
    ]
)
"""`status` QUEUED, DONE or ERROR. `passed` is 1 passed, -1 failed, 0 nothing could tell, and is `Cell.passed`: a mark
stands above the checks. `mark` is 1, -1, 0 none. Unknown numbers are NaN; `ms` of a cached cell is."""

Board = npt.NDArray[np.void]
QUEUED, DONE, ERROR = 0, 1, 2
CACHED = 1
"""A bit of `flags`: the answer was not asked anew."""
_STATUS = {"queued": QUEUED, "done": DONE, "error": ERROR}
_NAN = float("nan")


def empty(count: int) -> Board:
    """The board of `count` cells that nobody has asked."""
    board = np.zeros(count, DTYPE)
    for name in ("score", "ms", "first_ms", "cost"):
        board[name] = _NAN
    return board


def read(data: bytes) -> Board:
    """A board from its stored form, to be changed freely."""
    return np.frombuffer(data, DTYPE).copy()


def entry(cell: Cell) -> tuple[Any, ...]:
    """What a board says of a cell: `board[place] = entry(cell)`."""
    scores = [one.score for one in cell.verdicts if one.score is not None]
    usage = cell.usage
    return (
        _STATUS[cell.status],
        sign(cell.passed),
        sign(cell.mark.passed if cell.mark else None),
        sum(scores) / len(scores) if scores else _NAN,
        _NAN if cell.ms is None or cell.cached else cell.ms,
        _NAN if cell.first_ms is None or cell.cached else cell.first_ms,
        usage.input if usage else 0,
        usage.output if usage else 0,
        _NAN if cell.cost is None else cell.cost,
        cell.waited_ms or 0.0,
        CACHED if cell.cached else 0,
    )


def sign(passed: bool | None) -> int:
    """1, -1, or 0 for None."""
    return 0 if passed is None else 1 if passed else -1
