"""Schedules in a browser, with the real scheduler and a real worker behind them."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue
from typing import Any, TypeVar

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from hub import notify
from hub.db.mongo import now
from hub.db.who import OWNER
from hub.models import catalogue, connections
from hub.models.blocking import wait_for
from hub.schedules import manage
from hub.schedules.records import OnlyIf, Policy, Schedule, Spec
from hub.schedules.when import parse
from hub.settings import settings
from tests.browser.conftest import PART, each_chat_alone
from tests.cli.hub_process import HubProcess, hub_up
from tests.conftest import Configure
from tests.fakes.openai_server import FakeServer

ZONE = "Europe/Berlin"
T = TypeVar("T")
LONG = 40_000  # milliseconds: a worker may have to start first


def beside(call: Callable[[], T]) -> T:
    """Calls in a thread of its own, since that of the browser has a running event loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(call).result()


def connect(url: str) -> None:
    """Add the other model, and have the demo answer."""
    made = connections.add(OWNER, "openai_compatible", name="Fake", key="k", base_url=url)
    wait_for(catalogue.refresh(OWNER, made))
    catalogue.set_default(OWNER, "demo/demo")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    """A hub with the demo and another model."""
    with (
        FakeServer(flavour="llamacpp", tokens=20, gap_ms=1) as server,
        hub_up(tmp_path_factory.mktemp("schedules") / "data", discover_local="false") as running,
    ):
        each_chat_alone(running)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("HUB_MONGO_URL", running.running.mongo_url)
            patch.setenv("HUB_DATA", str(running.data))
            settings.cache_clear()
            beside(lambda: connect(server.url))
        settings.cache_clear()
        yield running


@pytest.fixture
def page(browser: Browser, place: HubProcess, configure: Configure) -> Iterator[Page]:
    """A window in Berlin."""
    configure(mongo_url=place.running.mongo_url, postgres_url=place.running.postgres_url, data=place.data)
    context = browser.new_context(
        base_url=place.running.url, viewport={"width": 1280, "height": 900}, timezone_id=ZONE, accept_downloads=True
    )
    context.set_default_timeout(20_000)
    context.add_init_script(PART)
    shown = context.new_page()
    errors: list[str] = []
    shown.on("pageerror", lambda error: errors.append(str(error)))
    yield shown
    context.close()
    assert not errors


@pytest.fixture
def target() -> Iterator[tuple[str, Queue[dict[str, Any]]]]:
    """Where Apprise's JSON service sends, and what came."""
    came: Queue[dict[str, Any]] = Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came.put(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"json://127.0.0.1:{server.server_port}/told", came
    server.shutdown()
    thread.join()
    server.server_close()


def drawn(page: Page) -> None:
    """Waits until the page stands, so that a list that is opened is not closed by what is drawn after it."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning", timeout=20_000)


def still(page: Page) -> None:
    """Waits until nothing opens or scrolls any more: a list of choices closes when its page scrolls."""
    page.wait_for_function("() => document.getAnimations().every(one => one.playState !== 'running')")
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def made(name: str, prompt: str = "Say hello fast", **more: Any) -> Schedule:
    """A schedule for every morning."""
    return beside(lambda: _made(name, prompt, more))


def _made(name: str, prompt: str, more: dict[str, Any]) -> Schedule:
    return manage.create(OWNER, Spec(name, prompt, when=parse("every day at 6", ZONE, now()), **more))


def row(page: Page, name: str) -> Locator:
    """The row of a list."""
    return (
        page.get_by_test_id("stMainBlockContainer")
        .get_by_role("listitem")
        .filter(has=page.get_by_text(name, exact=True))
    )


def menu(page: Page, of: Locator, word: str) -> None:
    """Chooses from the menu of a row."""
    of.get_by_role("button", name=re.compile("^Actions for")).click()
    page.get_by_role("menuitem", name=word).click()


def more(page: Page, word: str) -> None:
    """Chooses from the menu above a list."""
    page.locator(".st-key-schedules_more button").filter(visible=True).first.click()
    page.get_by_text(word, exact=True).filter(visible=True).first.click()


def test_words_are_read_back_before_anything_is_saved(page: Page) -> None:
    page.goto("/schedules")
    page.get_by_role("button", name="New schedule").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What should be done?").fill("Say hello fast")
    when = dialog.get_by_label("When", exact=True)
    when.fill("friday at 9 or 10")
    expect(dialog.get_by_text("It says one time or another.")).to_be_visible()
    expect(dialog.get_by_role("button", name="Ask a model")).to_have_count(0)
    expect(dialog.get_by_role("button", name="Create schedule")).to_be_disabled()
    when.fill("when the cows come home")
    expect(dialog.get_by_text("is not understood as part of a time")).to_be_visible()
    dialog.get_by_role("button", name="Ask a model").click()
    expect(dialog.get_by_text("The model's answer is no time that can be used.")).to_be_visible()
    when.fill("every day at 2:30")
    expect(dialog.get_by_text("Every day at 02:30, Berlin time")).to_be_visible()
    expect(dialog.get_by_text(f"Next times, {ZONE}")).to_be_visible()
    expect(dialog.get_by_text(re.compile(r"\w{3} \d+ \w{3} 20\d\d, 02:30")).last).to_be_visible()
    expect(dialog.get_by_text(re.compile("clocks"))).not_to_have_count(0)
    dialog.get_by_label("Name", exact=True).fill("Greeting")
    dialog.get_by_role("button", name="Create schedule").click()
    expect(page.get_by_role("heading", name="Greeting")).to_be_visible()
    expect(page.get_by_text("Every day at 02:30, Berlin time")).to_be_visible()


def test_a_run_now_reaches_history_inbox_and_chat(page: Page) -> None:
    one = made("Morning note")
    page.goto(f"/schedule?s={one.id}")
    page.get_by_role("button", name="Run now").click()
    run = page.get_by_role("listitem").filter(has_text="Done · today")
    expect(run).to_be_visible(timeout=LONG)
    expect(run.get_by_text("run now ·")).to_be_visible()
    expect(run.get_by_text("unpriced")).to_have_count(0)
    page.goto("/inbox")
    expect(row(page, "Morning note")).to_be_visible()
    row(page, "Morning note").get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"/\?c="))
    expect(page.locator("article.assistant")).to_be_visible()
    page.goto("/inbox")
    expect(page.get_by_role("radio", name="Read", exact=True)).to_be_visible()
    page.get_by_role("radio", name="Read", exact=True).click()
    menu(page, row(page, "Morning note"), "Archive")
    expect(row(page, "Morning note")).to_have_count(0)
    page.get_by_role("radio", name="Archived").click()
    expect(row(page, "Morning note")).to_be_visible()


def test_a_run_is_replayed_on_another_model(page: Page) -> None:
    one = made("To compare")
    beside(lambda: manage.run_now(OWNER, one.id))
    page.goto(f"/schedule?s={one.id}")
    run = page.get_by_role("listitem").filter(has_text="Done · today")
    expect(run).to_be_visible(timeout=LONG)
    menu(page, run, "Replay on another model")
    expect(page.get_by_text("Compare this answer")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Ask th")).click()
    expect(page).to_have_url(re.compile(r"/compare\?c="), timeout=LONG)


def test_pausing_duplicating_and_deleting(page: Page) -> None:
    made("Weather"), made("Tides")
    page.goto("/schedules")
    menu(page, row(page, "Weather"), "Pause")
    expect(row(page, "Weather").get_by_text("Paused", exact=False).first).to_be_visible()
    menu(page, row(page, "Weather"), "Resume")
    expect(row(page, "Weather").get_by_text("next ", exact=False)).to_be_visible()
    more(page, "Pause all")
    expect(row(page, "Tides").get_by_text("All schedules are paused.")).to_be_visible()
    more(page, "Resume all")
    expect(row(page, "Tides").get_by_text("next ", exact=False)).to_be_visible()
    menu(page, row(page, "Tides"), "Delete")
    expect(row(page, "Tides")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(row(page, "Tides")).to_be_visible()
    menu(page, row(page, "Tides"), "Duplicate")
    expect(page.get_by_role("heading", name=re.compile("^Tides.+"))).to_be_visible()


def test_schedules_leave_as_yaml_and_come_back_paused(page: Page) -> None:
    made("Travelling")
    page.goto("/schedules")
    menu(page, row(page, "Travelling"), "Export as YAML")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download YAML").click()
    text = waiting.value.path().read_text()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    more(page, "Import")
    page.get_by_role("dialog").get_by_label("Or its text").fill(text.replace("Travelling", "Arrived"))
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Import schedules").click()
    expect(row(page, "Arrived").get_by_text("paused", exact=True)).to_be_visible()


def test_a_channel_is_told_of_a_failure(page: Page, target: tuple[str, Queue[dict[str, Any]]]) -> None:
    url, came = target
    desk = f"Desk {url.rsplit(':', 1)[1].partition('/')[0]}"  # another one when the test is tried again
    page.goto("/settings?group=Account")
    page.get_by_label("Address", exact=True).fill(url)
    page.get_by_label("Name", exact=True).fill(desk)
    page.get_by_role("button", name="Add channel").click()
    channel = page.locator("[class*=st-key-row_channel_]").filter(has_text=desk)
    channel.get_by_role("button").click()
    page.get_by_text("Send a test").click()
    expect(channel.get_by_text("Told just now")).to_be_visible()
    assert came.get(timeout=20)["title"]
    [chosen] = [one.id for one in notify.channels(OWNER) if one.name == desk]
    one = made("Will fail", "Show me the error of a refused key", policy=Policy(retries=0), channels=(chosen,))
    page.goto(f"/schedule?s={one.id}")
    page.get_by_role("button", name="Run now").click()
    expect(page.get_by_text("Started. A worker takes it.")).to_be_visible()
    page.get_by_role("radio", name="Runs").click()
    expect(page.get_by_text(re.compile("The run of today .* failed."))).to_be_visible(timeout=LONG)
    told = came.get(timeout=20)
    assert "Will fail" in told["title"] and "key" in told["message"]
    page.goto("/inbox")
    expect(row(page, "Will fail failed")).to_be_visible()


def test_each_group_of_the_form_opens_and_the_calendar_shows_what_is_due(page: Page) -> None:
    one = made("Groups", only_if=OnlyIf("pattern", "price"))
    page.goto(f"/schedule?s={one.id}")
    page.get_by_role("radio", name="Edit").click()
    for group, field in (
        ("also", "After another schedule"),
        ("limits", "Due while it still runs"),
        ("result", "Regular expression"),
        ("tools", "Runs may use these and no others"),
    ):
        page.locator(f".st-key-schedule_group_{group} summary").click()
        expect(page.get_by_text(field).first).to_be_visible()
    page.goto("/calendar")
    page.locator(".st-key-month_on button").filter(visible=True).first.click()
    expect(page.get_by_text("Groups").first).to_be_visible()


def test_limits_and_what_is_worth_telling_are_kept(page: Page) -> None:
    one = made("Frugal")
    page.goto(f"/schedule?s={one.id}&part=Edit")
    expect(page.get_by_label("What should be done?")).to_be_visible()
    drawn(page)
    page.locator(".st-key-schedule_group_limits summary").click()
    for name, dollars in (("US dollars a run, at most", "0.25"), ("US dollars a month, at most", "5")):
        page.get_by_label(name).fill(dollars)
        page.keyboard.press("Tab")
        drawn(page)
    page.locator(".st-key-schedule_group_result summary").click()
    telling = page.get_by_role("combobox", name=re.compile("Tell me of"))
    still(page)
    telling.evaluate("one => one.scrollIntoView({block: 'center', behavior: 'instant'})")
    still(page)
    telling.click()
    page.get_by_role("option", name="What a model says is so").click()
    drawn(page)
    page.get_by_label("It must be true that").fill("something new was published")
    page.keyboard.press("Tab")
    drawn(page)
    page.get_by_role("button", name="Save schedule").click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    kept = beside(lambda: manage.find(OWNER, one.id)).spec
    assert (kept.policy.run_cap, kept.policy.month_cap) == (0.25, 5)
    assert kept.only_if == OnlyIf("model", "something new was published")
