"""What stands on every page: the sidebar, who it is for, and what is said when something fails."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest
from streamlit.testing.v1 import AppTest

from components import state
from components.conversation_list import ListEvent
from components.undo import Undoable
from hub import chat, people
from hub.db.who import OWNER
from hub.settings import settings
from tests.conftest import Configure

ROOT = Path(__file__).parent.parent
NOBODY_LISTENS = "mongodb://127.0.0.1:9/?directConnection=true"


def opened(user: dict[str, str] | None = None, **query: str) -> AppTest:
    """The whole app after one run."""
    app = AppTest.from_file(str(ROOT / "hub" / "shell.py"), default_timeout=30)
    app.user = dict(user or {})
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def component(app: AppTest, name: str) -> dict[str, Any] | None:
    """The data that one of our components was given."""
    for one in app.get("bidi_component"):
        if one.proto.component_name.rpartition(".")[2] == name:
            return orjson.loads(one.proto.mixed.json if one.proto.WhichOneof("data") == "mixed" else one.proto.json)
    return None


PAGES = [
    "Compare",
    "Evaluate",
    "Library",
    "Projects",
    "Documents",
    "Memory",
    "Agents",
    "Schedules",
    "Skills",
    "Tools",
    "Models",
    "Settings",
]
"""All but the first, which New chat opens."""


def rows(app: AppTest) -> dict[str, list[str]]:
    """The titles in the sidebar by heading."""
    found = component(app, "conversation_list")
    assert found is not None
    return {group["title"]: [row["title"] for row in group["rows"]] for group in found["groups"]}


def test_an_empty_hub(mongo: str) -> None:
    app = opened()
    assert [link.label for link in app.sidebar.page_link] == PAGES
    assert app.sidebar.button(key="side_new").label == "New chat"
    assert rows(app) == {}
    assert component(app, "account_foot") is None
    assert app.session_state[state.WHO] == OWNER


def test_conversations_stand_in_groups_and_the_open_one_is_marked(mongo: str) -> None:
    kept, other = chat.create(OWNER, title="Kept").id, chat.create(OWNER, title="Other").id
    chat.pin(OWNER, kept)
    app = opened(c=other)
    assert rows(app) == {"Pinned": ["Kept"], "Today": ["Other"]}
    data = component(app, "conversation_list")
    assert data is not None
    assert data["current"] == other
    assert data["all"] == ""


def test_more_than_thirty_lead_to_the_library(mongo: str) -> None:
    for number in range(31):
        chat.create(OWNER, title=str(number))
    data = component(opened(), "conversation_list")
    assert data is not None
    assert len(data["groups"][0]["rows"]) == 30
    assert data["all"] == "All conversations"


def test_titles_are_searched(mongo: str) -> None:
    chat.create(OWNER, title="Soup from Köln")
    chat.archive(OWNER, chat.create(OWNER, title="Old soup").id)
    chat.create(OWNER, title="Train")
    app = opened()
    app.sidebar.text_input(key="search").set_value("soup").run()
    assert set(rows(app)["Results"]) == {"Soup from Köln", "Old soup"}
    app.sidebar.text_input(key="search").set_value("soup x").run()
    data = component(app, "conversation_list")
    assert data is not None
    assert data["empty"] == "No title matches."


def test_what_was_done_can_be_offered_back(mongo: str) -> None:
    app = opened()
    app.session_state[state.SHELL].undoable = Undoable("1", "Deleted “Soup”", "restore", ("x",))
    app.run()
    assert component(app, "undo_bar") == {"token": "1", "text": "Deleted “Soup”", "more": ""}


def test_a_press_of_a_run_that_was_overtaken_is_done_by_the_next(mongo: str) -> None:
    soup = chat.create(OWNER, title="Soup").id
    app = opened()
    shell = app.session_state[state.SHELL]
    shell.asked.append(ListEvent("delete", soup, "Soup"))
    app.run()
    assert rows(app) == {}
    shell.press("undo", shell.undoable)
    app.run()
    assert rows(app) == {"Today": ["Soup"]}
    assert shell.asked == [] and shell.undoable is None


def test_a_hub_with_accounts_says_who_is_signed_in(mongo: str) -> None:
    people.create_first("Zoë B", "a long password")
    app = opened({"id": "owner", "name": "Zo%C3%AB%20B", "role": "admin"})
    assert component(app, "account_foot") == {"name": "Zoë B"}
    who = app.session_state[state.WHO]
    assert (who.id, who.name, who.role) == ("owner", "Zoë B", "admin")


def test_each_person_sees_their_own(mongo: str) -> None:
    people.create_first("Anna", "a long password")
    chat.create(OWNER, title="Anna's")
    assert rows(opened({"id": "somebody", "name": "Bert", "role": "member"})) == {}


def test_without_the_door_keeper_nobody_is_let_in(mongo: str, configure: Configure) -> None:
    configure(auth="on")
    assert settings().sign_in_required
    app = opened()
    assert "not signed in" in app.error[0].value
    assert not app.sidebar.button
    assert state.WHO not in app.session_state


def test_the_sidebar_says_when_the_store_is_away(data_dir: Path, configure: Configure) -> None:
    configure(mongo_url=NOBODY_LISTENS, store_timeout=0.2)
    app = opened()
    assert "does not answer" in app.sidebar.caption[0].value
    assert "comes back by itself" in app.error[0].value
    assert [link.label for link in app.sidebar.page_link] == PAGES


def test_a_mistake_of_ours_is_said_calmly(mongo: str, capsys: pytest.CaptureFixture[str]) -> None:
    def script() -> None:
        import app

        assert app.on_script_error(ZeroDivisionError("1/0")) is True

    page = AppTest.from_function(script, default_timeout=30).run()
    assert not page.exception
    assert "nothing was lost or charged" in page.error[0].value
    assert "Reload the page" in page.error[0].value
    assert "1/0" not in page.error[0].value
