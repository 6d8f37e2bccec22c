"""A grid of 4 models x 250 prompts, 50 calls at once, 200 ms: how long the calls take, and what a cell costs."""

from __future__ import annotations

from typing import Any

from bench.evals import ground
from bench.measure import percentile
from bench.result import Bar

ROWS, MODELS, AT_ONCE, SECONDS = 250, 4, 50, 0.2
CELLS = ROWS * MODELS
IDEAL = CELLS / AT_ONCE * SECONDS


def measure(repeats: int) -> tuple[tuple[Bar, ...], dict[str, Any]]:
    """The span is from the first request to the last answer, as the provider sees it. A small run goes before, so that
    what is loaded once is loaded."""
    spans: list[float] = []
    own: list[float] = []
    stores: list[float] = []
    whole: list[float] = []
    with ground("--gap-ms", "0", "--first-ms", str(SECONDS * 1000), "--tokens", "20") as here:
        here.work(here.plan(1, "fake"))
        for _ in range(repeats):
            here.work(here.plan(ROWS, *(f"fake?{number}" for number in range(MODELS))))
            spans.append(here.counted["span"] / IDEAL)
            own.append(here.cpu / CELLS * 1000)
            stores.append(here.store_cpu / CELLS * 1000)
            whole.append(here.seconds)
            if here.counted["chats"] != CELLS:
                raise RuntimeError(f"{here.counted['chats']} calls for {CELLS} cells")
    return (
        Bar("span of calls / ideal", percentile(spans, 0.5), "x", 1.3),
        Bar("CPU per cell", percentile(own, 0.5), "ms", 4.0),
    ), {
        "CPU of the store per cell, ms": round(percentile(stores, 0.5), 2),
        "whole slice, s": round(percentile(whole, 0.5), 2),
        "best span": round(min(spans), 3),
        "ideal, s": IDEAL,
    }
