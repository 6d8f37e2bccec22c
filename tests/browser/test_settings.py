"""Settings as they are seen: light and dark without a flash, addresses of groups, the search."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PART
from tests.cli.hub_process import HubProcess

LIGHT, DARK = "rgb(255, 255, 255)", "rgb(25, 25, 24)"
WATCH = """
window.seen = new Set()
const look = () => {
  const page = document.documentElement && getComputedStyle(document.documentElement).backgroundColor
  const app = document.querySelector('[data-testid="stApp"]')
  if (page) window.seen.add(page)
  if (app) window.seen.add(getComputedStyle(app).backgroundColor)
  requestAnimationFrame(look)
}
requestAnimationFrame(look)"""
"""Notes every colour that the page has in any frame."""


def bright(colour: str) -> bool:
    """Whether rgb(...) is nearer to white."""
    return sum(int(part) for part in re.findall(r"\d+", colour)[:3]) > 3 * 128


def choose(page: Page, look: str) -> None:
    page.get_by_role("radio", name=look, exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-look", look.lower())


def shows(page: Page, colour: str) -> None:
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", colour)


@pytest.mark.parametrize(("system", "look", "colour"), [("light", "Dark", DARK), ("dark", "Light", LIGHT)])
def test_a_look_is_there_at_once_and_after_a_reload_from_the_first_frame(
    browser: Browser, hub: HubProcess, system: str, look: str, colour: str
) -> None:
    context = browser.new_context(base_url=hub.running.url, color_scheme=system)  # type: ignore[arg-type]
    context.add_init_script(WATCH)
    context.add_init_script(PART)
    page = context.new_page()
    page.goto("/settings?group=Chat")
    choose(page, look)
    shows(page, colour)
    for path in ("/", "/library", "/settings"):
        page.goto(path)
        shows(page, colour)
        expect(page.get_by_test_id("stSidebar")).to_be_visible()
        seen = page.evaluate("[...window.seen]")
        assert colour in seen and {bright(one) for one in seen} == {bright(colour)}, (path, seen)
    page.goto("/")
    page.locator("textarea").first.fill("code fast")
    page.keyboard.press("Enter")
    page.wait_for_function("part('pre')")
    assert bright(page.evaluate("getComputedStyle(part('pre').querySelector('pre')).color")) != bright(colour)
    page.goto("/settings?group=Chat")
    choose(page, "System")
    shows(page, DARK if system == "dark" else LIGHT)
    page.emulate_media(color_scheme="light" if system == "dark" else "dark")
    shows(page, LIGHT if system == "dark" else DARK)
    context.close()


def test_an_address_opens_a_group_and_the_search_finds_over_all(page: Page, hub: HubProcess) -> None:
    page.goto("/settings?group=Prompts")
    expect(page.get_by_role("button", name="Add prompt")).to_be_visible()
    page.get_by_role("radio", name="About").click()
    expect(page).to_have_url(f"{hub.running.url}/settings?group=About")
    page.get_by_placeholder("Search settings").fill("titles name")
    expect(page.get_by_text("Who names a new chat.")).to_be_visible()
    expect(page.get_by_text("Enter sends the message")).to_have_count(0)
    page.get_by_placeholder("Search settings").fill("presets")
    page.get_by_role("button", name="Open Prompts").first.click()
    expect(page).to_have_url(f"{hub.running.url}/settings?group=Prompts")
    expect(page.get_by_role("button", name="Add prompt")).to_be_visible()


def test_on_a_phone_the_groups_stand_in_one_row(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/settings")
    groups = page.locator(".st-key-group").get_by_role("radio")
    expect(groups).to_have_count(4)
    assert len({round(box["y"]) for one in groups.all() if (box := one.bounding_box())}) == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
