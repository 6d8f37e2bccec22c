"""The library and the sidebar in a browser: choosing rows, acting on them, taking it back."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.shots import origin
from tests.cli.hub_process import HubProcess

pytestmark = pytest.mark.browser


def talk(hub: HubProcess, title: str) -> str:
    """A conversation with a title from its first words."""
    url = hub.running.url
    with httpx.Client(base_url=url, timeout=60, headers={"origin": origin(url)}) as client:
        turn = {"text": f"{title} fast", "targets": [{"model": "demo/demo"}]}
        sent = client.post("/api/runs", json=turn).raise_for_status().json()
        client.get(f"/api/runs/{sent['run']}/events?from=1").raise_for_status()
    return sent["conversation"]


def row(page: Page, conversation: str) -> Locator:
    return page.locator(f'tr[data-id="{conversation}"]')


def test_several_are_deleted_and_come_back(page: Page, hub: HubProcess) -> None:
    kept, one, two = (talk(hub, f"Gardens {word}") for word in ("kept", "one", "two"))
    page.goto("/library")
    row(page, one).get_by_role("checkbox").check()
    row(page, two).get_by_role("checkbox").check()
    expect(page.get_by_text("2 chosen")).to_be_visible()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(row(page, one)).to_have_count(0)
    expect(row(page, two)).to_have_count(0)
    expect(row(page, kept)).to_be_visible()
    expect(page.get_by_text("Deleted 2 conversations")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(row(page, one)).to_be_visible()
    expect(row(page, two)).to_be_visible()


def test_the_archive_and_back(page: Page, hub: HubProcess) -> None:
    one = talk(hub, "Letters to nobody")
    page.goto("/library")
    row(page, one).get_by_role("checkbox").check()
    page.get_by_role("button", name="Archive", exact=True).click()
    expect(row(page, one)).to_have_count(0)
    page.get_by_text("Archived", exact=True).click()
    expect(row(page, one)).to_be_visible()
    row(page, one).get_by_role("checkbox").check()
    page.get_by_role("button", name="Unarchive").click()
    expect(page.get_by_text("The archive is empty")).to_be_visible()


def test_a_row_opens_its_conversation(page: Page, hub: HubProcess) -> None:
    one = talk(hub, "Bridges of paper")
    page.goto("/library")
    row(page, one).get_by_role("link").click()
    expect(page).to_have_url(f"{hub.running.url}/?c={one}")
    expect(page.get_by_text("Bridges of paper fast").filter(visible=True).first).to_be_visible()


def test_words_narrow_the_list(page: Page, hub: HubProcess) -> None:
    one, other = talk(hub, "Quince marmalade"), talk(hub, "Plum marmalade")
    page.goto("/library")
    expect(row(page, other)).to_be_visible()
    page.get_by_label("Search the library").press_sequentially("quince")
    expect(row(page, other)).to_have_count(0)
    expect(row(page, one)).to_be_visible()


def test_an_answer_elsewhere_is_marked_until_it_is_done(page: Page, hub: HubProcess) -> None:
    url = hub.running.url
    with httpx.Client(base_url=url, timeout=60, headers={"origin": origin(url)}) as client:
        turn = {"text": "Lanterns, long and slow", "targets": [{"model": "demo/demo"}]}
        sent = client.post("/api/runs", json=turn).raise_for_status().json()
        page.goto("/settings")
        expect(page.get_by_role("img", name="Answering")).to_be_visible()
        client.post(f"/api/runs/{sent['run']}/cancel").raise_for_status()
    expect(page.get_by_role("img", name="Answering")).to_have_count(0)
