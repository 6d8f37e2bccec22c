"""The installed Chromium for the browser tests; none is downloaded."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from contextlib import contextmanager

from playwright.sync_api import Browser, Playwright

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def installed() -> str | None:
    """Where Chromium is, if it is there."""
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    return next((path for path in found if path), None)


@contextmanager
def launch(driver: Playwright) -> Generator[Browser]:
    """A headless browser, closed afterwards."""
    browser = driver.chromium.launch(executable_path=installed(), args=list(FLAGS))
    try:
        yield browser
    finally:
        browser.close()
