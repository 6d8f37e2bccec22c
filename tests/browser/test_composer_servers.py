"""What MCP servers have for a message: resources and prompts in the composer, by mouse and keyboard."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.resources import TextResource
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_chat_stream import answers, box, finished
from tests.browser.test_mcp import bring_in, card
from tests.mcp.conftest import until
from tests.mcp.servers.web import App, Served, open_server

MANY = 250


def crowded(_: str) -> App:
    """A server with more resources than are drawn at once."""
    server = MCPServer("crowded")
    for number in range(MANY):
        server.add_resource(
            TextResource(
                uri=f"doc://{number}", name=f"{number}", title=f"Paper {number}", text=f"Paper {number} in full."
            )
        )
    return server.streamable_http_app()


def remove(page: Page, *names: str) -> None:
    """Takes the servers away again, for the tests after this one."""
    page.goto("/tools?part=Servers")
    for name in names:
        card(page, name).locator('[class*="st-key-mcp_more_"] button').click()
        page.get_by_text("Remove server").click()
        page.get_by_role("dialog").get_by_role("button", name="Remove server").click()
        expect(card(page, name)).to_have_count(0)


@pytest.fixture
def named(page: Page) -> Iterator[tuple[str, str, str]]:
    """Three servers: one with everything, one with long lists, one that went away after it was added."""
    mark = uuid.uuid4().hex[:6]
    names = (f"Notes {mark}", f"Crowd {mark}", f"Away {mark}")
    with open_server() as notes, Served(crowded) as crowd, open_server() as away:
        places = zip(names, (notes, crowd, away), strict=True)
        bring_in(page, {name: {"url": served.url} for name, served in places})
        card(page, names[0]).get_by_role("button", name="Test server").click()
        expect(card(page, names[0]).get_by_text("Connected")).to_be_visible()
        away.stop()
        page.goto("/")
        expect(box(page)).to_be_visible()
        for _ in range(page.locator(".chip").count()):  # what an earlier try has left
            page.locator(".chip").first.get_by_role("button").last.click()
        yield names
        remove(page, *names)


def panel(page: Page, entry: str) -> Locator:
    """What opens behind an entry of the plus."""
    page.get_by_role("button", name="Attach files and documents").click()
    page.get_by_role("menuitem", name=entry).click()
    return page.get_by_role("dialog", name=entry)


def test_a_resource_goes_with_the_message(page: Page, named: tuple[str, str, str]):
    notes, crowd, away = named
    opened = panel(page, "Attach from a server")
    field = opened.get_by_role("searchbox", name="Find a resource")
    expect(field).to_be_focused()
    expect(opened.get_by_role("group", name=notes).get_by_role("button")).to_have_count(2)
    expect(opened.get_by_role("group", name=crowd).get_by_role("status")).to_have_text("230 more: type to find them.")
    gone = opened.get_by_role("group", name=away)
    expect(gone.get_by_role("status")).to_contain_text(f"{away} is not running")
    expect(gone.get_by_role("button", name="Try again")).to_be_visible()
    field.fill("paper 249")
    expect(opened.get_by_role("group", name=crowd).get_by_role("button")).to_have_count(1)
    field.press("Enter")
    expect(page.locator(".chip.ready")).to_contain_text("Paper 249.txt")
    expect(box(page)).to_be_focused()
    panel(page, "Attach from a server").get_by_role("button", name="Notes of a day").click()
    form = page.get_by_role("dialog", name="Notes of a day")
    expect(form.get_by_role("textbox", name="day")).to_be_focused()
    page.keyboard.type("Monday")
    page.keyboard.press("Enter")
    expect(page.locator(".chip.ready")).to_have_count(2)
    box(page).fill("fast, look")
    box(page).press("Enter")
    finished(page)
    expect(page.locator("article.user .file")).to_have_count(2)
    expect(page.locator("article.user .file").last).to_contain_text("Notes of a day Monday.txt")
    expect(answers(page)).to_contain_text("2 text files")


def test_a_prompt_is_filled_in_by_keyboard(page: Page, named: tuple[str, str, str]):
    notes, _, away = named
    word = notes.lower().replace(" ", "-")
    box(page).press_sequentially("/" + word[:7])
    expect(page.get_by_role("option").first).to_contain_text(f"/{word}:review")
    box(page).press("Enter")
    form = page.get_by_role("dialog", name="Review")
    expect(form.get_by_role("textbox", name="code")).to_be_focused()
    page.keyboard.press("Enter")
    expect(form).to_be_visible()  # what is required is missing
    page.keyboard.type("x = 1")
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    opened = panel(page, "Use a prompt of a server")
    expect(opened.get_by_role("group", name=away).get_by_role("status")).to_contain_text("is not running")
    opened.get_by_role("searchbox").fill("review " + notes)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(form.get_by_role("textbox", name="code")).to_have_value("x = 1")
    form.get_by_role("button", name="Use prompt").click()
    expect(box(page)).to_have_value("Review this:\n\nx = 1")
    expect(box(page)).to_be_focused()
    panel(page, "Use a prompt of a server").get_by_role("button", name="Stand-up").first.click()
    expect(box(page)).to_have_value("Review this:\n\nx = 1\n\nWhat did I do, what will I do, what is in the way?")


def test_a_server_that_went_away_takes_nothing_with_it(page: Page):
    name = f"Gone {uuid.uuid4().hex[:6]}"
    with open_server() as served:
        bring_in(page, {name: {"url": served.url}})
        card(page, name).get_by_role("button", name="Test server").click()
        expect(card(page, name).get_by_text("Connected")).to_be_visible()
        page.goto("/")
        opened = panel(page, "Attach from a server")
        expect(opened.get_by_role("button", name="Notes of today")).to_be_visible()
        served.stop()
        opened.get_by_role("button", name="Notes of today").click()
        expect(page.locator(".chip.failed")).to_contain_text("is not running")
        served.start()
        again = page.get_by_role("button", name="Retry")
        page.route("**/api/mcp/servers/*/files", lambda route: None)
        again.click()
        expect(page.locator(".chip.uploading")).to_be_visible()
        expect(again).to_have_count(0)  # while it is being asked nobody can ask once more
        page.unroute("**/api/mcp/servers/*/files")  # which lets it go on
        # It is tried again after a pause of its own.
        until(lambda: page.locator(".chip.ready").count() or (again.count() and again.click(timeout=1_000)), seconds=60)
        expect(page.locator(".chip.ready")).to_contain_text("Notes of today.md")
        remove(page, name)
