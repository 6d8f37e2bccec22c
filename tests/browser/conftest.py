"""A hub on a fresh folder, and pages of a real browser in front of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from hub import memory
from hub.db.who import OWNER
from hub.settings import settings
from tests.browser.chromium import installed, launch
from tests.cli.hub_process import HubProcess, hub_up

expect.set_options(timeout=20_000)  # milliseconds; a machine that runs two tests at once may be slow

PART = """window.part = selector =>
  [...document.querySelectorAll('*')].map(one => one.shadowRoot).find(root => root?.querySelector(selector))"""
"""In a page, `part(selector)` is the shadow root that holds it."""


def each_chat_alone(running: HubProcess) -> None:
    """No answer of this hub gets what was said in another chat, so that tests do not change each other's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUB_MONGO_URL", running.running.mongo_url)
        settings.cache_clear()
        memory.change_settings(OWNER, past_chats=False)
    settings.cache_clear()


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    """One hub for all browser tests; each test makes conversations of its own, and none reads another's."""
    with hub_up(tmp_path_factory.mktemp("hub") / "data", discover_local="false") as running:
        each_chat_alone(running)
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the tests of a file: while it is there, its thread has a running event loop."""
    if installed() is None:
        pytest.fail("Chromium is missing: apt-get install chromium")
    with sync_playwright() as driver, launch(driver) as running:
        yield running


@pytest.fixture
def page(browser: Browser, hub: HubProcess) -> Iterator[Page]:
    """A new chat in a window of its own; anything that the page reports as an error fails the test."""
    context = browser.new_context(base_url=hub.running.url, viewport={"width": 1280, "height": 720})
    context.set_default_timeout(20_000)
    context.add_init_script(PART)
    shown = context.new_page()
    errors: list[str] = []
    shown.on("pageerror", lambda error: errors.append(str(error)))
    shown.goto("/")
    yield shown
    context.close()
    assert not errors
