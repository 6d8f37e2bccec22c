"""What the pictures of skills, tools, servers, plugins and keys show.

`python -m tests.browser.shots_tools [folder]` draws only these.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from hub import chat, mcp, people, skills
from hub.cli.programs import ROOT
from hub.db.mongo import collection, now
from hub.db.who import OWNER
from hub.models import connections
from hub.settings import override
from hub.skills import importing
from hub.tools import decide
from tests.browser.chromium import launch
from tests.browser.shots import SCHEMES, SIZES, Shot, clicking, draw, hub_with_things
from tests.browser.test_chat_stream import answers, finished, send
from tests.cli.hub_process import HubProcess
from tests.fakes.openai_server import FakeServer
from tests.mcp.servers.web import open_server

DATA = Path(__file__).parents[1] / "skills" / "data" / "superpowers"
SKILLS = {
    "invoice-check": "Checks an invoice against the order and the tax rules of its country. Use it before one is paid.",
    "release-notes": "Writes release notes from commits, grouped by what a user sees, in the words of a user.",
    "meeting-minutes": "Turns a transcript into minutes with decisions, open questions, who does what by when.",
    "spreadsheet-tidy": "Brings a messy spreadsheet into one table with one header, and says what was changed.",
    "plain-language": "Rewrites a text for readers in a hurry, in short sentences, no jargon, nothing lost.",
    "sql-review": "Reads a query for what is slow, wrong or unsafe in it. Use it before one goes into production.",
}
SUM = 'Work it out.\ncall calculator {"expression": "1.19 * 248.50"}'


@dataclass(frozen=True)
class Shown:
    """The ids of what is there to be seen."""

    skill: str
    sums: str
    asks: str


def store(hub: HubProcess, provider: FakeServer, server: str) -> Shown:
    """Store it."""
    override(mongo_url=hub.running.mongo_url, postgres_url=hub.running.postgres_url, data=hub.data)
    for name, about in SKILLS.items():
        body = f"# {name.replace('-', ' ').capitalize()}\n\n1. Read all of it first.\n2. Then go on step by step.\n"
        skills.create(OWNER, f"---\nname: {name}\ndescription: {about}\n---\n\n{body}")
    skills.import_(OWNER, importing.from_path(DATA))
    found = skills.by_name(OWNER, "systematic-debugging")
    mcp.import_servers(OWNER, f'{{"mcpServers": {{"Notes": {{"url": "{server}"}}}}}}')
    people.create_api_key(OWNER, "Editor on the laptop")
    decide.set_rule(OWNER, "mcp:notes/*", "ask")
    made = connections.add(OWNER, "openai_compatible", name="Caller", key="k", base_url=provider.url)
    entry = {"name": "fake-caller", "title": "Small model", "context": 100_000, "output_limit": 1_000,
             "price": [1.0, 2.0, None], "abilities": ["tools"], "params": None}  # fmt: skip
    row = {"owner": OWNER.id, "connection": made.id, "refreshed_at": now(), "entries": [entry]}
    collection("models").replace_one({"_id": f"{OWNER.id}:{made.id}"}, row, upsert=True)
    model = f"{made.id}/fake-caller"
    return Shown(
        found.id,
        chat.create(OWNER, title="Gross and net", model=model).id,
        chat.create(OWNER, title="May it run?", model=model).id,
    )


def tool_shots(shown: Shown) -> list[Shot]:
    """Every page with something in it."""
    return [
        Shot("skills", "/skills", "invoice-check"),
        Shot("skill", f"/skill?s={shown.skill}", "systematic-debugging"),
        Shot("skill-edit", f"/skill_edit?s={shown.skill}", "Save"),
        Shot("tools", "/tools", "Calculate"),
        Shot("tools-servers", "/tools?part=Servers", "Notes", test_server, "10 tools"),
        Shot("tools-permissions", "/tools?part=Permissions", "mcp:notes/*"),
        Shot("interfaces", "/interfaces", "Web search"),
        Shot("api-keys", "/api_keys", "Editor on the laptop"),
        Shot("plugins", "/plugins", "Plugins"),
        Shot("chat-tool-done", f"/?c={shown.sums}", "All done", clicking(".call summary"), "295.715"),
        Shot("chat-tool-asks", f"/?c={shown.asks}", "wants to run with"),
    ]


EMPTY = (Shot("skills-empty", "/skills", "Import some, or write one"),)
"""What only a hub without them has."""


def test_server(page: Page) -> None:
    """Asks the server what it has."""
    page.get_by_role("button", name="Test server").first.click()


def talk(page: Page, shown: Shown) -> None:
    """Has the model call a tool: once it runs, once it asks first."""
    page.goto(f"/?c={shown.sums}")
    send(page, SUM)
    finished(page)
    decide.set_rule(OWNER, "hub:calculator", "ask")
    page.goto(f"/?c={shown.asks}")
    send(page, SUM)
    expect(answers(page).last.locator(".ask")).to_be_visible()


def main() -> None:
    """Draw all."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    looks = [(scheme, size) for scheme in SCHEMES for size in SIZES]
    with (
        hub_with_things() as hub,
        FakeServer() as provider,
        open_server() as server,
        sync_playwright() as driver,
        launch(driver) as browser,
    ):
        url = hub.running.url
        for shot in EMPTY:
            for look in looks:
                print(draw(browser, url, shot, *look, folder).name)
        shown = store(hub, provider, server.url)
        context = browser.new_context(base_url=url, viewport={"width": 1280, "height": 720})
        talk(context.new_page(), shown)
        context.close()
        for shot in tool_shots(shown):
            for look in looks:
                print(draw(browser, url, shot, *look, folder).name)


if __name__ == "__main__":
    main()
