"""Documents from the drop of a file to the page that an answer cites."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from hub import documents
from hub.db.who import OWNER
from hub.models import catalogue, connections
from hub.models.blocking import wait_for
from tests.browser.test_chat_stream import LONG, answers, box, finished
from tests.cli.hub_process import HubProcess
from tests.conftest import Configure
from tests.documents.test_faults import long_notes
from tests.fakes.openai_server import FakeServer

HANDBOOK = Path(__file__).parents[1] / "files" / "data" / "handbook.pdf"


@pytest.fixture
def shelf(page: Page, hub: HubProcess, configure: Configure) -> Iterator[str]:
    """A new collection that is open in the browser; its id."""
    configure(mongo_url=hub.running.mongo_url, postgres_url=hub.running.postgres_url, data=hub.data)
    page.goto("/documents")
    page.get_by_role("button", name="New collection").first.click()
    page.get_by_label("Name", exact=True).fill(f"Shelf {len(documents.collections(OWNER))}")
    page.get_by_role("button", name="Create collection").click()
    expect(page.get_by_text("Nothing in here yet")).to_be_visible()
    made = re.search(r"collection=(\w+)", page.url)
    assert made
    yield made[1]
    documents.delete_collection(OWNER, made[1])


def drop(page: Page, *files: str | Path) -> None:
    page.locator("input[type=file]").first.set_input_files([str(one) for one in files])


def ready(page: Page, name: str, facts: str) -> Locator:
    """The row of a document, once it has these facts and is no longer on its way."""
    row = page.locator("li", has_text=name)
    expect(row.locator(".facts")).to_contain_text(facts, timeout=90_000)
    expect(row.locator("progress")).to_be_hidden(timeout=90_000)
    return row


def test_files_become_ready_while_one_looks_on_and_come_back_after_removing(page: Page, shelf: str, tmp_path: Path):
    note, empty = tmp_path / "note.md", tmp_path / "empty.txt"
    note.write_text("# Tea\n\nTea is made at four o'clock in the kitchen of the refuge.")
    empty.write_text("")
    drop(page, note, empty)
    expect(page.get_by_text("1 was not added.")).to_be_visible()
    row = ready(page, "note.md", "1 passage")
    row.get_by_label("Actions for note.md").click()
    page.get_by_role("menuitem", name="Remove document").click()
    expect(row).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(row).to_have_count(1)


def test_a_question_shows_what_is_found_and_why(page: Page, shelf: str, tmp_path: Path):
    note = tmp_path / "note.md"
    note.write_text("# Tea\n\nTea is made at four o'clock.\n\n# Boats\n\nThe boat leaves at nine from the pier.")
    drop(page, note)
    ready(page, "note.md", "passage")
    page.get_by_text("Try a question").click()
    page.get_by_label("Question", exact=True).fill("When does the boat leave?")
    first = page.get_by_role("list", name=re.compile("Passages for")).locator("li").first
    expect(first).to_contain_text("leaves at nine")
    expect(first.locator("dt")).to_have_text(["Words", "Meaning", "Beside", "Document", "Together"])
    first.get_by_role("button").click()
    expect(page.locator("dialog.panel mark").first).to_be_visible()


def test_a_document_from_inside(page: Page, shelf: str):
    drop(page, HANDBOOK)
    row = ready(page, "handbook.pdf", "24 pages")
    row.get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"/document\?d="))
    expect(page.get_by_role("list", name="Passages").locator("li")).not_to_have_count(0)
    page.locator("button.open").nth(4).click()
    expect(page.locator("dialog.panel .spot").first).to_be_visible(timeout=LONG)
    page.get_by_label("Close source").click()
    page.get_by_role("radio", name="Text").click()
    expect(page.get_by_role("img").first).to_be_visible()
    page.get_by_role("button", name=re.compile("Shelf")).click()
    expect(page).to_have_url(re.compile(f"collection={shelf}"))


def test_a_document_that_is_opened_while_it_is_read_grows(page: Page, shelf: str):
    long = documents.add_file(OWNER, shelf, "long.md", long_notes()).document
    page.goto(f"/document?d={long.id}")
    expect(page.get_by_text(re.compile("Waiting|Reading|Cutting|Indexing"))).to_be_visible(timeout=LONG)
    expect(page.get_by_text(re.compile("Waiting|Reading|Cutting|Indexing"))).to_be_hidden(timeout=90_000)
    expect(page.get_by_text(re.compile(r"long\.md · \d{3} passages"))).to_be_visible()
    expect(page.get_by_role("list", name="Passages").locator("li")).to_have_count(30)


def test_two_settings_are_compared_on_my_questions(page: Page, shelf: str, tmp_path: Path):
    note = tmp_path / "note.md"
    note.write_text("# Tea\n\nTea is made at four o'clock.\n\n# Boats\n\nThe boat leaves at nine from the pier.")
    drop(page, note)
    ready(page, "note.md", "passage")
    page.get_by_role("radio", name="Compare").click()
    page.get_by_label("Questions, one a line").fill("When is tea made? | four o'clock\nWho is the king? | Harald")
    page.get_by_label("Tokens in a passage").first.fill("100")
    page.get_by_role("button", name="Compare settings").click()
    for card, size in (("First", "100 tokens"), ("Second", "400 tokens")):
        shown = page.locator(f".st-key-card_{card}")
        expect(shown).to_contain_text(size, timeout=LONG)
        expect(shown.get_by_test_id("stMetric").filter(has_text="Found")).to_contain_text("50%")
        expect(shown.get_by_test_id("stMetric").filter(has_text="MRR")).to_contain_text("0.50")


@pytest.fixture
def citing(hub: HubProcess, configure: Configure) -> Iterator[str]:
    """The name of a model that answers with a citation."""
    with FakeServer() as provider:
        provider.says.append("Boil it for some minutes [1], then let it cool.")
        made = connections.add(OWNER, "openai_compatible", name="Citing", base_url=provider.url, key="sk-0123456789ab")
        with ThreadPoolExecutor(1) as aside:  # the thread of a browser has a running event loop
            aside.submit(wait_for, catalogue.refresh(OWNER, made)).result()
        yield f"{made.id}/fake-says"
        connections.remove(OWNER, made.id)


def test_an_answer_from_a_collection_cites_the_page_that_opens(page: Page, shelf: str, citing: str):
    drop(page, HANDBOOK)
    ready(page, "handbook.pdf", "24 pages")
    name = documents.get_collection(OWNER, shelf).name
    catalogue.set_default(OWNER, citing)
    page.goto("/")
    page.get_by_label("Attach files and documents").click()
    page.get_by_role("menuitem", name=name).click()
    expect(page.locator(".book")).to_have_text(re.compile(name))
    page.get_by_role("button", name="Automatic").click()
    page.get_by_role("menuitem", name="Passages").click()
    box(page).fill("How long must drinking water be boiled?")
    box(page).press("Enter")
    finished(page)
    expect(page.locator(".book")).to_have_text(re.compile(name))
    answers(page).locator(".cite").first.click()
    expect(page.locator("dialog.panel .spot").first).to_be_visible(timeout=LONG)
    expect(page.locator("dialog.panel .place")).to_contain_text("page")
    page.reload()
    expect(page.get_by_role("button", name="Passages")).to_be_visible()
