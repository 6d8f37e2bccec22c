"""The page of tools and that of API keys without a browser, over the real store and a real server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components import state
from hub import mcp, people
from hub.db.who import OWNER, Who
from hub.tools import decide, switches
from tests.mcp.servers.web import Served, open_server

PAGES = Path(__file__).parents[2] / "pages"
BEN = Who("ben", "Ben")


@pytest.fixture
def served(mongo: str) -> Iterator[Served]:
    with open_server() as server:
        yield server
    mcp.close()


def open_page(part: str, who: Who = OWNER, page: str = "tools.py") -> AppTest:
    """The page after one run."""
    shown = AppTest.from_file(str(PAGES / page), default_timeout=30)
    shown.session_state[state.WHO] = who
    shown.query_params["part"] = part
    shown.run()
    assert not shown.exception
    return shown


def said(page: AppTest) -> str:
    return " ".join(text.value for text in (*page.markdown, *page.caption, *page.title, *page.error))


def add(served: Served, **more: bool) -> mcp.Server:
    made = mcp.add(OWNER, mcp.Draft("Issues", "http", mcp.Access(url=served.url), **more))
    mcp.test(OWNER, made.id)
    return made


def test_without_servers_it_says_how_to_come_to_one(mongo: str) -> None:
    page = open_page("Servers")
    assert "No servers yet" in said(page)
    assert {"Add server", "Import servers"} <= {button.label for button in page.button}


def test_a_server_is_tested_switched_off_and_on(served: Served) -> None:
    made = mcp.add(OWNER, mcp.Draft("Issues", "http", mcp.Access(url=served.url)))
    page = open_page("Servers")
    assert "not asked for its tools yet" in said(page)
    page.button(key=f"mcp_test_{made.id}").click().run()
    assert not page.exception and "10 tools" in said(page)
    mcp.switch(OWNER, made.id, on=False)
    assert f"mcp_test_{made.id}" not in [button.key for button in open_page("Servers").button]


def test_what_is_wrong_with_a_server_is_said(served: Served) -> None:
    made = add(served)
    mcp.close()
    served.stop()
    page = open_page("Servers")
    page.button(key=f"mcp_test_{made.id}").click().run()
    assert "Nothing answers at 127.0.0.1" in said(page)


def test_another_persons_page_shows_only_what_is_for_everybody(served: Served) -> None:
    mine = add(served)
    assert "Issues" not in said(open_page("Servers", BEN))
    mcp.change(OWNER, mine.id, mcp.Draft("Issues", "http", mcp.Access(url=served.url), everybody=True))
    page = open_page("Servers", BEN)
    assert "Issues" in said(page) and "Change server" not in str(page.main)


def test_a_tool_is_switched_off_and_ruled(served: Served) -> None:
    made = add(served)
    id_ = f"mcp:{made.id}/add"
    page = open_page("Tools")
    page.toggle(key=f"tool_{id_}_True").set_value(False).run()
    assert not page.exception and id_ in switches.off(OWNER)
    page = open_page("Permissions")
    page.selectbox(key="rule_tool_0").set_value(id_)
    page.text_input(key="rule_argument_0").set_value("a")
    page.text_input(key="rule_like_0").set_value("1*")
    next(button for button in page.button if button.label == "Add rule").click().run()
    assert not page.exception
    [rule] = decide.rules(OWNER)
    assert (rule.tool, rule.permission, dict(rule.arguments)) == (id_, "ask", {"a": "1*"})
    assert "where a fits 1" in said(page)
    page.button(key=f"rule_{rule.id}").click().run()
    assert not decide.rules(OWNER)


def test_a_key_is_shown_once_and_revoked(mongo: str) -> None:
    page = open_page("", page="api_keys.py")
    page.text_input(key="key_name").set_value("My editor")
    next(button for button in page.button if button.label == "Create key").click().run()
    assert not page.exception
    text = page.code[0].value
    assert people.api_key_holder(text) == OWNER
    assert not open_page("", page="api_keys.py").code
    [key] = people.api_keys(OWNER)
    page.button(key=f"revoke_{key.id}").click().run()
    assert people.api_key_holder(text) is None and not page.code
