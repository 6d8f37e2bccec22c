"""The palette, the sheet and the shortcuts in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from hub.db.who import OWNER
from hub.models import catalogue, connections
from hub.models.blocking import wait_for
from tests.browser.shots import asked
from tests.browser.test_chat_stream import box, finished, send
from tests.browser.test_library import talk
from tests.cli.hub_process import HubProcess
from tests.conftest import Configure
from tests.fakes.openai_server import FakeServer

pytestmark = pytest.mark.browser


def listening(page: Page) -> None:
    """Wait until the page hears keys: the component that listens comes a moment after the text of a page."""
    expect(page.locator("[data-listening]")).to_be_attached()


def opened(page: Page, words: str = "") -> Locator:
    """The palette, opened by its key, with `words` typed."""
    listening(page)
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Find a chat")
    expect(field).to_be_focused()
    if words:
        page.keyboard.type(words)
        expect(field).to_have_value(words)
    return page.get_by_role("dialog", name="Find anything")


def chosen(palette: Locator) -> Locator:
    """The option that Enter would take."""
    return palette.locator('.option[aria-selected="true"]')


@pytest.fixture
def quick(hub: HubProcess, configure: Configure) -> Iterator[str]:
    """The id of a second model, at a provider that is connected for one test."""
    configure(mongo_url=hub.running.mongo_url, data=hub.data)
    with FakeServer() as provider:
        made = connections.add(OWNER, "openai_compatible", name="Router", base_url=provider.url, key="sk-0123456789ab")
        with ThreadPoolExecutor(1) as aside:  # the thread of a browser has a running event loop
            aside.submit(wait_for, catalogue.refresh(OWNER, made)).result()
        yield next(model.id for model in catalogue.models(OWNER) if not model.demo)
        connections.remove(OWNER, made.id)


def test_the_sheet_lists_the_keys(page: Page):
    page.goto("/settings")
    listening(page)
    page.keyboard.press("Control+/")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet).to_contain_text("Find a chat, message, model or setting")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


def test_sheet_and_palette_follow_each_other(page: Page):
    palette = opened(page)
    page.keyboard.press("Control+/")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    expect(palette).to_have_count(0)
    opened(page, "keyboard")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()


def test_the_search_of_the_sidebar_has_its_own_key(page: Page, hub: HubProcess):
    talk(hub, "Keyboards of old")
    page.goto("/settings")
    listening(page)
    page.keyboard.press("Control+Shift+F")
    expect(page.get_by_label("Search conversations")).to_be_focused()
    page.keyboard.type("keyboards")
    expect(page.get_by_role("heading", name="Results")).to_be_visible()


def test_a_chat_by_keyboard(page: Page, hub: HubProcess):
    one = talk(hub, "Marzipan for beginners")
    palette = opened(page, "beginners marz")
    expect(chosen(palette)).to_contain_text("Marzipan for beginners")
    expect(chosen(palette).locator("mark")).to_have_text(["Marz", "beginners"])
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{hub.running.url}/?c={one}")
    expect(palette).to_have_count(0)
    expect(box(page)).to_be_focused()
    expect(chosen(opened(page))).to_contain_text("New chat")


def test_a_title_that_the_page_never_saw_is_asked_from_the_hub(page: Page, hub: HubProcess):
    old = talk(hub, "Aardvarks at dusk")
    with httpx.Client(base_url=hub.running.url, timeout=60) as client:
        assert client.get("/api/conversations", params={"q": "dusk aard"}).json()["found"][0]["id"] == old
    page.route("**/api/conversations", lambda route: route.fulfill(json={"pinned": [], "recent": [], "earlier": True}))
    palette = opened(page, "aardvarks")
    page.keyboard.press("Enter")  # before the hub has answered
    expect(page).to_have_url(f"{hub.running.url}/?c={old}")
    expect(palette).to_have_count(0)


def test_arrows_and_escape(page: Page):
    expect(box(page)).to_be_focused()
    palette = opened(page)
    expect(chosen(palette)).to_contain_text("New chat")
    page.keyboard.press("ArrowUp")
    expect(chosen(palette)).to_contain_text("About")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    expect(chosen(palette)).to_contain_text("Temporary chat")
    page.keyboard.press("End")
    expect(chosen(palette)).to_contain_text("About")
    page.keyboard.press("Escape")
    expect(palette).to_have_count(0)
    expect(box(page)).to_be_focused()


def test_the_focus_of_a_menu_that_went_is_at_its_button(page: Page):
    button = page.get_by_role("button", name=re.compile("^Model: "))
    button.click()
    palette = opened(page)
    page.keyboard.press("Escape")
    expect(palette).to_have_count(0)
    expect(button).to_be_focused()


def test_nothing_found_says_so(page: Page):
    palette = opened(page, "zzyzx")
    expect(palette).to_contain_text("Nothing is found for “zzyzx”.")
    page.keyboard.press("Enter")
    expect(palette).to_be_visible()


def test_a_group_of_the_settings(page: Page, hub: HubProcess):
    opened(page, "prompts")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{hub.running.url}/settings?group=Prompts")
    expect(page.get_by_role("button", name="Add prompt")).to_be_visible()
    opened(page, "show costs")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Show costs").first).to_be_visible()
    opened(page, "about")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{hub.running.url}/settings?group=About")
    opened(page, "library")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{hub.running.url}/library")


def test_a_model_for_a_new_chat_and_for_this_one(page: Page, hub: HubProcess, quick: str):
    one = talk(hub, "Harbours")
    name, picker = quick.partition("/")[2], page.locator(".st-key-model_picker")
    page.goto("/settings")
    palette = opened(page, name)
    expect(palette.get_by_role("group", name="Models for a new chat")).to_be_visible()
    expect(chosen(palette)).to_contain_text("Router")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{hub.running.url}/")
    expect(picker).to_contain_text("Router")
    page.goto(f"/?c={one}")
    expect(picker).to_contain_text("Demo")
    palette = opened(page, name)
    expect(palette.get_by_role("group", name="Models for this chat")).to_be_visible()
    page.keyboard.press("Enter")
    expect(picker).to_contain_text("Router")
    page.reload()
    expect(picker).to_contain_text("Router")


def test_escape_closes_and_stops_no_answer(page: Page, hub: HubProcess):
    with asked(hub.running.url, "Reason slowly, then long") as (client, sent):
        page.goto(f"/?c={sent['conversation']}")
        expect(page.locator("article.streaming")).to_be_visible()
        palette = opened(page, "stop")
        expect(chosen(palette)).to_contain_text("Stop the answer")
        page.keyboard.press("Escape")
        expect(palette).to_have_count(0)
        assert client.get(f"/api/runs/{sent['run']}").json()["status"] == "running"
        opened(page, "stop")
        page.keyboard.press("Enter")
        expect(page.locator("article.streaming")).to_have_count(0)
        assert client.get(f"/api/runs/{sent['run']}").json()["status"] == "cancelled"


def test_the_last_answer_is_copied(page: Page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    send(page, "table fast")
    finished(page)
    opened(page, "copy last")
    page.keyboard.press("Enter")
    page.wait_for_function("navigator.clipboard.readText().then(text => text.includes('| planet |'))")


def test_a_page_that_is_drawn_again_leaves_it_open(page: Page, hub: HubProcess):
    with asked(hub.running.url, "Lighthouses, long and slow") as (client, sent):
        page.goto("/library")
        expect(page.get_by_role("img", name="Answering").first).to_be_visible()
        palette = opened(page, "light")
        client.post(f"/api/runs/{sent['run']}/cancel").raise_for_status()
        expect(page.get_by_role("img", name="Answering")).to_have_count(0)
        expect(chosen(palette)).to_be_visible()
        expect(page.get_by_role("combobox", name="Find a chat")).to_be_focused()
    page.keyboard.press("Escape")
    expect(palette).to_have_count(0)


def test_on_a_phone_it_is_opened_from_the_sidebar(page: Page, hub: HubProcess):
    one = talk(hub, "Tangerine postcards")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/")
    listening(page)
    page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_role("button", name="Find anything").click()
    palette = page.get_by_role("dialog", name="Find anything")
    width = palette.evaluate(
        "dialog => [dialog.getBoundingClientRect().left, innerWidth - dialog.getBoundingClientRect().right]"
    )
    assert min(width) >= 0
    page.keyboard.type("tangerine")
    palette.get_by_role("group", name="Chats").get_by_text("Tangerine postcards").click()
    expect(page).to_have_url(re.compile(one))
    expect(page.get_by_test_id("stExpandSidebarButton")).to_be_visible()
