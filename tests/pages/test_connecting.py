"""The models page without a browser, over the real store and a provider on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components import state
from hub.db.who import OWNER
from hub.models import catalogue, connections
from hub.models.blocking import wait_for
from tests.conftest import Configure
from tests.fakes.openai_server import FakeServer

PAGE = str(Path(__file__).parents[2] / "pages" / "models.py")


@pytest.fixture
def provider() -> Iterator[FakeServer]:
    with FakeServer(key="k-right-0123456789") as server:
        yield server


def open_page(view: str = "") -> AppTest:
    """The page after one run."""
    page = AppTest.from_file(PAGE, default_timeout=30)
    page.session_state[state.WHO] = OWNER
    if view:
        page.query_params["view"] = view
    page.run()
    assert not page.exception
    return page


def connect(page: AppTest, url: str, key: str) -> AppTest:
    """Fill in the form for an OpenAI-compatible server and send it."""
    page.button_group(key="connect_provider").set_value("openai_compatible").run()
    page.text_input(key="connect_url_openai_compatible").set_value(url)
    page.text_input(key="connect_key_openai_compatible").set_value(key)
    page.button(key="connect_send_openai_compatible").click().run()
    assert not page.exception
    return page


def said(page: AppTest) -> str:
    """Everything that is written on the page."""
    return " ".join(text.value for text in [*page.markdown, *page.caption, *page.error])


def test_without_a_connection_openrouter_comes_first(mongo: str) -> None:
    page = open_page()
    assert page.button_group(key="connect_provider").value == "openrouter"
    assert any("/oauth/openrouter/start" in html.proto.body for html in page.get("html"))


def test_a_connection_is_stored_tested_and_its_models_fetched(mongo: str, provider: FakeServer) -> None:
    page = connect(open_page(), provider.url, provider.key)
    assert "works" in said(page)
    [made] = [one for one in connections.list_connections(OWNER) if one.source == "stored"]
    assert made.base_url == provider.url
    assert f"{made.id}/fake" in {model.id for model in catalogue.models(OWNER)}
    assert provider.key not in said(page)


def test_a_refused_key_says_so_on_the_card(mongo: str, provider: FakeServer) -> None:
    page = connect(open_page(), provider.url, "k-wrong-0123456789")
    assert ":red[" in said(page)
    assert "key" in said(page)


def test_bad_input_is_a_sentence_and_stores_nothing(mongo: str) -> None:
    page = connect(open_page(), "not an address", "")
    assert page.error
    assert [one.source for one in connections.list_connections(OWNER)] == ["demo"]


def test_a_connection_of_the_environment_is_read_only(
    mongo: str, configure: Configure, monkeypatch: pytest.MonkeyPatch, provider: FakeServer
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", provider.key)
    monkeypatch.setenv("OPENAI_BASE_URL", provider.url)
    page = open_page()
    assert "`OPENAI_API_KEY`, read-only here" in said(page)
    assert not [one for one in page.get("menu_button") if "env-openai" in one.proto.id]


def test_the_catalogue_shows_the_model_of_new_chats(mongo: str, provider: FakeServer) -> None:
    made = connections.add(OWNER, "openai_compatible", base_url=provider.url, key=provider.key)
    wait_for(catalogue.refresh(OWNER, made))
    assert "New chats start with" in said(open_page("Catalogue"))
