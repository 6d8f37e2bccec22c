"""The page that compares models without a browser: what it opens, and what it says when it cannot."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from components import state
from components.conversation_list import ListEvent
from hub import compare, runs
from hub.db.who import OWNER
from tests.compare.conftest import engine, server, stored

__all__ = ["engine", "server", "stored"]

PAGE = str(Path(__file__).parents[2] / "pages" / "compare.py")
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


def asked() -> str:
    """A comparison of the demo model with itself, both answers there."""
    made = compare.start(OWNER, "fast: hello", [("demo/demo", None), ("demo/demo", {"temperature": 0.3})])
    assert made.run
    assert runs.wait(made.run, 20)
    return made.comparison


def test_a_new_comparison_begins_with_two(engine):
    page = open_page()
    assert not page.error
    assert [model for model, _ in page.session_state[state.COMPARE].members] == ["demo/demo", "demo/demo"]


def test_a_comparison_by_link(engine):
    made = asked()
    page = open_page(c=made)
    assert not page.error
    assert page.session_state[state.COMPARE].place == made


def test_an_answer_is_compared_by_link(engine):
    shown = compare.open_comparison(OWNER, asked())
    page = open_page(**{"from": shown.panes[0].messages[1].id})
    assert not page.error
    assert page.session_state[state.COMPARE].seed == shown.panes[0].messages[1].id


def test_a_link_to_nothing_says_so_and_leads_on(engine):
    page = open_page(c="65f000000000000000000000")
    assert page.error
    page.button[0].click().run()
    assert not page.exception
    assert not page.error
    assert "c" not in page.query_params


def test_a_dialog_asks_how_a_column_shall_answer(engine):
    made = asked()
    page = open_page(c=made)
    second = compare.open_comparison(OWNER, made).panes[1].pane.id
    page.session_state[state.COMPARE].dialog = asks = {"kind": "adjust", "pane": second}
    page.run()
    assert not page.exception
    assert page.session_state[state.COMPARE].dialog == asks, "a run that brings only news does not take it away"
    page.session_state[state.COMPARE].dialog = {"kind": "adjust", "pane": "gone"}
    page.run()
    assert page.session_state[state.COMPARE].dialog is None


def test_a_team_is_asked_for_its_name(engine):
    page = open_page()
    page.session_state[state.COMPARE].dialog = {"kind": "save-team"}
    page.run()
    assert not page.exception


def test_a_comparison_is_renamed_as_a_chat_is(engine):
    made = asked()
    page = open_page(c=made)
    home = compare.open_comparison(OWNER, made).comparison.conversation
    page.session_state[state.COMPARE].dialog = {"kind": "rename", "conversation": home, "title": "fast: hello"}
    page.run()
    page.text_input[0].set_value("Greetings")
    page.button[0].click().run()
    assert not page.exception
    assert page.session_state[state.SHELL].asked == [ListEvent("rename", home, "Greetings")]
    assert page.session_state[state.COMPARE].dialog is None
