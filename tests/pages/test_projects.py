"""The page of projects without a browser, over the real store."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components import state
from hub import chat, projects
from hub.db.who import OWNER, Who
from tests.conftest import Configure

PAGE = str(Path(__file__).parents[2] / "pages" / "projects.py")


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    projects.projects.forget(OWNER)


def open_page(project: str = "") -> AppTest:
    """The page after one run."""
    page = AppTest.from_file(PAGE, default_timeout=30)
    page.session_state[state.WHO] = OWNER
    if project:
        page.query_params["p"] = project
    page.run()
    return page


def said(page: AppTest) -> str:
    return " ".join(text.value for text in (*page.markdown, *page.caption, *page.title, *page.error))


def test_without_projects_it_says_what_they_are_for(mongo: str) -> None:
    page = open_page()
    assert "No projects yet" in said(page) and "memory of its own" in said(page)
    assert [button.label for button in page.button] == ["New project", "Create a project"]


def test_a_project_that_is_not_there_or_not_ones_own_is_said(mongo: str) -> None:
    theirs = projects.create(Who("bert", "Bert"), "Secret")
    for id_ in ("nonsense", theirs.id):
        page = open_page(id_)
        assert not page.exception and "There is no such project" in said(page) and "Secret" not in said(page)


def test_instructions_are_kept_when_the_field_is_left(mongo: str) -> None:
    boat = projects.create(OWNER, "Boat *one*", description="A <b>sloop</b>")
    page = open_page(boat.id)
    page.text_area(key=f"project_instructions_{boat.id}").set_value("Use metric units.").run()
    assert projects.get(OWNER, boat.id).instructions == "Use metric units."
    assert "Saved" in said(page)
    projects.create(OWNER, "House")
    page.text_input(key=f"project_name_{boat.id}").set_value("house").run()
    assert "already" in said(page) and projects.get(OWNER, boat.id).name == "Boat *one*"


def test_a_new_chat_waits_in_its_project(mongo: str) -> None:
    boat = projects.create(OWNER, "Boat")
    chat.create(OWNER, title="Sails", project=boat.id)
    page = open_page(boat.id)
    assert "None yet" not in said(page)
    assert "None yet" in said(open_page(projects.create(OWNER, "Empty").id))


def test_a_store_that_is_away_is_said(data_dir: Path, configure: Configure) -> None:
    configure(mongo_url="mongodb://127.0.0.1:9/?directConnection=true", store_timeout=0.2)
    assert "comes back by itself" in said(open_page())
