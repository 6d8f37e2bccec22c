"""`hub up` on an installed venv and existing data, to first paint; memory of the web process idle and per tab."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

from bench.browser import browser
from bench.hub import hub
from bench.measure import percentile
from bench.result import Bar

TABS = 8


def measure(repeats: int) -> tuple[tuple[Bar, ...], dict[str, Any]]:
    """First paint = the composer is visible in a browser that was already running."""
    paint: list[float] = []
    idle: list[float] = []
    tabs: list[float] = []
    with tempfile.TemporaryDirectory(prefix="hub-bench-start-") as scratch, browser() as chromium:
        data = Path(scratch) / "data"
        with hub(data):
            pass  # makes the data that later starts find
        for _ in range(repeats):
            began = time.perf_counter()
            with hub(data) as running:
                page = chromium.new_page()
                page.goto(running.url)
                page.locator("textarea").first.wait_for(timeout=60_000)
                paint.append(time.perf_counter() - began)
                page.wait_for_load_state("networkidle")
                web = running.web()
                base = web.memory_info().rss / 2**20
                idle.append(base)
                more = [chromium.new_page() for _ in range(TABS)]
                for tab in more:
                    tab.goto(running.url)
                    tab.locator("textarea").first.wait_for(timeout=60_000)
                tabs.append((web.memory_info().rss / 2**20 - base) / TABS)
                for tab in [page, *more]:
                    tab.close()
    return (
        Bar("to first paint", percentile(paint, 0.5), "s", 9),
        Bar("web process idle", percentile(idle, 0.5), "MB", 350),
        Bar("per further tab", percentile(tabs, 0.5), "MB", 1),
    ), {"tabs": TABS}
