"""Browser: from pressing Enter to the first visible change, and to the first token of a provider that waits 0 ms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from bench.browser import browser
from bench.hub import connect, hub, provider
from bench.measure import percentile
from bench.result import Bar

WATCH = (Path(__file__).parent / "watch.js").read_text()


def measure(repeats: int) -> tuple[tuple[Bar, ...], dict[str, Any]]:
    """Turns of one conversation in an open tab; the first one warms up and does not count."""
    changes: list[float] = []
    tokens: list[float] = []
    with provider("--gap-ms", "0", "--tokens", "20") as base_url, hub() as running:
        connect(base_url)
        with browser() as chromium:
            page = chromium.new_page()
            page.goto(running.url)
            for turn in range(repeats + 1):
                seen = send(page, f"Turn {turn}")
                if turn:
                    changes.append(seen["first"])
                    tokens.append(seen["token"])
    return (
        Bar("first visible change p50", percentile(changes, 0.5), "ms", 100),
        Bar("first token p50", percentile(tokens, 0.5), "ms", 350),
    ), {"first token p95 ms": round(percentile(tokens, 0.95), 1)}


def send(page: Page, text: str, timeout: float = 60_000) -> dict[str, float]:
    """Types and sends `text`; answers the milliseconds to the first change, the first token and the end."""
    field = page.locator("textarea").last
    field.wait_for()
    page.evaluate(WATCH)
    field.fill(text)
    page.evaluate("hubWatch.arm()")
    field.press("Enter")
    page.wait_for_function("hubWatch.seen.done !== undefined", timeout=timeout)
    return page.evaluate("hubWatch.seen")
