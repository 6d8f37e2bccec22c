"""Evaluate: prompt sets, runs of models over them, checks and what they say. Every function takes who asks first.

A person has their own sets and runs. What does not exist and what is not theirs look the same: NotFound.
"""

from hub.evals.act import (
    cancel,
    delete_run,
    extend,
    mark,
    pause,
    restore_run,
    resume,
    retry_errors,
    set_limits,
    start,
    watch,
)
from hub.evals.export import FORMS
from hub.evals.export.read import export
from hub.evals.extending import more_rows, plan_extend
from hub.evals.judges import agreements, compares
from hub.evals.judges import leaderboard as judge_leaderboard
from hub.evals.look import CellDetail, as_row, cell, rows, summary
from hub.evals.plan import plan
from hub.evals.reading import Imported, read_set
from hub.evals.rejudge import plan_rejudge, rejudge
from hub.evals.results import boards, cells, get_run, live, progress, run_rows, runs, some_cells
from hub.evals.set_file import write_set
from hub.evals.sets import (
    add_rows,
    create_set,
    delete_set,
    draft_of,
    every_row,
    get_set,
    purge_sets,
    put_set,
    restore_set,
    save_set,
    set_rows,
    sets,
    versions,
)
from hub.evals.texts import warm

__all__ = [
    "FORMS",
    "CellDetail",
    "Imported",
    "add_rows",
    "agreements",
    "as_row",
    "boards",
    "cancel",
    "cell",
    "cells",
    "compares",
    "create_set",
    "delete_run",
    "delete_set",
    "draft_of",
    "every_row",
    "export",
    "extend",
    "get_run",
    "get_set",
    "judge_leaderboard",
    "live",
    "mark",
    "more_rows",
    "pause",
    "plan",
    "plan_extend",
    "plan_rejudge",
    "progress",
    "purge_sets",
    "put_set",
    "read_set",
    "rejudge",
    "restore_run",
    "restore_set",
    "resume",
    "retry_errors",
    "rows",
    "run_rows",
    "runs",
    "save_set",
    "set_limits",
    "set_rows",
    "sets",
    "some_cells",
    "start",
    "summary",
    "versions",
    "warm",
    "watch",
    "write_set",
]
