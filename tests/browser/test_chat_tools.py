"""Tools in the chat: a line for each call, leave before it runs, from whatever tab, and questions to the person."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from hub import chat
from hub.db.mongo import collection, now
from hub.db.who import OWNER
from hub.models import connections
from hub.tools import decide
from tests.browser.test_chat_stream import answers, finished, send
from tests.cli.hub_process import HubProcess
from tests.conftest import Configure
from tests.fakes.openai_server import FakeServer

SUM = 'Work it out.\ncall calculator {"expression": "6*7"}'


@pytest.fixture
def home(hub: HubProcess, configure: Configure, request: pytest.FixtureRequest) -> Iterator[str]:
    """A chat with a model that calls what it is told to, where the calculator asks first. The parameter is the window
    of the model in tokens."""
    configure(mongo_url=hub.running.mongo_url, data=hub.data)
    with FakeServer() as provider:
        made = connections.add(OWNER, "openai_compatible", name="Caller", key="k", base_url=provider.url)
        window = getattr(request, "param", 100_000)
        entry = {"name": "fake-caller", "title": "Caller", "context": window, "output_limit": 1_000,
                 "price": [1.0, 2.0, None], "abilities": ["tools"], "params": None}  # fmt: skip
        row = {"owner": OWNER.id, "connection": made.id, "refreshed_at": now(), "entries": [entry]}
        collection("models").replace_one({"_id": f"{OWNER.id}:{made.id}"}, row, upsert=True)
        rule = decide.set_rule(OWNER, "hub:calculator", "ask")
        yield chat.create(OWNER, title="Sums", model=f"{made.id}/fake-caller").id
        decide.drop_rule(OWNER, rule.id)
        connections.remove(OWNER, made.id)


def ask(page: Page) -> Locator:
    return answers(page).last.locator(".ask")


def test_a_call_waits_is_allowed_and_becomes_one_line(page: Page, home: str):
    page.goto(f"/?c={home}")
    send(page, SUM)
    expect(ask(page)).to_contain_text("wants to run with:")
    expect(ask(page).locator("pre")).to_contain_text('"expression": "6*7"')
    expect(answers(page).locator(".call .state")).to_have_attribute("aria-label", "Waits for you")
    ask(page).get_by_role("button", name="Allow once").click()
    finished(page)
    expect(ask(page)).to_have_count(0)
    expect(answers(page)).to_contain_text("All done")
    call = answers(page).locator(".call")
    expect(call.locator(".state")).to_have_attribute("aria-label", "Done")
    expect(call.locator(".key")).to_have_text("6*7")
    call.locator("summary").click()
    expect(call.locator("pre.result")).to_contain_text("42")
    call.get_by_role("button", name="Call again").click()
    expect(answers(page).last.locator(".count")).to_have_text("2/2")
    expect(ask(page)).to_be_visible()


def test_no_is_no_and_the_model_goes_on(page: Page, home: str):
    page.goto(f"/?c={home}")
    send(page, SUM)
    ask(page).get_by_role("button", name="Deny").click()
    finished(page)
    expect(answers(page).locator(".call .state")).to_have_attribute("aria-label", "Failed")
    expect(answers(page)).to_contain_text("did not allow")


def test_another_tab_replies_after_a_reload_and_for_the_chat(page: Page, home: str, browser: Browser, hub: HubProcess):
    page.goto(f"/?c={home}")
    send(page, SUM)
    expect(ask(page)).to_be_visible()
    context = browser.new_context(base_url=hub.running.url, viewport={"width": 1280, "height": 720})
    other = context.new_page()
    other.goto(f"/?c={home}")
    ask(other).get_by_role("button", name="More replies").click()
    other.get_by_role("menuitem", name="Allow in this chat").click()
    finished(other)
    expect(answers(other)).to_contain_text("All done")
    send(other, SUM)
    finished(other, 2)
    expect(answers(other).last.locator(".call .state")).to_have_attribute("aria-label", "Done")
    context.close()
    page.reload()
    finished(page, 2)
    expect(ask(page)).to_have_count(0)


def test_by_keyboard_and_narrow(page: Page, home: str):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/?c={home}")
    send(page, SUM)
    button = ask(page).get_by_role("button", name="Allow once")
    expect(button).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    button.focus()
    page.keyboard.press("Enter")
    finished(page)
    expect(answers(page)).to_have_text(re.compile("All done", re.DOTALL))


@pytest.mark.parametrize("home", [4_000], indirect=True)
def test_a_tool_is_found_when_it_is_needed(page: Page, home: str):
    page.goto(f"/?c={home}")
    sum_ = '{"name": "calculator", "arguments": {"expression": "6*7"}}'
    send(page, f'Search.\ncall tool_search {{"query": "calculator"}}\ncall call_tool {sum_}')
    ask(page).get_by_role("button", name="Allow once").click()
    finished(page)
    expect(answers(page).locator(".call .title")).to_have_text(["Find tools", "Calculate"])
    expect(answers(page).locator(".call .gave").first).to_have_text("Calculate")
