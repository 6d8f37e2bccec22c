"""The page of plugins, over the real store."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from components import state
from hub import hooks, plugins
from hub.db.who import OWNER, Who
from hub.plugins import errors
from tests.chat.conftest import ANNA
from tests.plugins.conftest import ADMIN, Put, worked

PAGE = str(Path(__file__).parents[2] / "pages" / "plugins.py")


def opened(who: Who = OWNER) -> AppTest:
    page = AppTest.from_file(PAGE, default_timeout=30)
    page.session_state[state.WHO] = who
    page.run()
    assert not page.exception
    return page


def said(page: AppTest) -> str:
    return " ".join(one.value for one in (*page.markdown, *page.caption)).replace("\\", "")


def test_without_plugins_it_says_where_they_go(put: Put) -> None:
    put()
    page = opened()
    assert "No plugins yet" in said(page)
    assert "data/plugins" in said(page)


def test_it_lists_switches_and_sets_up(put: Put) -> None:
    put(tides=worked(), broken="1 / 0")
    page = opened()
    assert "Tides of a harbour" in said(page)
    assert "Adds tools, context for answers, kinds of documents, exports, models, pages" in said(page)
    assert "ZeroDivisionError: division by zero" in said(page)
    page.toggle(key="plugin_on_tides_True").set_value(False).run()
    assert not page.exception
    assert hooks.pages() == []
    page.toggle(key="plugin_on_tides_False").set_value(True).run()
    assert len(hooks.pages()) == 1
    page.text_input(key="plugin_tides_harbour").set_value("Bergen")
    page.text_input(key="plugin_tides_key").set_value("sk-tides")
    page.button(key="plugin_save_tides").click().run()
    assert not page.exception
    assert plugins.settings("tides").harbour == "Bergen"
    page.text_input(key="plugin_tides_harbour").set_value("Oslo")
    page.button(key="plugin_save_tides").click().run()
    assert plugins.settings("tides").key.get_secret_value() == "sk-tides"
    assert not any("sk-tides" in field.value for field in opened().text_input)


def test_errors_are_shown_and_cleared(put: Put) -> None:
    put(tides=worked())
    for _ in range(3):
        errors.note("tides", "chat_context", ValueError("no water"))
    page = opened()
    assert "ValueError: no water" in said(page)
    assert "3 times, last" in said(page)
    page.button(key="plugin_clear_tides").click().run()
    assert "no water" not in said(page)
    assert plugins.every(ADMIN)[0].failures == ()


def test_others_than_administrators_are_told(put: Put) -> None:
    put(tides=worked())
    assert "Only administrators" in opened(ANNA).error[0].value
