"""The page of interfaces without a browser, over the real store and services on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components import state
from hub.db.who import OWNER
from hub.models import catalogue, connections
from hub.models.blocking import wait_for
from hub.oauth import Kept
from hub.tools import openapi, overview, searching, store, switches
from tests.conftest import Configure
from tests.fakes.openai_server import FakeServer
from tests.fakes.services import Services, specification

PAGE = str(Path(__file__).parents[2] / "pages" / "interfaces.py")


@pytest.fixture
def web(mongo: str, configure: Configure) -> Iterator[Services]:
    configure(private_urls="true")
    with Services() as fake:
        yield fake


def open_page() -> AppTest:
    page = AppTest.from_file(PAGE, default_timeout=30)
    page.session_state[state.WHO] = OWNER
    return ran(page.run())


def ran(page: AppTest) -> AppTest:
    assert not page.exception
    return page


def said(page: AppTest) -> str:
    return " ".join(str(one.value) for one in (*page.markdown, *page.caption, *page.error))


def test_tools_of_an_interface_are_switched_and_decided_of(web: Services) -> None:
    api = openapi.add(OWNER, specification(web.url))
    page = open_page()
    assert "7 tools" in said(page) and "getPaper" not in said(page)
    ran(page.button(key="open_group_Kiosk").click().run())
    assert "`getPaper`" in said(page)
    where = f"group_Kiosk_api_{api.id}_getPaper"
    ran(page.selectbox(key=f"permission_{where}_").set_value("never").run())
    [rule] = store.rules(OWNER)
    assert (rule.tool, rule.permission) == (f"api:{api.id}/getPaper", "never")
    ran(page.selectbox(key=f"permission_{where}_never").set_value("").run())
    assert store.rules(OWNER) == []
    ran(page.toggle(key=f"on_{where}_True").set_value(False).run())
    assert switches.off(OWNER) == {f"api:{api.id}/getPaper"}
    ran(page.toggle(key="on__group_Kiosk_True").set_value(False).run())
    assert "group:Kiosk" in switches.off(OWNER)


def test_all_tools_in_their_groups_and_found_by_words_or_meaning(web: Services) -> None:
    tools, failed = overview.every(OWNER)
    assert failed == []
    first = overview.groups(OWNER, tools)
    assert {group.origin for group in first} == {"Part of the hub"}
    assert [row.name for row in overview.search(OWNER, "arithmetic", tools)] == ["calculator"]
    assert "calculator" in [row.name for row in overview.search(OWNER, "work out numbers sum", tools)][:3]


def test_an_interface_is_looked_at_and_added(web: Services) -> None:
    page = open_page()
    ran(page.button(key="api_open").click().run())
    ran(page.segmented_control(key="api_way").set_value("Text").run())
    ran(page.text_area(key="api_text").set_value("openapi: 2.0").run())
    assert "openapi (line 1): version 2.0 is not read." in said(page)
    ran(page.text_area(key="api_text").set_value(specification(web.url)).run())
    assert "became no tool" in said(page)
    assert page.selectbox(key="api_how").value == "header"
    page.text_input(key="api_secret").set_value("key-of-owner")
    ran(page.button(key="api_add").click().run())
    [api] = openapi.apis(OWNER)
    assert (api.name, api.how, api.key_hint, api.base_url) == ("Kiosk", "header", "wner", f"{web.url}/kiosk")
    page = open_page()
    assert "7 tools" in said(page)
    ran(page.button(key="change_group_Kiosk").click().run())
    page.text_input(key="api_name").set_value("Papers")
    ran(page.button(key="api_save").click().run())
    assert openapi.get(OWNER, api.id).name == "Papers"


def test_a_model_is_chosen_to_search(web: Services) -> None:
    with FakeServer() as provider:
        made = connections.add(OWNER, "openai_compatible", name="Searcher", key="k", base_url=provider.url)
        wait_for(catalogue.refresh(OWNER, made))
        page = open_page()
        ran(page.button(key="engine_open").click().run())
        ran(page.selectbox(key="engine").set_value("model").run())
        page.selectbox(key="engine_model").set_value(f"{made.id}/fake")
        ran(page.button(key="engine_save").click().run())
    found = searching.chosen(OWNER)
    assert found and (found.engine, found.url) == ("model", f"{made.id}/fake")
    assert "A model's own search, yours." in said(page)


def test_a_search_engine_is_set_up_when_it_works(web: Services) -> None:
    page = open_page()
    ran(page.button(key="engine_open").click().run())
    page.text_input(key="engine_url").set_value("http://127.0.0.1:1")
    ran(page.button(key="engine_save").click().run())
    assert "could not be reached" in said(page) and searching.chosen(OWNER) is None
    page.text_input(key="engine_url").set_value(web.url)
    ran(page.button(key="engine_save").click().run())
    assert searching.chosen(OWNER) == searching.Chosen("searxng", "own", web.url)
    assert "SearXNG, yours." in said(open_page())


def test_each_person_signs_in_where_the_interface_wants_it(web: Services) -> None:
    page = open_page()
    ran(page.button(key="api_open").click().run())
    ran(page.segmented_control(key="api_way").set_value("Text").run())
    ran(page.text_area(key="api_text").set_value(specification(web.url)).run())
    ran(page.selectbox(key="api_how").set_value("authorization_code").run())
    assert page.code[0].value.endswith("/api/tools/oauth/callback")
    page.text_input(key="api_user").set_value("hub")
    page.text_input(key="api_authorize_url").set_value(f"{web.url}/authorize")
    page.text_input(key="api_token_url").set_value(f"{web.url}/token")
    ran(page.button(key="api_add").click().run())
    [api] = openapi.apis(OWNER)
    page = open_page()
    assert [f"/api/tools/oauth/start?api={api.id}" in one.body for one in page.get("html")] == [True]
    openapi.store.keeper.write(api.id, OWNER.id, Kept({"access_token": "token-of-owner"}))
    page = open_page()
    assert not page.get("html")
    ran(page.button(key=f"sign_out_{api.id}").click().run())
    assert openapi.signed_in(OWNER, api) is False
