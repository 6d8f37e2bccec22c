"""The library without a browser, over the real store; acting on its rows needs one."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from components import state
from hub import chat
from hub.db.who import OWNER
from tests.conftest import Configure

PAGE = str(Path(__file__).parents[2] / "pages" / "library.py")


def open_page(shelf: str = "") -> AppTest:
    """The page after one run."""
    page = AppTest.from_file(PAGE, default_timeout=30)
    page.session_state[state.WHO] = OWNER
    if shelf:
        page.query_params["shelf"] = shelf
    page.run()
    assert not page.exception
    return page


def said(page: AppTest) -> str:
    return " ".join(text.value for text in page.markdown)


def test_an_empty_library_says_what_will_stand_there(mongo: str) -> None:
    page = open_page()
    assert "No conversations yet" in said(page)
    assert [button.label for button in page.button] == ["Start a chat"]


def test_words_that_no_title_has(mongo: str) -> None:
    chat.create(OWNER, title="Plan the garden")
    page = open_page()
    page.text_input(key="q").set_value("landlord").run()
    assert "Nothing found" in said(page)
    page.text_input(key="q").set_value("garden PLAN").run()
    assert "Nothing found" not in said(page)


def test_every_empty_shelf_says_how_to_fill_it(mongo: str) -> None:
    chat.create(OWNER, title="Plan the garden")
    for shelf, words in (("Pinned", "Nothing pinned"), ("Archived", "The archive is empty")):
        page = open_page()
        page.button_group(key="shelf").set_value(shelf.lower()).run()
        assert words in said(page)


def test_more_than_fifty_are_turned_page_by_page(mongo: str) -> None:
    for number in range(60):
        chat.create(OWNER, title=f"Talk {number}")
    page = open_page()
    newer, older = page.button
    assert (newer.disabled, older.disabled) == (True, False)
    older.click().run()
    assert not page.exception
    newer, older = page.button
    assert (newer.disabled, older.disabled) == (False, True)
    newer.click().run()
    assert page.button[0].disabled


def test_a_store_that_is_away_is_said_and_the_page_stands(data_dir: Path, configure: Configure) -> None:
    configure(mongo_url="mongodb://127.0.0.1:9/?directConnection=true", store_timeout=0.2)
    page = open_page()
    assert "does not answer" in page.error[0].value
    assert "comes back by itself" in page.error[0].value


def test_another_shelf_begins_at_its_first_page(mongo: str) -> None:
    for number in range(51):
        chat.create(OWNER, title=f"Talk {number}")
    page = open_page()
    page.button[1].click().run()
    assert page.session_state[state.LIBRARY].cuts
    page.text_input(key="q").set_value("talk").run()
    assert not page.session_state[state.LIBRARY].cuts
