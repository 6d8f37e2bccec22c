"""Tools, citations and sources below an answer, and the panel that opens one."""

from __future__ import annotations

import re

import pytest
from bson import ObjectId
from playwright.sync_api import Page, expect

from hub import chat
from hub.db.mongo import collection
from hub.db.who import OWNER
from tests.browser.test_chat_stream import answers, finished, send
from tests.cli.hub_process import HubProcess
from tests.conftest import Configure

BLOCK = {"room": "documents", "title": "Passages", "text": "[1] As it went in", "tokens": 9}

SOURCES = [
    {"kind": "document", "item": f"gone-1-{number}", "title": f"handbook {number}.md", "text": f"Passage **{number}**.",
     "place": f"page {number}", "score": 0.5, "number": number}
    for number in range(1, 6)
]  # fmt: skip
USED = [
    {"kind": "memory", "item": "f1", "title": "", "text": "Likes tea.", "place": "since May"},
    {"kind": "message", "item": "65f000000000000000000001", "title": "Tea", "text": "We spoke of tea.",
     "place": "12 June", "about": {"conversation": "65f000000000000000000002"}},
]  # fmt: skip


@pytest.fixture
def given(hub: HubProcess, configure: Configure) -> str:
    """A conversation whose answer was given tools and sources."""
    configure(mongo_url=hub.running.mongo_url, data=hub.data)
    home = chat.create(OWNER, title="Water").id
    chat.add_message(OWNER, home, "user", "How long?")
    answer = chat.add_message(OWNER, home, "assistant", "A minute [2, 1].\n\n" + "More words. " * 400 + "[1]")
    fields = {
        "tool_calls": [{"id": "t1", "name": "search_documents", "arguments": '{"question": "how long"}'}],
        "tool_results": [{"call": "t1", "text": "two", "title": "Search documents", "said": "2 passages"}],
        "sources": [*SOURCES, *USED],
        "context_used": {"tokens": 10, "blocks": [BLOCK]},
    }
    collection("messages").update_one({"_id": ObjectId(answer)}, {"$set": fields})
    return home


def test_a_citation_opens_its_passage_beside_the_chat_and_gives_the_focus_back(page: Page, given: str):
    page.goto(f"/?c={given}")
    cite = answers(page).locator(".cite").first
    expect(cite).to_have_attribute("title", "handbook 2.md · page 2")
    cite.scroll_into_view_if_needed()
    before = cite.bounding_box()
    cite.press("Enter")
    panel = page.locator("dialog.panel")
    expect(panel.locator("strong")).to_have_text("2")
    expect(panel.locator(".place")).to_have_text("page 2 · Score 0.50")
    after = cite.bounding_box()
    assert before and after and abs(before["y"] - after["y"]) < 2, "the chat kept its place"
    beside, column = panel.bounding_box(), answers(page).bounding_box()
    assert beside and column and column["x"] + column["width"] <= beside["x"], "nothing is covered"
    panel.get_by_label("Next source").click()
    expect(panel.locator("strong")).to_have_text("3")
    panel.get_by_label("Width of the panel").press("ArrowLeft")
    wider = panel.bounding_box()
    assert wider and wider["width"] > beside["width"]
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(cite).to_be_focused()
    page.reload()
    answers(page).locator("button.source").first.click()
    expect(panel.locator("strong")).to_have_text("1")
    kept = panel.bounding_box()
    assert kept and abs(kept["width"] - wider["width"]) < 2, "the width is remembered"


def test_the_panel_is_a_sheet_on_a_phone(page: Page, given: str):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/?c={given}")
    answers(page).locator("button.source").first.click()
    panel = page.locator("dialog.panel")
    expect(panel.locator("strong")).to_have_text("1")
    place = panel.bounding_box()
    assert place and place["width"] == 390
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_sources_and_what_else_went_in_stand_below_the_answer(page: Page, given: str):
    page.goto(f"/?c={given}")
    sources = answers(page).locator(".sources")
    expect(sources.locator("button.source:visible")).to_have_count(4)
    sources.get_by_role("button", name="2 more").click()
    expect(sources.locator("button.source:visible")).to_have_count(5)
    expect(sources.locator("button.uncited")).to_have_count(3)
    answers(page).get_by_text("Used in this answer: 1 memory, 1 earlier message").click()
    used = answers(page).locator(".used li")
    expect(used.first).to_contain_text("Likes tea.")
    expect(used.first.get_by_role("button", name="This is wrong")).to_be_visible()
    used.nth(1).get_by_role("link").click()
    expect(page).to_have_url(re.compile("c=65f000000000000000000002&m=65f000000000000000000001"))


def test_a_tool_line_opens_and_what_went_in_lists_the_blocks(page: Page, given: str):
    page.goto(f"/?c={given}")
    line = answers(page).locator(".call")
    expect(line.locator("summary")).to_contain_text("Search documents")
    expect(line.locator("summary")).to_contain_text("how long")
    expect(line.locator("summary")).to_contain_text("2 passages")
    line.locator("summary").click()
    expect(line.locator(".result")).to_have_text("two")
    answers(page).locator("[data-act=menu]").click()
    page.get_by_role("menuitem", name="Show what went in").click()
    page.get_by_role("dialog").get_by_text("Passages · about 9 tokens").click()
    expect(page.get_by_role("dialog").get_by_text("[1] As it went in")).to_be_visible()


def test_a_tool_of_the_demo_model_stands_on_one_line(page: Page):
    send(page, "Use a tool for this fast")
    finished(page)
    line = answers(page).locator(".call")
    expect(line.first.get_by_role("img", name="Done")).to_be_visible()
    box = line.first.bounding_box()
    assert box and box["height"] < 44
