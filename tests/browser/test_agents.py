"""Agents by mouse and keyboard: making one from a template, trying it beside its form, saving, and chatting with it."""

from __future__ import annotations

import json
import re
import uuid
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from hub import agents, chat
from hub.agents.records import AgentSpec
from hub.db.who import OWNER
from tests.browser.test_chat_stream import finished, send
from tests.cli.hub_process import HubProcess
from tests.conftest import Configure


@pytest.fixture(autouse=True)
def stores(hub: HubProcess, configure: Configure) -> None:
    """This process stores where the hub does."""
    configure(mongo_url=hub.running.mongo_url, postgres_url=hub.running.postgres_url, data=hub.data)


def new(text: str = "Tea") -> str:
    """A name of the test's own, since the tests share a hub."""
    return f"{text} {uuid.uuid4().hex[:6]}"


def card(page: Page, name: str) -> Locator:
    return page.locator(".card", has=page.get_by_role("link", name=name, exact=True))


def still(page: Page) -> None:
    """Once the page's script has ended."""
    expect(page.locator('[data-testid="stApp"]')).to_have_attribute("data-test-script-state", "notRunning")


def test_an_agent_from_a_template_is_changed_tried_saved_and_chatted_with(page: Page):
    name = new("Editor")
    page.goto("/agents")
    page.get_by_role("button", name="New agent").click()
    page.get_by_role("dialog").get_by_role("button", name="Use Editor").click()
    expect(page).to_have_url(re.compile(r"/agent\?a="))
    id_ = page.url.partition("a=")[2]
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Starters").fill("Tell me of code fast")
    page.get_by_label("Instructions").fill("Answer in verse only.")
    page.get_by_label("Description").click()
    expect(page.get_by_text("Not saved")).to_be_visible()
    expect(page.locator(".welcome h1")).to_have_text(name)
    assert agents.find(OWNER, id_).spec.name == "Editor"

    page.reload()
    expect(page.get_by_text("Not saved")).to_be_visible()
    expect(page.get_by_label("Instructions")).to_have_value("Answer in verse only.")

    trial = page.locator(".st-key-agent_try")
    trial.locator(".starter").click()
    finished(page)
    expect(trial.get_by_role("article", name="Your message")).to_contain_text("Tell me of code fast")
    assert "c=" not in page.url
    trial.locator("[data-act=what-went-in]").first.click()
    expect(page.get_by_role("dialog").get_by_text("Answer in verse only.").filter(visible=True).first).to_be_visible()
    expect(page.get_by_role("dialog").get_by_text("as tried").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)

    page.get_by_label("What changed").fill("in verse")
    page.get_by_role("button", name="Save agent").click()
    expect(page.get_by_text("Saved as version 2.")).to_be_visible()
    expect(page.get_by_text("Not saved")).to_have_count(0)
    assert agents.versions(OWNER, id_)[0].why == "in verse"
    page.get_by_role("button", name="Start over").click()
    expect(page.locator(".welcome h1")).to_have_text(name)

    page.get_by_role("button", name="Chat", exact=True).click()
    expect(page).to_have_url(re.compile(rf"\?agent={id_}"))
    expect(page.locator(".welcome h1")).to_have_text(name)
    page.locator(".starter").click()
    finished(page)
    expect(page).to_have_url(re.compile(r"\?c="))
    expect(page.locator(".st-key-chat_agent")).to_contain_text(name)
    expect(page.locator("article.assistant .facts")).to_contain_text(name)
    home = chat.get(OWNER, page.url.partition("c=")[2])
    assert home.attached["agents"] == {"agent": id_}
    assert not home.temporary


def test_an_agent_is_called_by_name_and_sent_away(page: Page):
    name = new()
    made = agents.create(OWNER, AgentSpec(name=name, description="Knows tea", starters=("Which tea?",)))
    page.goto("/")
    area = page.get_by_role("textbox", name="Message")
    area.fill("Please ")
    area.press_sequentially(f"@{name.split()[1]}".replace(name.split()[1], "Tea"))
    option = page.get_by_role("option", name=re.compile(re.escape(name)))
    expect(option).to_be_visible()
    option.click()
    expect(page.locator(".book").filter(has_text=name)).to_be_visible()
    expect(area).to_have_value("Please ")
    expect(page).to_have_url(re.compile(rf"agent={made.id}"))
    expect(page.locator(".welcome")).to_contain_text("Knows tea")
    page.get_by_role("button", name=f"Go on without {name}").click()
    expect(page.locator(".book").filter(has_text=name)).to_have_count(0)
    expect(page).not_to_have_url(re.compile("agent="))

    send(page, "code fast")
    finished(page)
    page.get_by_role("button", name="Attach files and documents").click()
    page.get_by_role("menuitem", name="Answer as an agent").click()
    page.get_by_role("menuitem", name=re.compile(re.escape(name))).click()
    expect(page.locator(".st-key-chat_agent")).to_contain_text(name)
    page.locator(".st-key-chat_agent").get_by_role("button").first.click()
    expect(page).to_have_url(re.compile(rf"/agent\?a={made.id}"))


def test_cards_by_keyboard_and_a_deleted_agent_comes_back(page: Page):
    name = new()
    made = agents.create(OWNER, AgentSpec(name=name))
    page.goto("/agents")
    page.get_by_label("Search agents").first.fill(name)
    expect(page.locator(".card")).to_have_count(1)
    card(page, name).get_by_role("button", name=f"More for {name}").focus()
    page.keyboard.press("Enter")
    page.get_by_role("menuitem", name="Delete").click()
    expect(card(page, name)).to_have_count(0)
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(card(page, name)).to_be_visible()
    still(page)
    card(page, name).get_by_role("link").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/agent\?a={made.id}"))


def test_a_file_is_brought_in_with_what_could_not_come(page: Page, tmp_path: Path):
    name = new()
    file = tmp_path / "agent.json"
    file.write_text(json.dumps({"llm_hub_agent": 1, "name": name, "tools": ["mcp:x/gone"], "helpers": ["zz"]}))
    page.goto("/agents")
    page.get_by_role("button", name="Import", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Or its text").fill("{")
    dialog.get_by_role("heading", name="Import agents").click()
    dialog.get_by_role("button", name="Import agent").click()
    expect(dialog.get_by_text("This is no JSON")).to_be_visible()
    dialog.locator("input[type=file]").set_input_files(file)
    expect(dialog.get_by_text("agent.json")).to_be_visible()
    dialog.get_by_role("button", name="Import agent").click()
    expect(dialog.get_by_text("Imported 1 agent.")).to_be_visible()
    expect(dialog.get_by_text("Tools that do not exist here")).to_be_visible()
    dialog.get_by_role("button", name="Open").click()
    expect(page).to_have_url(re.compile(r"/agent\?a="))
    expect(page.get_by_label("Name", exact=True)).to_have_value(name)


def test_the_schema_is_checked_while_one_writes(page: Page):
    made = agents.create(OWNER, AgentSpec(name=new(), schema={"type": "object"}))
    page.goto(f"/agent?a={made.id}")
    page.locator(".st-key-agent_group_form summary").click()
    ace = page.frame_locator("iframe[title='streamlit_ace.streamlit_ace']")
    ace.locator(".ace_content").first.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("x")
    expect(page.get_by_text("The schema is no JSON").first).to_be_visible()
    expect(page.get_by_role("button", name="Save agent")).to_be_disabled()
    page.keyboard.press("Backspace")
    expect(page.get_by_text("A valid JSON schema").first).to_be_visible()
