"""The conversations in the sidebar: what can be done with each, by mouse and by keyboard."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.test_chat_stream import finished
from tests.browser.test_library import talk
from tests.cli.hub_process import HubProcess


def row(page: Page, conversation: str) -> Locator:
    return page.locator(f'.row[data-id="{conversation}"]')


def pick(page: Page, conversation: str, item: str) -> None:
    row(page, conversation).hover()
    row(page, conversation).get_by_role("button", name=re.compile("^Actions for")).click()
    page.get_by_role("menuitem", name=item, exact=True).click()


def open_talk(page: Page, hub: HubProcess, title: str) -> str:
    conversation = talk(hub, title)
    page.goto(f"/?c={conversation}")
    finished(page)
    return conversation


def test_a_new_title_stands_in_the_list_and_above_the_chat(page: Page, hub: HubProcess):
    one = open_talk(page, hub, "Apples and rain")
    pick(page, one, "Rename")
    page.get_by_label("New title").fill("Pears and sun")
    page.keyboard.press("Enter")
    expect(row(page, one).get_by_role("link")).to_have_text("Pears and sun")
    expect(page.locator(".st-key-chat_title_menu button:visible").first).to_contain_text("Pears and sun")
    expect(row(page, one).get_by_role("link")).to_be_focused()


def test_escape_leaves_the_title_as_it_was(page: Page, hub: HubProcess):
    one = open_talk(page, hub, "Oranges and snow")
    row(page, one).get_by_role("link").focus()
    page.keyboard.press("F2")
    page.get_by_label("New title").fill("Something else")
    page.keyboard.press("Escape")
    expect(row(page, one).get_by_role("link")).to_have_text("Oranges and snow fast")


def test_what_is_pinned_stands_on_top(page: Page, hub: HubProcess):
    one = open_talk(page, hub, "Keep this near")
    pick(page, one, "Pin")
    expect(page.locator("h3").first).to_have_text("Pinned")
    expect(page.locator("ul").first.locator(f'[data-id="{one}"]')).to_have_count(1)
    pick(page, one, "Unpin")
    expect(page.locator("h3").first).to_have_text("Today")


def test_what_is_archived_leaves_the_list_and_comes_back(page: Page, hub: HubProcess):
    one = open_talk(page, hub, "Put this away")
    pick(page, one, "Archive")
    expect(row(page, one)).to_have_count(0)
    expect(page.get_by_text("Archived “Put this away fast”")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(row(page, one)).to_be_visible()


def test_what_is_deleted_is_left_and_comes_back(page: Page, hub: HubProcess):
    one = open_talk(page, hub, "Throw this away")
    pick(page, one, "Delete")
    expect(row(page, one)).to_have_count(0)
    expect(page).not_to_have_url(re.compile(one))
    expect(page.locator("article")).to_have_count(0)
    page.goto(f"/?c={one}")
    expect(page.get_by_text("There is no such conversation.")).to_be_visible()


def test_a_deletion_is_undone_and_its_link_works_again(page: Page, hub: HubProcess):
    one = open_talk(page, hub, "Not this one")
    row(page, one).get_by_role("link").focus()
    page.keyboard.press("Delete")
    page.get_by_role("button", name="Undo").click()
    expect(row(page, one)).to_be_visible()
    page.goto(f"/?c={one}")
    finished(page)
    expect(row(page, one).get_by_role("link")).to_have_attribute("aria-current", "page")


def test_the_list_by_keyboard(page: Page, hub: HubProcess):
    below, above = talk(hub, "Second from the top"), talk(hub, "First from the top")
    page.goto("/")
    expect(page.get_by_role("textbox", name="Message")).to_be_focused()  # a page that has just come up takes the focus
    row(page, above).get_by_role("link").focus()
    page.keyboard.press("ArrowDown")
    expect(row(page, below).get_by_role("link")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("menuitem", name="Rename")).to_be_focused()
    page.keyboard.press("Escape")
    expect(row(page, below).get_by_role("link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(below))


def test_news_of_the_list_waits_until_an_open_menu_is_closed(page: Page, hub: HubProcess):
    heard: list[bytes] = []
    page.on(
        "websocket",
        lambda socket: socket.on(
            "framereceived", lambda frame: heard.append(bytes(frame, "utf8") if isinstance(frame, str) else frame)
        ),
    )
    one = talk(hub, "Stay with the menu")
    turn = {"text": "Written meanwhile elsewhere slow", "targets": [{"model": "demo/demo"}]}
    other = page.request.post(f"{hub.running.url}/api/runs", data=turn).json()
    page.goto(f"/?c={one}")
    finished(page)
    answering = row(page, other["conversation"]).get_by_role("img", name="Answering")
    expect(answering).to_be_visible()
    row(page, one).get_by_role("link").focus()
    page.keyboard.press("ArrowRight")
    page.request.post(f"{hub.running.url}/api/runs/{other['run']}/cancel")
    heard.clear()
    while not any(other["conversation"].encode() in frame for frame in heard):
        page.wait_for_timeout(50)
    expect(page.get_by_role("menuitem", name="Rename")).to_be_focused()
    expect(answering).to_be_visible()
    page.keyboard.press("Escape")
    expect(row(page, one).get_by_role("link")).to_be_focused()
    expect(answering).to_have_count(0)


def test_thirty_stand_in_the_list_and_the_rest_in_the_library(page: Page, hub: HubProcess):
    url = hub.running.url
    for number in range(31):
        page.request.post(
            f"{url}/api/runs", data={"text": f"Number {number} fast", "targets": [{"model": "demo/demo"}]}
        )
    page.goto("/")
    expect(page.locator("h3").first).to_have_text("Today")
    expect(page.locator("li.row")).to_have_count(30)
    page.get_by_role("link", name="All conversations").click()
    expect(page).to_have_url(re.compile("/library"))
    expect(page.get_by_role("checkbox", name=re.compile("Choose Number 0 fast"))).to_be_visible()
