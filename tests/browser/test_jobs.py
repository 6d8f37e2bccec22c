"""The page of jobs with a real worker behind it."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from hub.jobs import defer
from tests.cli.hub_process import HubProcess
from tests.conftest import Configure


def test_a_job_that_failed_is_found_and_deleted(page: Page, hub: HubProcess, configure: Configure) -> None:
    configure(postgres_url=hub.running.postgres_url)
    job = defer("nobody.knows", thing="6592f1c0a4")
    page.goto("/settings?group=About")
    page.get_by_role("button", name="See jobs").click()
    expect(page.get_by_text("all queues · idle")).to_be_visible()
    card = page.locator(f".st-key-job_{job}")
    expect(card.get_by_text("No worker of this version knows it")).to_be_visible()
    card.get_by_role("button", name="Retry").click()
    expect(page.get_by_text(f"Job {job} starts again.")).to_be_visible()
    expect(card.get_by_text("nobody.knows")).to_be_visible()  # and fails again, seen without a reload
    card.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name=f"Delete job {job}").click()
    expect(card).to_have_count(0)
