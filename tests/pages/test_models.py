"""The models page after the first connection: testing, mending, removing, what comes by itself, the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components import state
from hub.db.who import OWNER, Who
from hub.models import catalogue, connections
from hub.models.blocking import wait_for
from hub.models.connections import Connection
from tests.fakes.openai_server import FakeServer

PAGE = str(Path(__file__).parents[2] / "pages" / "models.py")
KEY = "sk-verysecret0123456789abcdef"
WORKS = "works\\: 6 models"


@pytest.fixture
def fake() -> Iterator[FakeServer]:
    with FakeServer(key=KEY) as server:
        yield server


@pytest.fixture
def connected(mongo: str, fake: FakeServer) -> Connection:
    made = connections.add(OWNER, "openai_compatible", name="Gateway", key=KEY, base_url=fake.url)
    wait_for(catalogue.refresh(OWNER, made))
    return made


def open_page(who: Who = OWNER, **query: str) -> AppTest:
    """The page after one run."""
    page = AppTest.from_file(PAGE, default_timeout=30)
    page.session_state[state.WHO] = who
    for name, value in query.items():
        page.query_params[name] = value
    return run(page)


def run(page: AppTest) -> AppTest:
    page.run()
    assert not page.exception
    return page


def press(page: AppTest, button: str) -> AppTest:
    page.button(key=button).click()
    return run(page)


def choose(page: AppTest, connection: Connection, what: str) -> AppTest:
    """Pick `what` from the menu of a card."""
    page.get_by_key(f"more_{connection.id}").set_value(what)
    return run(page)


def said(page: AppTest) -> str:
    return "\n".join(element.value for element in (*page.markdown, *page.caption))


def names() -> list[str]:
    return [model.name for model in catalogue.models(OWNER) if not model.demo]


def test_a_missing_key_is_asked_for(mongo):
    page = press(open_page(), "connect_send_openrouter")
    assert "key for OpenRouter is missing" in page.error[0].value


def test_what_was_typed_stays_beside_the_error(mongo):
    page = open_page()
    page.button_group(key="connect_provider").set_value("openai_compatible").run()
    page.text_input(key="connect_url_openai_compatible").set_value("ftp://somewhere")
    press(page, "connect_send_openai_compatible")
    assert page.error
    assert page.text_input(key="connect_url_openai_compatible").value == "ftp://somewhere"


def test_a_card_tells_the_end_of_the_key_only(connected):
    page = open_page()
    assert "key ending in `cdef`" in said(page)
    assert KEY not in said(page)


def test_a_better_address_is_offered(mongo, fake):
    made = connections.add(OWNER, "openai_compatible", name="Gateway", key=KEY, base_url=f"{fake.root}/wrong/path")
    page = press(open_page(), f"test_{made.id}")
    assert "Use that" in said(page)
    press(page, f"better_{made.id}")
    assert connections.get(OWNER, made.id).base_url == fake.url
    assert WORKS in said(page)


def test_a_server_that_is_gone_keeps_its_list(connected, fake):
    fake.stop()
    page = press(open_page(), f"test_{connected.id}")
    assert "cannot be reached" in said(page)
    assert len(names()) == 6


def test_removing_asks_first(connected):
    page = choose(open_page(), connected, "remove")
    assert "Your chats stay" in said(page)
    assert connections.get(OWNER, connected.id) == connected


def test_a_connection_is_turned_off_and_on(connected):
    page = choose(open_page(), connected, "disable")
    assert not names()
    choose(page, connected, "enable")
    assert len(names()) == 6


def test_missing_lists_are_fetched_while_the_page_stands(mongo, fake):
    connections.add(OWNER, "openai_compatible", name="Gateway", key=KEY, base_url=fake.url)
    page = run(open_page())
    assert "6 models" in said(page)
    assert len(names()) == 6


def test_a_list_that_cannot_be_fetched_is_said_on_its_card(mongo, fake):
    connections.add(OWNER, "openai_compatible", name="Gateway", key="sk-wrong-0123456789", base_url=fake.url)
    page = run(open_page())
    assert "refused the key" in said(page)
    assert "no list of models yet" in said(page)


def test_the_environments_connection_is_tested_like_any_other(mongo, fake, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", fake.url)
    assert WORKS in said(press(open_page(), "test_env-openai"))


def test_connections_are_each_persons_own(connected):
    page = open_page(Who("someone-else", "Someone", "member"))
    assert "Gateway" not in said(page)


def test_the_catalogue_with_only_the_demo_says_what_to_do(mongo):
    assert "Connect a provider" in said(open_page(view="Catalogue"))


def test_coming_back_from_openrouter_is_confirmed_once(connected):
    page = open_page(connected="openrouter")
    assert page.toast[0].value == "OpenRouter is connected."
    assert "connected" not in page.query_params
