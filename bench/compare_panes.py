"""Browser: 24 columns at 30 tokens/s. How late is a token where it is drawn, and how busy is the browser meanwhile."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Page

from bench.browser import Busy, browser
from bench.hub import connect, hub, provider
from bench.measure import percentile
from bench.result import Bar

PANES, GAP_MS, TOKENS = 24, 33, 300
WATCH = (Path(__file__).parent / "watch_panes.js").read_text()
SIZE = {"width": 1920, "height": 1080}


def measure(repeats: int) -> tuple[tuple[Bar, ...], dict[str, Any]]:
    """Every token is the time at which the provider sent it; the page notes what each column shows, frame by frame."""
    worst: list[float] = []
    usual: list[float] = []
    shares: list[float] = []
    seen = 0
    with provider("--gap-ms", str(GAP_MS), "--tokens", str(TOKENS)) as base_url, hub() as running:
        model = connect(base_url)
        with browser() as chromium:
            for _ in range(repeats):
                page = chromium.new_page(viewport=SIZE)
                late, share, seen = _round(page, running.url, model)
                worst += [max(column) for column in late]
                usual += [percentile(column, 0.5) for column in late]
                shares.append(share)
                page.close()
    return (
        Bar("latest token of any column", max(worst), "ms", 300),
        Bar("browser busy", percentile(shares, 0.5) * 100, "%", 50),
    ), {"median lateness ms": round(percentile(usual, 0.5), 1), "columns in sight": seen}


def _round(page: Page, url: str, model: str) -> tuple[list[list[float]], float, int]:
    """Lateness of each column over time in ms, the share of time that the page worked, and the columns in sight."""
    with httpx.Client(base_url=url, headers={"origin": url}, timeout=60) as client:
        asked = {"text": f"stamp=1 tokens={TOKENS} gap={GAP_MS}", "models": [{"model": model}] * PANES}
        page.goto(f"{url}/compare")
        page.locator(".lineup").wait_for()
        made = client.post("/api/comparisons", json=asked).raise_for_status().json()
        page.goto(f"{url}/compare?c={made['comparison']}")
        page.locator(".pane").nth(PANES - 1).wait_for(state="attached")
        page.evaluate(WATCH, (time.time() - time.monotonic()) * 1000)
        work, began = Busy(page), time.monotonic()
        page.wait_for_function("hubPanes.over()", timeout=120_000)
        share = work.seconds() / (time.monotonic() - began)
    found = page.evaluate("hubPanes.result()")
    return [column for column in found["late"] if column], share, found["seen"]
