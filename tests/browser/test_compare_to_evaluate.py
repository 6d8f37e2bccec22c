"""The whole way in one browser: four models compared, a blind vote, a prompt set, runs of it, a baseline, a file."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_compare import Place, menu, over, page, panes, place
from tests.browser.test_evaluate import into_new

__all__ = ["page", "place"]

MODELS = ("fake", "fake-echo", "fake-reasoning", "fake?tokens=5")


def done(page: Page) -> None:
    """Wait until the run that is open has ended."""
    expect(page.get_by_role("table")).to_be_visible()
    expect(page.locator(".progress b")).to_have_text("Done", timeout=60_000)


@pytest.mark.usefixtures("place")
def test_from_four_columns_to_a_regression(page: Page, place: Place):
    """Names hidden, ranked, shown; the best answer as a row; the same models on it; a column against another; CSV."""
    page.goto(f"/compare?c={place.start(*MODELS, text='Which fox is quick?', blind=True)}")
    over(page, 4)
    for letter in "ABCD":
        page.get_by_role("button", name=f"Model {letter}", exact=False).and_(page.locator("[data-vote]")).click()
    page.get_by_role("button", name="Save ranking").click()
    expect(page.get_by_text("Names hidden")).not_to_be_visible()

    echo = panes(page).filter(has=page.locator(".model .name", has_text="fake-echo"))
    menu(page, echo, "Add to prompt set")
    into_new(page, "From a vote")
    page.get_by_role("button", name="Add 1 row").click()
    expect(page.get_by_text("Added to “From a vote”")).to_be_visible()

    page.locator(".bar [data-act='more']").click()
    page.get_by_role("menuitem", name="Evaluate these models").click()
    expect(page.get_by_text("The set has no checks of its own.")).to_be_visible()
    page.get_by_text("More checks for this run").click()
    page.get_by_role("button", name="Add check").click()
    page.get_by_text("Equals", exact=True).click()
    page.get_by_role("button", name="Start 4 cells").click()
    done(page)
    column = page.locator("thead th", has_text="fake-echo")
    expect(column.locator(".share")).to_have_text("1 of 1 passed")
    expect(page.locator("thead th .share", has_text="0 of 1 passed")).to_have_count(3)

    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
        page.get_by_role("menuitem", name="CSV").click()
    rows = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text("utf-8-sig"))))
    assert len(rows) == 4

    page.get_by_label("Compare with").select_option(label="fake-echo")
    expect(page.locator("thead th .against").first).to_be_visible()
