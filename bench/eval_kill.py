"""SIGKILL of a worker half way through a run, then another one: which calls are repeated, and what is stored."""

from __future__ import annotations

import signal
from typing import Any

from bench.evals import ground, spawn, wait_until
from bench.result import Bar

ROWS, MODELS, AT_ONCE = 50, 4, 50
CELLS = ROWS * MODELS


def measure(repeats: int) -> tuple[tuple[Bar, ...], dict[str, Any]]:
    """Calls of the whole run over its cells. At most 50 are under way at once."""
    from hub import evals
    from hub.db.who import OWNER
    from hub.evals import runs_store

    repeated, flying, missing, seconds = 0, 0, 0, 0.0
    with ground("--gap-ms", "0", "--first-ms", "200") as here:
        for _ in range(repeats):
            run_id = here.plan(ROWS, *(f"fake?{number}" for number in range(MODELS)))
            here.count()
            process = spawn(run_id)
            wait_until(lambda run_id=run_id: evals.progress(OWNER, run_id).done >= CELLS // 2)
            process.send_signal(signal.SIGKILL)
            process.wait()
            stored = evals.progress(OWNER, run_id).done
            before = here.count()["chats"]
            here.work(run_id)
            repeated = max(repeated, before + here.counted["chats"] - CELLS)
            flying = max(flying, before - stored)
            seconds = max(seconds, here.seconds)
            documents = runs_store.cells(OWNER, run_id, 0, CELLS * 2)
            missing += abs(CELLS - len(documents)) + abs(CELLS - evals.progress(OWNER, run_id).done)
    return (
        Bar("calls repeated", repeated, "", AT_ONCE),
        Bar("rows missing or twice", missing, "", 0),
    ), {"not stored when killed": flying, "slowest rest of the run, s": round(seconds, 2)}
