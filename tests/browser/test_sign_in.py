"""A hub with accounts, as two people meet it: first account, signing in and out, what each of them sees."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PART
from tests.cli.hub_process import HubProcess, hub_starting

PASSWORD = "four words in a row"


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[HubProcess, str]]:
    """A hub that asks for sign-in, and the address for the first account that it printed."""
    with hub_starting(tmp_path_factory.mktemp("hub") / "data", auth="on", discover_local="false") as hub:
        printed = hub.wait_for("Make the first account")
        hub.wait_for("LLM Hub is ready")
        yield hub, printed.rsplit(" ", 1)[1]


def visit(browser: Browser, hub: HubProcess, path: str = "/") -> Page:
    """A browser of its own that opens `path`."""
    context = browser.new_context(base_url=hub.running.url, viewport={"width": 1280, "height": 720})
    context.set_default_timeout(20_000)
    context.add_init_script(PART)
    page = context.new_page()
    page.goto(path)
    return page


def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def inside(page: Page, name: str) -> None:
    """Waits until the sidebar names who is signed in."""
    expect(page.locator(".st-key-foot").get_by_text(name, exact=True)).to_be_visible()


def make_first(page: Page, hub: HubProcess, address: str) -> None:
    page.get_by_label("Setup token").fill("guessed")
    for label, words in (("Name", "Anna"), ("Password", PASSWORD), ("Password again", PASSWORD)):
        page.get_by_label(label, exact=True).fill(words)
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_role("alert")).to_contain_text("The setup token is not right.")
    page.goto(address)
    for label, words in (("Name", "Anna"), ("Password", PASSWORD), ("Password again", PASSWORD)):
        page.get_by_label(label, exact=True).fill(words)
    page.get_by_role("button", name="Make the account").click()
    inside(page, "Anna")


def make_second(page: Page) -> None:
    page.goto("/settings?group=People")
    page.get_by_label("Name", exact=True).fill("Bert")
    page.get_by_label("First password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_text("Bert can sign in now.")).to_be_visible()


def test_two_people_have_a_hub_each(browser: Browser, closed: tuple[HubProcess, str]) -> None:
    hub, address = closed
    anna = visit(browser, hub)
    expect(anna).to_have_url(f"{hub.running.url}/setup")
    make_first(anna, hub, address)
    cookie = next(one for one in anna.context.cookies() if one.get("name") == "hub_session")
    assert cookie.get("httpOnly") and cookie.get("sameSite") == "Lax"
    sent = anna.request.post("/api/runs", data={"text": "for Anna only", "targets": [{"model": "demo/demo"}]}).json()
    make_second(anna)

    bert = visit(browser, hub, f"/?c={sent['conversation']}")
    sign_in(bert, "Bert", "not the password")
    expect(bert.get_by_role("alert")).to_have_text("Name and password do not fit. Check both and try again.")
    sign_in(bert, "Bert")
    inside(bert, "Bert")
    expect(bert.get_by_text("Your conversations will stand here.")).to_be_visible()
    expect(bert.get_by_text("There is no such conversation.")).to_be_visible()
    assert "for Anna only" not in bert.content() and not bert.get_by_text("for Anna only").count()
    foot = bert.locator(".st-key-foot").bounding_box()
    assert foot and 680 <= foot["y"] + foot["height"] <= 720, "at the lower edge, also below a short list"
    for path in (f"/api/runs/{sent['run']}", f"/api/runs/{sent['run']}/events?render=1",
                 f"/api/conversations/{sent['conversation']}"):  # fmt: skip
        assert (bert.request.get(path).status, anna.request.get(path).status) == (404, 200), path
    anna.goto(f"/?c={sent['conversation']}")
    expect(anna.get_by_text("for Anna only").first).to_be_visible()


def test_signing_out_asks_and_a_link_leads_back(browser: Browser, closed: tuple[HubProcess, str]) -> None:
    hub, _ = closed
    page = visit(browser, hub, "/library")
    sign_in(page, "Anna")
    inside(page, "Anna")
    expect(page).to_have_url(f"{hub.running.url}/library")
    page.get_by_role("link", name="Sign out").first.click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{hub.running.url}/login")
    assert page.request.get("/api/conversations").status == 401
