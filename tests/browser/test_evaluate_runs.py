"""What is done with a run in a browser: judged again, slowed down, compared, taken out, added to; and files read in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from hub import evals
from hub.db.who import OWNER
from hub.evals.records import Limits, Row, RunRequest
from hub.models import catalogue, connections
from hub.models.types import Entry
from tests.browser.test_evaluate import SLOW, Bench, bench

__all__ = ["bench"]

BROKEN = b'prompt,expected\nSay quick,quick\n"Say nothing,nothing\n'
WIDE = b"prompt,expected\nSay quick,quick\nSay nothing,nothing,at all\n"
SET = b"name: Two things\nrows:\n- {prompt: Say quick, expected: quick}\n- Say nothing\nchecks:\n- {kind: refusal}\n"


def more(page: Page, action: str) -> None:
    """What stands behind the dots of a run."""
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name=action, exact=True).click()


def taken(page: Page, form: str) -> bytes:
    """The run as a file."""
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name=form, exact=True).click()
    return Path(download.value.path()).read_bytes()


@pytest.fixture
def far(bench: Bench) -> Iterator[None]:
    """A model on somebody else's server, without a price; it is never asked."""
    made = connections.add(OWNER, "openai_compatible", name="Far", base_url="https://models.example.com/v1", key="k")
    catalogue._store(OWNER, made, [Entry("far-judge")])
    yield
    connections.remove(OWNER, made.id)


@pytest.mark.usefixtures("far")
def test_judging_again_says_first_what_it_takes(bench: Bench):
    page = bench.page
    bench.open(bench.run(2, "fake-echo"))
    bench.over()
    more(page, "Judge again")
    dialog = page.get_by_role("dialog", name="Judge again")
    take = dialog.get_by_role("button", name="Judge again", exact=True)
    expect(dialog).to_contain_text("0 calls")
    dialog.get_by_role("button", name="Add check").click()
    page.get_by_text("Rubric", exact=True).click()
    rubric = dialog.get_by_role("textbox", name="Rubric", exact=True)
    rubric.fill("It is polite.")
    rubric.blur()
    expect(dialog).to_contain_text("choose the model that judges")
    judge = dialog.get_by_role("combobox", name="Judge", exact=False)
    judge.click()
    judge.fill("far-judge")
    page.get_by_role("option", name="far-judge · Far").click()
    agree = dialog.get_by_text("Ask far-judge although the price is unknown")
    expect(agree).to_be_visible()
    expect(dialog).to_contain_text("2 calls")
    expect(take).to_be_disabled()
    agree.click()
    expect(take).to_be_enabled()
    dialog.locator("[class*='_delete'] button").filter(visible=True).last.click()
    expect(dialog).to_contain_text("0 calls")
    take.click()
    expect(page.get_by_text("(judged again)")).to_be_visible()
    bench.over()


def test_limits_are_changed_in_mid_run(bench: Bench):
    page = bench.page
    run = bench.run(40, SLOW, limits=Limits(total=2))
    bench.open(run)
    more(page, "Change limits")
    dialog = page.get_by_role("dialog", name="Change limits")
    dialog.get_by_role("spinbutton", name="Calls at once").fill("7")
    dialog.get_by_role("button", name="Change limits", exact=True).click()
    expect(dialog).to_be_hidden()
    assert evals.get_run(OWNER, run).limits == Limits(total=7)
    assert bench.server.wait_for(lambda server: server.streaming == 7, 20)
    more(page, "Cancel run")
    expect(page.locator(".progress b")).to_have_text("Cancelled")


def test_a_file_names_its_line_and_a_whole_one_becomes_a_set(bench: Bench):
    page = bench.page
    page.goto("/evaluate?view=Prompt+sets")
    page.get_by_role("button", name="New prompt set").first.click()
    dialog = page.get_by_role("dialog", name="New prompt set")
    given = dialog.locator("input[type=file]")
    given.set_input_files({"name": "broken.csv", "mimeType": "text/csv", "buffer": BROKEN})
    expect(dialog.get_by_role("alert")).to_contain_text("broken.csv, line 3: a quote is never closed")
    given.set_input_files({"name": "wide.csv", "mimeType": "text/csv", "buffer": WIDE})
    expect(dialog.get_by_role("alert")).to_contain_text("wide.csv, line 3: there are 3 cells for 2 columns")
    given.set_input_files({"name": "two.yaml", "mimeType": "application/yaml", "buffer": SET})
    expect(dialog).to_contain_text("two.yaml: 2 rows, 1 check.")
    dialog.get_by_role("button", name="Create with 2 rows").click()
    expect(page.get_by_role("heading", name="Two things")).to_be_visible()
    [made] = [one for one in evals.sets(OWNER) if one.name == "Two things"]
    assert [row.expected for row in evals.set_rows(OWNER, made.id)] == ["quick", None]


def test_a_run_is_taken_out_as_csv_and_html(bench: Bench):
    bench.open(bench.run(3, "fake", "fake-echo"))
    bench.over()
    rows = list(csv.DictReader(io.StringIO(taken(bench.page, "CSV").decode("utf-8-sig"))))
    assert len(rows) == 6 and {row["passed"] for row in rows} >= {"true", "false"}
    report = taken(bench.page, "HTML report").decode()
    assert report.startswith("<!doctype html>") and "Question 2 about foxes" in report


def test_another_run_is_the_baseline(bench: Bench):
    page = bench.page
    (good, bad), made = bench.models("fake-echo", "fake"), bench.make_set(8)
    for name, one in (("Before", good), ("After", bad)):
        run = evals.start(OWNER, RunRequest(made, (replace(one, label="Fox"),), name=name, unpriced=True))
        bench.open(run)
        bench.over()
    page.get_by_label("Compare with").select_option(label="Before, just now")
    expect(page.locator("thead th .against")).to_contain_text("−100.0 points, worse")  # noqa: RUF001 a minus
    page.get_by_role("radio", name="Regressed").click()
    expect(page.locator("tbody tr")).to_have_count(8)
    expect(bench.cell(0, 0)).to_contain_text("Regressed")


def test_a_run_gets_a_model_and_the_rows_that_are_chosen(bench: Bench):
    page = bench.page
    run = bench.run(2, "fake-echo")
    bench.open(run)
    bench.over()
    set_id = evals.get_run(OWNER, run).set_id
    evals.add_rows(
        OWNER, set_id, [Row("", (f"More {animal}",), expected=animal) for animal in ("foxes", "hens", "owls")]
    )
    more(page, "Add models or rows")
    page.get_by_label("Search rows").fill("hens")
    page.get_by_role("button", name="Choose all 1", exact=True).click()
    expect(page.get_by_text("1 of 3 new rows chosen")).to_be_visible()
    page.get_by_label("Search rows").fill("")
    page.get_by_text("More owls", exact=True).click()
    expect(page.get_by_text("2 of 3 new rows chosen")).to_be_visible()
    page.get_by_text("although the price is unknown").click()
    page.get_by_role("button", name="Start 2 new cells").click()
    bench.over()
    expect(page.locator("tbody tr")).to_have_count(4)
    calls = [one.body["messages"][0]["content"] for one in bench.server.requests if one.body]
    assert sorted(calls) == ["More hens", "More owls", "Question 0 about foxes", "Question 1 about foxes"]
