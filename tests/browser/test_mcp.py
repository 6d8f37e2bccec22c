"""MCP servers by mouse and keyboard: import, test, switches, and one that dies."""

from __future__ import annotations

import json
import sys
import uuid
from pathlib import Path

import psutil
from playwright.sync_api import Locator, Page, expect

from tests.mcp.conftest import ROOT
from tests.mcp.servers.web import open_server


def card(page: Page, name: str) -> Locator:
    return page.locator('[class*="st-key-card_mcp_"]').filter(has=page.get_by_text(name, exact=True))


def head(page: Page, name: str) -> Locator:
    """Its name and how it is."""
    return card(page, name).locator('[class*="st-key-head_mcp_"]')


def bring_in(page: Page, servers: dict[str, object]) -> None:
    """Import a list of servers by its dialog."""
    page.goto("/tools?part=Servers")
    page.get_by_test_id("stMain").get_by_role("button", name="Add server").wait_for()
    if page.get_by_role("button", name="Import servers").count():
        page.get_by_role("button", name="Import servers").click()
    else:
        page.locator(".st-key-mcp_lists button").click()
        page.get_by_text("Import servers").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="List of servers").fill(json.dumps({"mcpServers": servers}))
    dialog.get_by_role("button", name="Import servers").click()
    for name in servers:
        expect(dialog.get_by_text(name, exact=True)).to_be_visible()
    dialog.get_by_role("button", name="Show servers").click()
    expect(dialog).to_have_count(0)


def program(tmp_path: Path) -> dict[str, object]:
    """A program that runs only once."""
    env = {"PYTHONPATH": str(ROOT), "MCP_ONCE": str(tmp_path / "once")}
    return {"command": sys.executable, "args": ["-m", "tests.mcp.servers.program"], "env": env}


def kill(once: Path) -> None:
    """Kills the program that was started with this file in its environment."""
    found = [one for one in psutil.process_iter() if _is(one, once)]
    assert found
    for one in found:
        one.kill()


def _is(process: psutil.Process, once: Path) -> bool:
    try:
        ours = "tests.mcp.servers.program" in process.cmdline() and "launch.py" not in " ".join(process.cmdline())
        return ours and process.environ().get("MCP_ONCE") == str(once)
    except psutil.Error:
        return False


def test_servers_come_in_show_their_tools_and_one_that_dies_says_so(page: Page, tmp_path: Path):
    mark = uuid.uuid4().hex[:6]
    local, web = f"Local {mark}", f"Web {mark}"
    with open_server() as served:
        bring_in(page, {local: program(tmp_path), web: {"url": served.url}})
        for name in (local, web):
            card(page, name).get_by_role("button", name="Test server").click()
            expect(head(page, name)).to_contain_text("Connected")
            expect(card(page, name).get_by_text("10 tools")).to_be_visible()
        kill(tmp_path / "once")
        expect(head(page, local)).to_contain_text("Restarting")
        expect(card(page, local).get_by_text("The disk that it needs is gone").first).to_be_visible()
        expect(head(page, web)).to_contain_text("Connected")
        card(page, local).get_by_text("Log", exact=True).click()
        expect(card(page, local).get_by_text("restarted in 2 s")).to_be_visible()


def test_a_tool_is_switched_off_and_a_server_removed(page: Page):
    name = f"Switched {uuid.uuid4().hex[:6]}"
    with open_server() as served:
        bring_in(page, {name: {"url": served.url}})
        one = card(page, name)
        one.get_by_role("button", name="Test server").click()
        one.get_by_text("Tools", exact=True).click()
        # The box of a toggle is drawn by its label.
        one.get_by_text("weather", exact=True).click()
        expect(one.get_by_text("10 tools, 1 off")).to_be_visible()
        one.locator('[class*="st-key-mcp_more_"] button').click()
        page.get_by_text("Remove server").click()
        page.get_by_role("dialog").get_by_role("button", name="Remove server").click()
        expect(card(page, name)).to_have_count(0)
