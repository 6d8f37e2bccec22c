"""The pages of agents without a browser, over the real store; the cards and the trial need one."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components import state
from components.agents.avatar import HUES, picture, sign
from components.agents.greeting import greeting
from components.agents.words import has, shown_of, whose
from hub import agents
from hub.agents import store
from hub.agents.records import AgentSpec
from hub.db import indexes
from hub.db.who import OWNER, Who
from hub.errors import StoreDown
from hub.people import store as people_store
from hub.projects import store as project_store
from hub.skills import store as skill_store

PAGES = Path(__file__).parents[2] / "pages"
ADA = Who("ada", "Ada")


@pytest.fixture(autouse=True)
def stores(mongo: str) -> None:
    """A store with what agents need."""
    indexes.ensure([*store.INDEXES, *skill_store.INDEXES, *project_store.INDEXES, *people_store.INDEXES])
    skill_store.forget(OWNER, everybody=True)


def open_page(name: str = "agents", who: Who = OWNER, **query: str) -> AppTest:
    """The page after one run."""
    page = AppTest.from_file(str(PAGES / f"{name}.py"), default_timeout=30)
    page.session_state[state.WHO] = who
    for key, value in query.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception
    return page


def said(page: AppTest) -> str:
    """Everything that stands there as text."""
    kinds = (page.title, page.markdown, page.caption, page.warning, page.error, page.success, page.subheader)
    return " ".join(str(one.value) for kind in kinds for one in kind)


def field(page: AppTest, kind: str, name: str) -> object:
    """A field of the form, by its name."""
    return next(one for one in getattr(page, kind) if str(one.key).endswith(f"_{name}"))


def test_an_empty_page_says_what_agents_are_and_offers_templates() -> None:
    page = open_page()
    assert "No agents yet" in said(page)
    page.button(key="agents_action").click().run()
    assert page.session_state[state.AGENTS].dialog == ("new", "")
    assert "Researcher" in said(page)


def test_the_list_says_how_many_there_are() -> None:
    agents.create(OWNER, AgentSpec(name="Tea"))
    agents.create(OWNER, AgentSpec(name="Coffee"))
    page = open_page()
    assert "2 agents" in said(page)
    page.text_input(key="agents_words").set_value("tea").run()
    assert "1 agent of 2" in said(page)
    page.text_input(key="agents_words").set_value("juice").run()
    assert "No agent fits" in said(page)


def test_what_is_written_is_kept_as_a_draft_and_saved_with_a_reason() -> None:
    made = agents.create(OWNER, AgentSpec(name="Tea", instructions="Know tea."))
    page = open_page("agent", a=made.id)
    assert "Not saved" not in said(page)
    field(page, "text_area", "instructions").set_value("Know green tea.").run()  # pyright: ignore[reportAttributeAccessIssue]
    assert not page.exception
    assert "Not saved" in said(page)
    assert agents.find(OWNER, made.id).spec.instructions == "Know tea."
    assert agents.find(OWNER, made.id, draft=True).spec.instructions == "Know green tea."
    assert "Not saved" in said(open_page("agent", a=made.id)), "a reload loses nothing"
    page.text_input(key="agent_why").set_value("only green").run()
    page.button(key="agent_save").click().run()
    assert not page.exception
    assert "Not saved" not in said(page)
    assert [(one.number, one.why) for one in agents.versions(OWNER, made.id)] == [(2, "only green"), (1, "made here")]


def test_changes_are_discarded() -> None:
    made = agents.create(OWNER, AgentSpec(name="Tea"))
    page = open_page("agent", a=made.id)
    field(page, "text_input", "name").set_value("Coffee").run()  # pyright: ignore[reportAttributeAccessIssue]
    page.button(key="agent_discard").click().run()
    assert not page.exception
    assert "Not saved" not in said(page)
    assert field(page, "text_input", "name").value == "Tea"  # pyright: ignore[reportAttributeAccessIssue]


def test_an_agent_without_a_name_is_said_and_not_saved() -> None:
    made = agents.create(OWNER, AgentSpec(name="Tea"))
    page = open_page("agent", a=made.id)
    field(page, "text_input", "name").set_value("").run()  # pyright: ignore[reportAttributeAccessIssue]
    assert "An agent needs a name" in said(page)
    assert page.button(key="agent_save").disabled
    assert agents.find(OWNER, made.id, draft=True).spec.name == "Tea"


def test_two_tabs_change_different_fields_and_neither_is_lost() -> None:
    made = agents.create(OWNER, AgentSpec(name="Tea"))
    one, other = open_page("agent", a=made.id), open_page("agent", a=made.id)
    field(one, "text_input", "description").set_value("About tea").run()  # pyright: ignore[reportAttributeAccessIssue]
    field(other, "text_area", "instructions").set_value("Know tea.").run()  # pyright: ignore[reportAttributeAccessIssue]
    assert not other.exception
    draft = agents.find(OWNER, made.id, draft=True).spec
    assert (draft.description, draft.instructions) == ("About tea", "Know tea.")


def test_a_version_saved_elsewhere_is_joined_with_what_is_written_here() -> None:
    made = agents.create(OWNER, AgentSpec(name="Tea"))
    page = open_page("agent", a=made.id)
    agents.save(OWNER, made.id, AgentSpec(name="Tea", description="Elsewhere"))
    field(page, "text_input", "name").set_value("Coffee").run()  # pyright: ignore[reportAttributeAccessIssue]
    assert field(page, "text_input", "description").value == "Elsewhere"  # pyright: ignore[reportAttributeAccessIssue]
    page.button(key="agent_save").click().run()
    found = agents.find(OWNER, made.id)
    assert (found.version, found.spec.name, found.spec.description) == (3, "Coffee", "Elsewhere")


def test_tools_are_chosen_all_or_none() -> None:
    made = agents.create(OWNER, AgentSpec(name="Tea"))
    page = open_page("agent", a=made.id)
    way = field(page, "segmented_control", "tools_way")
    way.set_value("chosen").run()  # pyright: ignore[reportAttributeAccessIssue]
    box = next(one for one in page.checkbox if str(one.key).endswith("tool_hub:calculator"))
    box.check().run()
    assert not page.exception
    assert agents.find(OWNER, made.id, draft=True).spec.tools == ("hub:calculator",)
    way = field(page, "segmented_control", "tools_way")
    way.set_value("chat").run()  # pyright: ignore[reportAttributeAccessIssue]
    assert agents.find(OWNER, made.id, draft=True).spec.tools is None


def test_what_is_gone_is_shown_until_it_is_taken_out() -> None:
    gone = AgentSpec(name="Tea", tools=("mcp:1/gone",), collections=("c" * 24,), helpers=("a" * 24,), model="x/gone")
    made = agents.create(OWNER, gone)
    page = open_page("agent", a=made.id)
    assert agents.find(OWNER, made.id, draft=True).spec == gone, "looking changes nothing"
    labels = " ".join(str(option) for one in page.multiselect for option in one.options)
    assert "not there any more" in labels


def test_versions_are_compared_and_brought_back() -> None:
    made = agents.create(OWNER, AgentSpec(name="Tea", instructions="one"))
    agents.save(OWNER, made.id, AgentSpec(name="Tea", instructions="two"))
    page = open_page("agent", a=made.id, part="Versions")
    assert page.code[0].value == "-one\n+two"
    page.button(key="agent_rollback").click().run()
    assert not page.exception
    assert agents.find(OWNER, made.id).spec.instructions == "one"
    assert agents.find(OWNER, made.id).version == 3


def test_somebody_elses_agent_is_read_and_not_changed() -> None:
    made = agents.create(ADA, AgentSpec(name="Tea", instructions="Know tea.", starters=("Which tea?",)))
    agents.share(ADA, made.id, people=[OWNER.id])
    page = open_page("agent", a=made.id)
    assert page.code[0].value == "Know tea."
    assert "Which tea?" in said(page)
    keys = {one.key for one in page.button}
    assert {"agent_chat", "agent_copy"} <= keys
    assert not {"agent_save", "agent_share_open"} & keys


def test_an_agent_that_is_not_there_or_not_shared_is_said_with_a_way_out() -> None:
    hidden = agents.create(ADA, AgentSpec(name="Hidden"))
    for id_ in ("0" * 24, hidden.id, "", "../x"):
        page = open_page("agent", a=id_)
        assert "Hidden" not in said(page)
        assert page.button(key="agent_gone_action").label == "All agents"


@pytest.mark.parametrize(("name", "query"), [("agents", {}), ("agent", {"a": "0" * 24})])
def test_a_store_that_is_away_is_said(name: str, query: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_: object, **__: object) -> None:
        raise StoreDown("The store does not answer.")

    monkeypatch.setattr(store, "rows", down)
    monkeypatch.setattr(store, "row", down)
    assert "The store does not answer" in said(open_page(name, **query))


def test_sharing_names_people_and_says_who_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    made = agents.create(OWNER, AgentSpec(name="Tea"))
    page = open_page("agent", a=made.id)
    page.button(key="agent_share_open").click().run()
    assert "Only you change it" in said(page)
    page.multiselect(key="agent_people").set_value(["Nobody"]).run()
    page.button(key="agent_share").click().run()
    assert "no account named Nobody" in said(page)


def test_words_of_cards() -> None:
    full = AgentSpec(name="Full", tools=("a", "b"), skills=(), always=("s",), collections=("c",), helpers=("h",))
    assert [text for _, text in has(full)] == ["2 tools", "1 skill", "1 collection", "1 agent"]
    assert has(AgentSpec(name="Plain")) == []
    mine = agents.create(OWNER, AgentSpec(name="Tea", description="About leaves"))
    theirs = agents.create(ADA, AgentSpec(name="Coffee"))
    agents.share(ADA, theirs.id, people=[OWNER.id])
    all_ = agents.visible(OWNER)
    assert [one.id for one in shown_of(all_, "LEAVES", "All")] == [mine.id]
    assert [one.id for one in shown_of(all_, "", "Shared with me")] == [theirs.id]
    assert [whose(one, {"ada": "Ada"}) for one in all_] == ["yours", "from Ada"]


def test_pictures_are_safe_whatever_the_sign_is() -> None:
    assert sign(AgentSpec(name="big tea house")) == "BT"
    assert sign(AgentSpec(name="")) == "?"
    assert "<" not in picture(AgentSpec(name="x", avatar="<script>"))
    assert len({picture(AgentSpec(name="x", hue=hue)) for hue in HUES}) == len(HUES)


def test_a_starter_that_ends_with_a_colon_is_left_to_be_finished() -> None:
    shown = greeting(AgentSpec(name="Tea", description="About tea", starters=("Which tea?", "Describe:")))
    assert [one.text for one in shown.starters] == ["Which tea?", "Describe:\n\n"]
    assert shown.title == "Tea"
