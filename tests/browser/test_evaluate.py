"""Evaluations in a browser: from a prompt set that is written to a run that is looked at, cell by cell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from hub import evals
from hub.db.who import OWNER
from hub.evals.records import Asked, Row, RunRequest, SetDraft
from hub.models import catalogue, connections
from hub.models.blocking import wait_for
from tests.browser.test_chat_messages import menu
from tests.browser.test_chat_stream import answers, finished, send
from tests.cli.hub_process import HubProcess
from tests.conftest import Configure
from tests.fakes.openai_server import FakeServer

CHECK = {"kind": "contains", "value": ["{{expected}}"]}
SLOW = "fake?tokens=60&gap=60"


@dataclass
class Bench:
    """A page of a hub that knows a fake provider, and ways to have a run there."""

    page: Page
    server: FakeServer
    connection: str

    def models(self, *names: str) -> tuple[Asked, ...]:
        """Models of the fake provider."""
        return tuple(Asked(f"{self.connection}/{name}") for name in names)

    def make_set(self, count: int) -> str:
        """A set whose rows only an echo answers rightly."""
        rows = tuple(Row("", (f"Question {at} about foxes",), expected=f"Question {at}") for at in range(count))
        return evals.create_set(OWNER, SetDraft(f"Foxes {len(evals.sets(OWNER))}", rows, checks=(CHECK,))).id

    def run(self, count: int, *names: str, **more: object) -> str:
        """A run of such a set that workers have begun."""
        asked = RunRequest(self.make_set(count), self.models(*names), unpriced=True, **more)  # type: ignore[arg-type]
        run = evals.start(OWNER, asked)
        evals.watch(OWNER, run, range(12))
        return run

    def open(self, run: str) -> None:
        """The run in the browser."""
        self.page.goto(f"/evaluate_run?run={run}")
        expect(self.page.get_by_role("table")).to_be_visible()

    def over(self) -> None:
        """Wait until the run in the browser is done."""
        expect(self.page.locator(".progress b")).to_have_text("Done", timeout=60_000)

    def cell(self, row: int, column: int) -> Locator:
        """A cell of the grid; both count from 0."""
        return self.page.locator("tbody tr").nth(row).locator("td").nth(column).locator(".cell").first


@pytest.fixture
def bench(page: Page, hub: HubProcess, configure: Configure) -> Iterator[Bench]:
    """A page in front of a hub with a connection to the fake provider."""
    configure(mongo_url=hub.running.mongo_url, postgres_url=hub.running.postgres_url, data=hub.data)
    with FakeServer(tokens=12) as server:
        made = connections.add(OWNER, "openai_compatible", name="Foxes", base_url=server.url, key="k")
        with ThreadPoolExecutor(1) as thread:  # Playwright's loop runs on this one
            thread.submit(lambda: wait_for(catalogue.refresh(OWNER, made))).result()
        yield Bench(page, server, made.id)
        connections.remove(OWNER, made.id)


def into_new(page: Page, name: str) -> None:
    """Choose a new set in the dialog that asks which one takes a row."""
    dialog = page.get_by_role("dialog", name="Add to prompt set")
    field = dialog.get_by_label("Name", exact=True)
    if not field.is_visible():
        dialog.get_by_label("Prompt set").click()
        page.get_by_role("option", name="A new prompt set").click()
    field.fill(name)


def test_from_a_new_set_to_a_finished_run(bench: Bench):
    page = bench.page
    page.goto("/evaluate?view=Prompt+sets")
    page.get_by_role("button", name="New prompt set").first.click()
    page.get_by_label("Name", exact=True).fill("Written here")
    page.get_by_role("button", name="Create prompt set").click()
    page.get_by_role("button", name="Paste prompts").click()
    page.get_by_label("Prompts", exact=True).fill("Say quick | quick\nSay nothing else | nothing")
    page.get_by_role("button", name="Add rows").click()
    expect(page.get_by_text("Version 2 · 2 rows")).to_be_visible()
    page.get_by_text("Checks", exact=True).click()
    page.get_by_role("button", name="Add check").click()
    page.get_by_text("Contains", exact=True).click()
    page.get_by_role("button", name="Save as version 3").click()
    expect(page.get_by_text("Version 3 · 2 rows")).to_be_visible()
    page.get_by_role("button", name="Run on models").click()
    for name in ("fake", "fake-echo"):
        page.get_by_role("button", name="Choose a model").last.click()
        page.keyboard.type(name)
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Adjust").nth(0 if name == "fake" else 1)).to_be_visible()
    page.get_by_text("although the price is unknown").click()
    page.get_by_role("button", name="Start 4 cells").click()
    bench.over()
    expect(page.locator("thead th .rate")).to_have_text(["50.0 %", "100 %"])
    expect(page.locator("tbody .cell.pass")).to_have_count(3)
    page.get_by_role("button", name="Runs", exact=True).click()
    expect(page.locator("li", has_text="Written here")).to_contain_text("fake-echo 100 %")


def test_a_run_fills_while_one_looks_on_streams_what_is_in_sight_and_keeps_its_place(bench: Bench):
    page = bench.page
    bench.open(bench.run(40, SLOW, "fake-echo"))
    expect(page.locator(".cell.live").first).to_contain_text("the quick brown", timeout=30_000)
    page.locator(".frame").evaluate("frame => frame.scrollTop = 900")
    page.get_by_role("button", name="Pause run").click()
    expect(page.locator(".progress b")).to_have_text("Paused")
    resume = page.get_by_role("button", name="Resume run")
    expect(resume).to_be_visible()
    resume.click()
    bench.over()
    assert page.locator(".frame").evaluate("frame => frame.scrollTop") == 900
    expect(page.locator("thead th .share")).to_have_text(["0 of 40 passed", "40 of 40 passed"])


def test_a_cell_is_opened_marked_and_left_by_keyboard(bench: Bench):
    page = bench.page
    bench.open(bench.run(3, "fake", "fake-echo"))
    bench.over()
    bench.cell(0, 0).focus()
    page.keyboard.press("ArrowRight")
    expect(bench.cell(0, 1)).to_be_focused()
    page.keyboard.press("Enter")
    panel = page.locator("dialog.panel")
    expect(panel).to_contain_text("Question 0 about foxes")
    expect(panel.locator(".checks")).to_contain_text("contains")
    panel.get_by_label("Note to the mark").fill("Only repeats")
    panel.locator("h2").focus()
    page.keyboard.press("f")
    expect(bench.cell(0, 1)).to_contain_text("Failed by you")
    expect(page.locator("thead th .share").nth(1)).to_have_text("2 of 3 passed")
    page.keyboard.press("j")
    expect(panel.locator(".place")).to_contain_text("Row 2")
    page.keyboard.press("k")
    expect(panel.get_by_label("Note to the mark")).to_have_value("Only repeats")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(bench.cell(0, 1)).to_be_focused()


def test_rows_are_filtered_searched_and_compared(bench: Bench):
    page = bench.page
    bench.open(bench.run(60, "fake", "fake-echo", repeats=2))
    bench.over()
    expect(page.locator("tbody tr")).to_have_count(50)
    page.get_by_role("button", name="Next page").click()
    expect(page.locator("tbody tr")).to_have_count(10)
    page.get_by_role("radio", name="Errors").click()
    expect(page.get_by_text("No row matches")).to_be_visible()
    page.get_by_role("button", name="Show all rows").click()
    page.get_by_label("Search prompts and answers").fill("question 57")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody .prompt")).to_have_text("Question 57 about foxes")
    page.get_by_label("Compare with").select_option(label="fake-echo")
    expect(page.locator("thead th .against").first).to_contain_text("−100.0 points, worse")  # noqa: RUF001 a minus
    page.get_by_role("radio", name="Regressed").click()
    expect(bench.cell(0, 0)).to_contain_text("Regressed")
    expect(bench.cell(0, 0)).to_contain_text("0/2")


def test_errors_say_what_happened_and_are_asked_again(bench: Bench):
    page = bench.page
    bench.open(bench.run(2, "fake-401", "fake-echo"))
    expect(page.locator(".cell.error").first).to_be_visible(timeout=30_000)
    expect(page.locator("thead th").nth(1)).to_contain_text(re.compile("error|refused|key", re.IGNORECASE))
    bench.cell(0, 0).click()
    expect(page.locator("dialog.panel .notice.bad")).to_contain_text("key")


def test_a_cell_goes_on_as_a_chat_and_into_a_set(bench: Bench):
    page = bench.page
    bench.open(bench.run(1, "fake-echo"))
    bench.over()
    bench.cell(0, 0).click()
    page.get_by_role("button", name="Add to prompt set").click()
    into_new(page, "From a run")
    page.get_by_role("button", name="Add 1 row").click()
    expect(page.get_by_text("Added to “From a run”")).to_be_visible()
    [made] = [one for one in evals.sets(OWNER) if one.name == "From a run"]
    [row] = evals.set_rows(OWNER, made.id)
    assert (row.turns, row.expected) == (("Question 0 about foxes",), "Question 0")
    page.get_by_role("button", name="Open in chat").click()
    expect(answers(page)).to_contain_text("Question 0 about foxes")
    assert "?c=" in page.url


def test_a_message_of_a_chat_goes_into_a_set(bench: Bench):
    page = bench.page
    send(page, "Name a fox of fables")
    finished(page)
    menu(page, answers(page).last, "Add to prompt set")
    into_new(page, "From a chat")
    page.get_by_label("Expected (optional)", exact=True).fill("Reynard")
    page.get_by_role("button", name="Add 1 row").click()
    expect(page.get_by_text("Added to “From a chat”")).to_be_visible()
    [made] = [one for one in evals.sets(OWNER) if one.name == "From a chat"]
    [row] = evals.set_rows(OWNER, made.id)
    assert (row.turns, row.expected) == (("Name a fox of fables",), "Reynard")
