"""The chat page without a browser: what it opens, and what it says when it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components import state
from hub import chat
from hub.db.mongo import collection
from hub.db.who import OWNER

PAGE = str(Path(__file__).parents[2] / "pages" / "chat.py")
WAIT = 30


def open_page(**query: str) -> AppTest:
    """The page after one run."""
    page = AppTest.from_file(PAGE, default_timeout=WAIT)
    page.session_state[state.WHO] = OWNER
    for name, value in query.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


@pytest.fixture
def talk(mongo: str) -> str:
    made = chat.create(OWNER, title="A talk about [brackets] and *stars*").id
    chat.add_message(OWNER, made, "user", "Question")
    chat.add_message(OWNER, made, "assistant", "Answer")
    return made


def test_a_new_chat(mongo):
    page = open_page()
    assert not page.error
    assert page.session_state[state.CHAT].place == "new-0"


def test_a_conversation_by_link(talk):
    page = open_page(c=talk)
    assert not page.error
    assert page.session_state[state.CHAT].place == talk
    assert page.text_input(key="chat_title").value.startswith("A talk")


def test_a_link_to_nothing_says_so_and_leads_on(mongo):
    page = open_page(c="65f000000000000000000000")
    assert "deleted" in page.error[0].value
    page.button[0].click().run()
    assert not page.exception
    assert not page.error
    assert "c" not in page.query_params


def test_somebody_elses_conversation_is_not_there(talk):
    collection("conversations").update_one({}, {"$set": {"owner": "somebody"}})
    assert open_page(c=talk).error


def test_a_title_is_changed_in_place(talk):
    page = open_page(c=talk)
    page.text_input(key="chat_title").set_value("Renamed").run()
    assert not page.exception
    assert chat.get(OWNER, talk).title == "Renamed"


def test_leaving_a_conversation_starts_afresh(talk):
    page = open_page(c=talk)
    del page.query_params["c"]
    page.run()
    assert page.session_state[state.CHAT].place == "new-1"


def test_a_temporary_chat_is_one_after_a_reload_too(mongo):
    assert open_page(temporary="1").session_state[state.CHAT].temporary


def test_a_delete_dialog_says_what_goes(talk):
    page = open_page(c=talk)
    first = chat.open_window(OWNER, talk).messages[0].id
    page.session_state[state.CHAT].dialog = ("delete", first)
    page.run()
    assert not page.exception
    assert any("moves up" in text.value for text in page.markdown)


def test_without_the_store_the_page_says_so(configure):
    configure(mongo_url="mongodb://127.0.0.1:1/", store_timeout=0.3)
    page = AppTest.from_file(PAGE, default_timeout=WAIT)
    page.session_state[state.WHO] = OWNER
    page.run()
    assert not page.exception
    assert "comes back by itself" in page.error[0].value
