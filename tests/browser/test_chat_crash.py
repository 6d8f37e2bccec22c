"""The web process is killed in the middle of an answer."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.conftest import PART
from tests.browser.test_chat_stream import LONG, answers, finished, send
from tests.cli.hub_process import hub_up


def test_an_answer_that_was_cut_off_says_so_by_itself_and_goes_on(browser: Browser, tmp_path: Path):
    with hub_up(tmp_path / "data", discover_local="false") as hub:
        page = browser.new_page(base_url=hub.running.url)
        page.add_init_script(PART)
        page.goto("/")
        send(page, "long")
        expect(page.locator("article.streaming .body h2").nth(1)).to_be_visible(timeout=LONG)
        hub.child("streamlit").kill()
        expect(page.locator(".card.interrupted")).to_be_visible(timeout=60_000)
        kept = answers(page).locator(".body").inner_text()
        assert "Part 1" in kept
        page.get_by_role("button", name="Continue").click()
        finished(page)
        expect(answers(page).locator(".body")).to_contain_text("goes on from where the answer stopped")
        expect(page.locator(".card.interrupted")).to_have_count(0)
        page.close()
