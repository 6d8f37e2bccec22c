"""Finding what was said, from the palette and the library, and arriving at it, in a browser."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import Page, expect

from hub import chat, projects
from hub.db.who import OWNER
from tests.browser.test_palette import opened
from tests.cli.hub_process import HubProcess
from tests.conftest import Configure

pytestmark = pytest.mark.browser
FOUND = """async ([words, message]) => {
  for (;;) {
    const { talks } = await (await fetch(`/api/search?q=${encodeURIComponent(words)}`)).json()
    if (talks.some(talk => talk.passages.some(passage => passage.message === message))) return true
    await new Promise(again => setTimeout(again, 300))
  }
}"""
"""Ends once a message stands in the index, which a worker fills."""


@pytest.fixture
def store(hub: HubProcess, configure: Configure) -> None:
    """The hub's own stores, for writing conversations that no model has to answer."""
    configure(mongo_url=hub.running.mongo_url, postgres_url=hub.running.postgres_url, data=hub.data)


def long_talk(page: Page, title: str, said: str, *, place: int = 5) -> tuple[str, str]:
    """A conversation of 120 messages with `said` far up, once it can be found; its id and that of the message."""
    home = chat.create(OWNER, title=title)
    texts = [said if number == place else f"{title}, part {number}" for number in range(120)]
    ids = [chat.add_message(OWNER, home.id, "assistant" if n % 2 else "user", text) for n, text in enumerate(texts)]
    assert page.evaluate(FOUND, [said, ids[place]])
    return home.id, ids[place]


def test_the_palette_finds_what_was_said_and_leads_there(page: Page, hub: HubProcess, store: None):
    home, message = long_talk(page, "Lanterns", "The chandelier hangs from a quartz hook")
    palette = opened(page, "chandelier quartz")
    line = palette.get_by_role("group", name="Messages").get_by_role("option").first
    expect(line).to_contain_text("chandelier hangs from a quartz hook")
    expect(line.locator("mark").first).to_have_text(re.compile("chandelier", re.IGNORECASE))
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"c={home}.*m={message}"))
    article = page.locator(f'article[data-id="{message}"]')
    expect(article).to_be_in_viewport()
    expect(page.get_by_role("button", name="Show later messages")).to_be_attached()
    page.get_by_role("button", name="Jump to latest").click()
    expect(page.get_by_text("Lanterns, part 119")).to_be_in_viewport()
    expect(page).not_to_have_url(re.compile("m="))


def test_another_branch_is_read_and_left_as_it_was(page: Page, hub: HubProcess, store: None):
    home = chat.create(OWNER, title="Forks").id
    asked = chat.add_message(OWNER, home, "user", "Which way?")
    aside = chat.add_message(OWNER, home, "assistant", "Over the viaduct", parent=asked)
    chat.add_message(OWNER, home, "assistant", "Through the tunnel", parent=asked)
    page.goto(f"/?c={home}&m={aside}")
    expect(page.get_by_text("Over the viaduct")).to_be_visible()
    expect(page.get_by_text("This is another branch of the chat.")).to_be_visible()
    page.get_by_role("button", name="Back to the open branch").click()
    expect(page.get_by_text("Through the tunnel")).to_be_visible()
    expect(page.get_by_text("Over the viaduct")).to_have_count(0)


def test_the_library_searches_messages_and_says_what_it_cannot_take(page: Page, hub: HubProcess, store: None):
    home, message = long_talk(page, "Barges", "A heliotrope grows beside the lock", place=60)
    page.goto("/library?q=heliotrope")
    passage = page.locator(f'a.passage[href*="m={message}"]')
    expect(passage).to_be_visible()
    page.get_by_role("searchbox", name="Search the library").fill("heliotrope after:soon")
    expect(page.get_by_text("is no day that")).to_be_visible()
    passage.click()
    expect(page).to_have_url(re.compile(f"c={home}.*m={message}"))
    expect(page.locator(f'article[data-id="{message}"]')).to_be_in_viewport()


def make_project(page: Page, name: str) -> None:
    page.goto("/projects")
    page.get_by_role("button", name=re.compile("New project|Create a project")).first.click()
    page.get_by_role("textbox", name="Name").fill(name)
    page.get_by_role("button", name="Create project").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def test_a_project_from_its_making_to_its_undo(page: Page, hub: HubProcess, store: None):
    make_project(page, "Beekeeping")
    page.get_by_role("textbox", name="Instructions").fill("Call them colonies.")
    page.get_by_role("heading", name="Chats").click()
    expect(page.get_by_text("Saved")).to_be_visible()
    page.locator(".st-key-project_chat button").click()
    expect(page.locator(".st-key-chat_project button").first).to_contain_text("Beekeeping")
    page.get_by_role("textbox", name="Message").fill("Swarms fast")
    page.keyboard.press("Enter")
    expect(page.locator("article.assistant:not(.streaming)")).to_have_count(1)
    row = page.locator(".row.current")
    expect(row).to_contain_text("Beekeeping")
    [project] = [one for one in httpx.get(f"{hub.running.url}/api/projects").json() if one["name"] == "Beekeeping"]
    page.goto(f"/projects?p={project['id']}")
    expect(page.get_by_role("link", name=re.compile("Swarms"))).to_have_count(2)
    page.locator(".st-key-project_more button").first.click()
    page.get_by_text("Delete", exact=True).click()
    page.get_by_text("Delete its chats too").click()
    page.get_by_role("button", name="Delete project").click()
    expect(page.get_by_text("Deleted the project")).to_be_visible()
    expect(page.locator(".row").filter(has_text="Swarms")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".row").filter(has_text="Swarms")).to_contain_text("Beekeeping")


def test_a_chat_moves_into_a_project_from_the_list(page: Page, hub: HubProcess, store: None):
    home = chat.create(OWNER, title="Wicker chairs").id
    make_project(page, "Furniture repair")
    page.goto("/")
    row = page.locator(f'.row[data-id="{home}"]')
    row.hover()
    row.get_by_role("button", name=re.compile("^Actions for")).click()
    page.get_by_role("menuitem", name="Move to project").click()
    page.get_by_role("menuitem", name="Furniture repair").click()
    page.mouse.move(640, 600)
    expect(row.locator(".project")).to_have_text("Furniture repair")
    project = chat.get(OWNER, home).project
    assert project and projects.get(OWNER, project).name == "Furniture repair"
