"""A worker leaves a run: who sees that nothing is left to do ends it."""

from __future__ import annotations

import numpy as np

from hub.db.mongo import Document, now
from hub.db.who import Who
from hub.evals import pages, results, run_content, runs_store, shares
from hub.evals.desk import Desk
from hub.evals.order import grid


def leave(desk: Desk) -> None:
    """Leaves the run, which is over when nothing is left but what paused models wait with."""
    who, run_id = desk.who, desk.run.id
    shares.change(who, run_id, lambda state: state.leave(desk.worker))
    state = shares.read(who, run_id)
    told: Document = {"spent": state.gone, "calls": state.calls}
    over = pages.over(who, run_id, grid(desk.run))
    if over == "done":
        changes = {"status": "done", "ended_at": now(), "said": state.feared.sentence, "speeds": _speeds(desk), **told}
        runs_store.change_run(who, run_id, changes, only=("running",))
    elif over == "waiting":
        changes = {"status": "paused", "said": _about_paused(who, run_id), **told}
        runs_store.change_run(who, run_id, changes, only=("running",))
    else:
        runs_store.change_run(who, run_id, told)


def _speeds(desk: Desk) -> Document:
    """Milliseconds that an answer of each model took, for guesses at how long another run will take."""
    found = results.boards(desk.who, desk.run.id)
    placed = grid(desk.run)
    models = np.array([placed.place(index)[3] for index in range(placed.cells)])
    answered = ~np.isnan(found["ms"])
    return {
        str(number): float(found["ms"][answered & (models == number)].mean())
        for number in range(placed.models)
        if (answered & (models == number)).any()
    }


def _about_paused(who: Who, run_id: str) -> str:
    run = run_content.run(runs_store.run(who, run_id))
    named = [f"{one.label}: {one.paused}" for one in run.models if one.paused]
    count = f"{len(named)} of {len(run.models)} models" if len(run.models) > 1 else "The model"
    return f"{count} could not be asked further. " + " ".join(named)
