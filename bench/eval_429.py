"""A provider that takes five calls a model at once and refuses the rest: how many calls 200 cells take."""

from __future__ import annotations

from typing import Any

from bench.evals import ground
from bench.measure import percentile
from bench.result import Bar

ROWS, MODELS, SECONDS = 50, 4, 0.2
CELLS = ROWS * MODELS


def measure(repeats: int) -> tuple[tuple[Bar, ...], dict[str, Any]]:
    """Calls with the refused ones, and cells that ended in an error."""
    from hub import evals
    from hub.db.who import OWNER

    calls: list[float] = []
    spans: list[float] = []
    errors = 0
    with ground("--gap-ms", "0", "--first-ms", str(SECONDS * 1000)) as here:
        for _ in range(repeats):
            run_id = here.plan(ROWS, *(f"fake?most=5&n={number}" for number in range(MODELS)))
            here.work(run_id)
            calls.append(here.counted["chats"])
            spans.append(here.counted["span"])
            errors += evals.progress(OWNER, run_id).errors
    return (
        Bar("calls", max(calls), "", 215),
        Bar("errors", errors, "", 0),
    ), {"span, s": round(percentile(spans, 0.5), 2), "ideal span, s": CELLS / MODELS / 5 * SECONDS}
