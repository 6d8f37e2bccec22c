"""Browser: a run of 15,000 cells, from the press to the rows that stand there."""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import Page

from bench.browser import browser
from bench.eval_open import MODELS, ROWS, fill
from bench.evals import planned
from bench.hub import connect, hub, provider
from bench.measure import percentile
from bench.result import Bar
from bench.send import WATCH

DRAWN = """async ([press, first, count, words]) => {
  const began = performance.now();
  if (words) {
    const field = hubWatch.all("input.search")[0];
    field.focus();
    field.value = words;
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  } else hubWatch.all(press)[0].click();
  return await new Promise((done) => {
    const frame = () => {
      const rows = hubWatch.all("tbody tr");
      if (rows.length === count && rows[0].textContent.includes(first)) done(performance.now() - began);
      else requestAnimationFrame(frame);
    };
    frame();
  });
}"""
"""Presses `press`, or searches for `words`; milliseconds until `count` rows are drawn and the first one has `first`."""


def measure(repeats: int) -> tuple[tuple[Bar, ...], dict[str, Any]]:
    """Opened from the list of runs in a tab that stands there; then the next page, a filter, and a search."""
    from hub.db.who import OWNER
    from hub.evals import runs_store

    taken: dict[str, list[float]] = {"open": [], "next page": [], "filter": [], "words": []}
    with provider() as base_url, hub() as running:
        connection = connect(base_url).split("/")[0]
        run_id = planned(ROWS, *(f"{connection}/fake?{number}" for number in range(MODELS)))
        runs_store.change_run(OWNER, run_id, {"status": "paused"})  # the hub's own worker leaves it alone
        fill(run_id)
        with browser() as chromium:
            for _ in range(repeats):
                page = chromium.new_page()
                _look(page, running.url, run_id, taken)
                page.close()
    return tuple(Bar(name, percentile(times, 0.5) / 1000, "s", 1.0) for name, times in taken.items()), {}


def _look(page: Page, url: str, run_id: str, taken: dict[str, list[float]]) -> None:
    link = f"a[href*='{run_id}']"
    page.goto(f"{url}/evaluate")
    page.locator(link).wait_for()
    page.wait_for_load_state("networkidle")
    time.sleep(0.5)  # the page's own start-up work is over
    page.evaluate(WATCH)
    taken["open"].append(page.evaluate(DRAWN, [link, "Question 0 of", 50, ""]))
    taken["next page"].append(page.evaluate(DRAWN, ["button[data-act='next']", "Question 50 of", 50, ""]))
    taken["filter"].append(page.evaluate(DRAWN, ["button[data-only='errors']", "Question 1 of", 50, ""]))
    page.evaluate(DRAWN, ["button[data-only='']", "Question 0 of", 50, ""])
    taken["words"].append(page.evaluate(DRAWN, ["", "Question 1234 of", 1, "lazy 1234"]))
