"""Two workers on one run against one: throughput while the limits allow it, and whether they keep them together."""

from __future__ import annotations

from typing import Any

from bench.evals import ground, spawn
from bench.result import Bar

ROWS, MODELS, TOTAL = 200, 4, 128
SECONDS = 1.0


def measure(repeats: int) -> tuple[tuple[Bar, ...], dict[str, Any]]:
    """Spans as the provider sees them. Answers take a second each, so that slots are what is short, not processors."""
    from hub.evals.records import Limits

    spans: dict[int, float] = {}
    busiest = 0
    limits = Limits(total=TOTAL, per_model=TOTAL // MODELS)
    with ground("--gap-ms", "0", "--first-ms", str(SECONDS * 1000)) as here:
        for workers in (1, 2):
            for _ in range(repeats):
                run_id = here.plan(ROWS, *(f"fake?{number}" for number in range(MODELS)), limits=limits)
                here.count()
                processes = [spawn(run_id) for _ in range(workers)]
                if any(process.wait() for process in processes):
                    raise RuntimeError("a worker failed")
                counted = here.count()
                if counted["chats"] != ROWS * MODELS:
                    raise RuntimeError(f"{counted['chats']} calls for {ROWS * MODELS} cells")
                spans[workers] = min(spans.get(workers, 1e9), counted["span"])
                busiest = max(busiest, counted["busiest"][""])
    return (
        Bar("throughput of two over one", spans[1] / spans[2], "x", 1.7, least=True),
        Bar("calls at once", busiest, "", TOTAL),
    ), {"span of one, s": round(spans[1], 2), "span of two, s": round(spans[2], 2)}
