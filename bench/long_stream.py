"""Browser: 2,000 tokens at 200 tokens/s over a chat of 500 messages."""

from __future__ import annotations

import time
from typing import Any

from bench import seed
from bench.browser import Busy, browser
from bench.hub import connect, hub, provider
from bench.measure import percentile
from bench.result import Bar
from bench.send import send

TOKENS, GAP_MS = 2000, 5


def measure(repeats: int) -> tuple[tuple[Bar, ...], dict[str, Any]]:
    """Time from Enter to the finished answer over the ideal 10 s, and the page's main-thread seconds in it."""
    times: list[float] = []
    busy: list[float] = []
    with provider("--gap-ms", str(GAP_MS), "--tokens", str(TOKENS)) as base_url, hub() as running:
        connect(base_url)
        with browser() as chromium:
            for _ in range(repeats):
                page = chromium.new_page()
                page.goto(f"{running.url}/?c={seed.conversation(500)}")
                page.locator("article.message").last.wait_for()
                page.wait_for_load_state("networkidle")
                time.sleep(1)  # the page's own start-up work is over
                work = Busy(page)
                seen = send(page, "Go on", timeout=60_000)
                busy.append(work.seconds())
                times.append(seen["done"] / 1000)
                page.close()
    ideal = TOKENS * GAP_MS / 1000
    return (
        Bar("time over ideal", percentile(times, 0.5) / ideal, "x", 1.1),
        Bar("browser busy", percentile(busy, 0.5), "s", 3.5),
    ), {"ideal s": ideal}
