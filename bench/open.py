"""Browser: opening a conversation of 2,000 messages from the sidebar, and drawing a sidebar of 2,000 conversations."""

from __future__ import annotations

import time
from typing import Any

from bench import seed
from bench.browser import browser
from bench.hub import connect, hub, provider
from bench.measure import percentile
from bench.result import Bar
from bench.send import WATCH

OPEN = """async ([link, last]) => {
  const began = performance.now();
  hubWatch.all(link)[0].click();
  return await new Promise((done) => {
    const frame = () => {
      const drawn = hubWatch.all("article.message");
      if (drawn.length >= 40 && drawn.at(-1).textContent.includes(last)) done(performance.now() - began);
      else requestAnimationFrame(frame);
    };
    frame();
  });
}"""
REDRAW = """async () => {
  const rows = () => hubWatch.all("a[href*='?c=']").map((each) => each.textContent).join("|");
  const before = rows(), began = performance.now();
  hubWatch.all("a[href*='?c=']")[5].click();
  return await new Promise((done) => {
    const current = hubWatch.all("a[href*='?c=']")[5].getAttribute("href");
    const frame = () => {
      const active = hubWatch.all("a[aria-current]")[0];
      if (active && active.getAttribute("href") === current && rows().length >= before.length / 2)
        done(performance.now() - began);
      else requestAnimationFrame(frame);
    };
    frame();
  });
}"""


def measure(repeats: int) -> tuple[tuple[Bar, ...], dict[str, Any]]:
    """Times from the click in an open tab to the frame in which everything stands."""
    opened: list[float] = []
    sidebar: list[float] = []
    with provider() as base_url, hub() as running:
        connect(base_url)
        seed.conversations(2000)
        long = seed.conversation(2000)
        with browser() as chromium:
            for _ in range(repeats):
                page = chromium.new_page()
                page.goto(running.url)
                page.locator(f"a[href*='{long}']").wait_for()
                page.wait_for_load_state("networkidle")
                time.sleep(0.5)  # the page's own start-up work is over
                page.evaluate(WATCH)
                opened.append(page.evaluate(OPEN, [f"a[href*='{long}']", "Message 1999."]))
                sidebar.append(page.evaluate(REDRAW))
                page.close()
    return (
        Bar("2,000 messages to drawn p50", percentile(opened, 0.5), "ms", 400),
        Bar("sidebar of 2,000 to drawn p50", percentile(sidebar, 0.5), "ms", 300),
    ), {}
