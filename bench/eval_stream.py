"""A grid with a viewer: twelve cells stream while the others are asked for whole answers."""

from __future__ import annotations

import threading
from typing import Any

from bench.evals import ground
from bench.measure import percentile
from bench.result import Bar

ROWS, MODELS, AT_ONCE, TOKENS, GAP = 250, 4, 50, 20, 0.01
CELLS = ROWS * MODELS
IDEAL = CELLS / AT_ONCE * TOKENS * GAP
WATCHED = 12
_AHEAD = 200
"""A cell streams when it is watched before it begins; these lie a little ahead of what is asked now."""


def measure(repeats: int) -> tuple[tuple[Bar, ...], dict[str, Any]]:
    """The viewer scrolls with the run, as somebody does who looks at its newest rows."""
    spans: list[float] = []
    own: list[float] = []
    streamed = 0
    with ground("--gap-ms", str(GAP * 1000), "--tokens", str(TOKENS)) as here:
        here.work(here.plan(1, "fake"))
        for _ in range(repeats):
            run_id = here.plan(ROWS, *(f"fake?{number}" for number in range(MODELS)))
            viewer, seen = _Viewer(run_id), 0
            viewer.start()
            try:
                here.work(run_id)
            finally:
                seen = viewer.stop()
            spans.append(here.counted["span"] / IDEAL)
            own.append(here.cpu / CELLS * 1000)
            streamed = max(streamed, seen)
    return (
        Bar("span of calls / ideal", percentile(spans, 0.5), "x", 2.0),
        Bar("CPU per cell", percentile(own, 0.5), "ms", 10.0),
    ), {"cells that streamed": streamed, "ideal, s": IDEAL}


class _Viewer(threading.Thread):
    """Watches twelve cells and reads their text four times a second."""

    def __init__(self, run_id: str) -> None:
        super().__init__(daemon=True)
        self._run = run_id
        self._over = threading.Event()

    def run(self) -> None:
        from hub import evals
        from hub.db.who import OWNER

        while not self._over.wait(0.25):
            now = evals.progress(OWNER, self._run)
            first = now.done + now.in_flight + _AHEAD
            evals.watch(OWNER, self._run, range(first, min(CELLS, first + WATCHED)))
            evals.live(OWNER, self._run)

    def stop(self) -> int:
        """Ends; how many cells have streamed."""
        from hub import evals
        from hub.db.who import OWNER

        self._over.set()
        self.join()
        return sum(one.first_ms is not None for one in evals.cells(OWNER, self._run))
