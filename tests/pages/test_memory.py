"""The memory page without a browser, over the real stores; the list of facts and the summary need one."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components import state
from hub import chat, memory, projects
from hub.db import indexes
from hub.db import postgres as store
from hub.db.migrations import postgres as migrations
from hub.db.mongo import collection, now
from hub.db.who import OWNER
from hub.memory.change import Step, new_id, write
from hub.memory.fold import state_of
from hub.memory.records import Evidence, Fact, Filters
from hub.turns import project_scope
from tests.conftest import Configure

PAGE = str(Path(__file__).parents[2] / "pages" / "memory.py")
METRIC = "Prefers metric units."


@pytest.fixture(autouse=True)
def stores(mongo: str, postgres: str) -> None:
    """Both stores with what memory needs."""
    migrations.apply()
    indexes.ensure([*memory.INDEXES])


def open_page(part: str = "Summary", **query: str) -> AppTest:
    """The page after one run."""
    page = AppTest.from_file(PAGE, default_timeout=30)
    page.session_state[state.WHO] = OWNER
    page.query_params["part"] = part
    for name, value in query.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def said(page: AppTest) -> str:
    """Everything that stands there as text."""
    return " ".join(str(one.value) for one in (*page.markdown, *page.caption, *page.subheader, *page.text))


def press(page: AppTest, key: str) -> AppTest:
    """Press a button."""
    page.button(key=key).click().run()
    assert not page.exception
    return page


def more(page: AppTest, key: str, word: str) -> AppTest:
    """Choose in a menu."""
    page.menu_button(key=key).click(word).run()
    assert not page.exception
    return page


def learned(text: str, quote: str = "as I said", kind: str = "preference", scope: str = "") -> Fact:
    """A fact as extraction leaves it, said in a chat of its own."""
    talk = chat.create(OWNER, title="Plan the garden")
    made = Fact(new_id(), scope, text, kind, recorded_at=now(), sources=(Evidence(talk.id, "", quote),))
    write(OWNER, scope, [Step("add", made.id, made, conversation=talk.id)], "automatic")
    return memory.get(OWNER, made.id)


def offered(page: AppTest) -> tuple[str, ...]:
    """The events that the undo bar would take back."""
    done = page.session_state[state.SHELL].undoable
    assert done.action == "memory"
    return done.ids


def take_back(page: AppTest) -> None:
    """What the undo bar does."""
    for event in offered(page):
        memory.undo(OWNER, event)


def test_an_empty_memory_says_what_it_is_and_what_it_never_keeps() -> None:
    for part in ("Summary", "Facts"):
        page = open_page(part)
        assert "Nothing remembered yet" in said(page)
        assert "never kept" in said(page)
    page = press(page, "memory_action")
    assert page.text_area(key="add_text").value == ""


def test_a_memory_is_added_and_the_adding_taken_back() -> None:
    page = press(open_page(), "memory_add")
    press(page, "dialog_send")
    assert "needs some text" in page.error[0].value
    page.text_area(key="add_text").set_value(METRIC)
    page.toggle(key="add_pinned").set_value(True)
    press(page, "dialog_send")
    [fact] = memory.facts(OWNER).facts
    assert (fact.text, fact.kind, fact.pinned, fact.origin) == (METRIC, "preference", True, "user")
    assert not page.text_area, "the dialog is closed"
    take_back(page)
    assert memory.facts(OWNER).facts == ()


def test_a_fact_tells_its_source_and_opens_nothing_that_is_gone() -> None:
    fact = learned("Grows tomatoes on a balcony.", "my tomatoes on the balcony")
    page = open_page(fact=fact.id)
    assert "my tomatoes on the balcony" in said(page)
    assert "Plan the garden" in [one.label for one in page.button]
    chat.delete(OWNER, fact.sources[0].conversation)
    assert "The chat is deleted." in said(open_page(fact=fact.id))


def test_a_fact_that_is_not_there_leads_back() -> None:
    page = open_page(fact="000000000000000000000000")
    assert "no such memory" in page.error[0].value
    next(one for one in page.button if one.label == "All memories").click().run()
    assert not page.error and "fact" not in page.query_params


def test_a_fact_is_edited_and_each_change_can_be_undone() -> None:
    fact = learned("Grows tomatoes on a balcony.")
    page = press(open_page(fact=fact.id), "fact_edit")
    page.text_area(key=f"edit_text_{fact.id}").set_value("Grows tomatoes and beans on a balcony.")
    page.selectbox(key=f"edit_kind_{fact.id}").set_value("plan")
    press(page, "dialog_send")
    after = memory.get(OWNER, fact.id)
    assert (after.text, after.kind) == ("Grows tomatoes and beans on a balcony.", "plan")
    event = memory.history(OWNER, fact.id)[-1]
    press(page, f"fact_undo_{event.id}")
    assert memory.get(OWNER, fact.id).text == fact.text
    take_back(page)
    assert memory.get(OWNER, fact.id).text == after.text


def test_a_fact_is_pinned_deleted_and_brought_back() -> None:
    fact = learned(METRIC)
    page = press(open_page(fact=fact.id), "fact_pin")
    assert memory.get(OWNER, fact.id).pinned
    press(page, "fact_pin")
    assert not memory.get(OWNER, fact.id).pinned
    press(page, "fact_delete")
    assert memory.get(OWNER, fact.id).shelf == "deleted"
    press(page, "fact_restore")
    assert memory.get(OWNER, fact.id).shelf == "live"


def test_a_fact_is_removed_for_good_with_its_history() -> None:
    fact = learned(METRIC)
    page = more(open_page(fact=fact.id), "fact_more", "purge")
    assert "cannot be undone" in said(page)
    press(page, "dialog_send")
    assert "fact" not in page.query_params
    assert memory.facts(OWNER, filters=Filters(shelf=None)).facts == ()


def test_two_facts_become_one() -> None:
    one, other = learned("Has a sister, Lea."), learned("Lea is vegetarian.")
    page = more(open_page(fact=one.id), "fact_more", "merge")
    page.selectbox(key="merge_with").set_value(other.id).run()
    page.text_area(key=f"merge_text_{one.id}_{other.id}").set_value("Has a vegetarian sister, Lea.")
    press(page, "dialog_send")
    [fact] = memory.facts(OWNER).facts
    assert fact.text == "Has a vegetarian sister, Lea."
    assert page.query_params["fact"] == fact.id
    assert {f"other_{one.id}", f"other_{other.id}"} <= {button.key for button in page.button}
    take_back(page)
    assert {fact.id for fact in memory.facts(OWNER).facts} == {one.id, other.id}


def test_a_rule_keeps_things_out_and_can_be_removed() -> None:
    fact = learned("Earns 4,000 euros a month.")
    page = more(open_page(fact=fact.id), "fact_more", "never")
    page.text_area(key=f"never_text_{fact.id}").set_value("what I earn")
    press(page, "dialog_send")
    [rule] = memory.never_rules(OWNER)
    assert (rule.text, memory.get(OWNER, fact.id).shelf) == ("what I earn", "deleted")
    page = press(open_page("Settings"), f"rule_{rule.id}")
    assert memory.never_rules(OWNER) == []
    press(page, "never_add")
    page.text_area(key="never_text_").set_value("my health")
    press(page, "dialog_send")
    assert [rule.text for rule in memory.never_rules(OWNER)] == ["my health"]


def test_changes_can_be_undone_from_the_log() -> None:
    fact = learned(METRIC)
    memory.delete(OWNER, fact.id)
    event = memory.history(OWNER, fact.id)[-1]
    page = press(open_page("Changes"), f"log_undo_{event.id}")
    assert memory.get(OWNER, fact.id).shelf == "live"
    press(page, f"log_open_{memory.events(OWNER)[0].id}")
    assert page.query_params["fact"] == fact.id


def waiting(count: int) -> None:
    """Changes that wait for the person."""
    for number in range(count):
        fact = Fact(new_id(), "", f"Has plant number {number}.", "knowledge", recorded_at=now(), sources=(Evidence(),))
        row = {"_id": f"{fact.id}.0", "owner": OWNER.id, "scope": "", "op": "add", "fact": fact.id, "at": now()}
        row |= {"state": state_of(fact), "replaces": "", "reason": "", "group": new_id(), "conversation": ""}
        collection("memory_pending").insert_one(row)


def test_waiting_changes_are_kept_or_dropped_singly_and_all() -> None:
    waiting(4)
    page = press(open_page(), "memory_review")
    assert "4 changes to look at" in said(page)
    first, second, *_ = memory.pending(OWNER)
    press(page, f"keep_{first.id}")
    press(page, f"drop_{second.id}")
    assert [fact.text for fact in memory.facts(OWNER).facts] == ["Has plant number 0."]
    press(page, "pending_keep_all")
    assert len(memory.facts(OWNER).facts) == 3
    waiting(2)
    press(open_page("Changes"), "pending_drop_all")
    assert memory.pending(OWNER) == []


def test_settings_are_kept_at_once() -> None:
    page = open_page("Settings")
    page.toggle(key="memory_review_first").set_value(True).run()
    page.selectbox(key="memory_max_tokens").set_value(1000).run()
    assert not page.exception
    liked = memory.settings(OWNER)
    assert (liked.review_first, liked.max_tokens) == (True, 1000)
    assert "Saved" in said(page)
    page.toggle(key="memory_enabled").set_value(False).run()
    assert "Memory is off" in said(page)
    press(page, "memory_turn_on")
    assert memory.settings(OWNER).enabled


def test_learning_is_paused_and_goes_on() -> None:
    learned(METRIC)
    page = more(open_page(), "memory_more", "pause")
    assert memory.settings(OWNER).paused
    assert "Learning is paused" in said(page)
    press(page, "memory_resume")
    assert not memory.settings(OWNER).paused


def test_everything_goes_only_after_the_word_was_typed() -> None:
    learned(METRIC)
    page = open_page("Settings")
    assert page.button(key="reset_do").disabled
    page.text_input(key="reset_word").set_value("reset").run()
    press(page, "reset_do")
    assert memory.counts(OWNER).all == 0


def test_an_import_shows_what_it_would_take_before_it_does() -> None:
    learned(METRIC)
    page = more(open_page(), "memory_more", "import")
    page.text_area(key="import_text").set_value(
        f"- {METRIC}\n- Lives in Lisbon.\n- My password is hunter2hunter2"
    ).run()
    press(page, "import_look")
    assert "**1 memory** would be kept" in said(page)
    assert "1 memory you have already" in said(page)
    assert "Not taken" in said(page)
    assert len(memory.facts(OWNER).facts) == 1
    press(page, "import_take")
    assert {fact.text for fact in memory.facts(OWNER).facts} == {METRIC, "Lives in Lisbon."}
    take_back(page)
    assert len(memory.facts(OWNER).facts) == 1


def test_a_file_that_cannot_be_read_is_said() -> None:
    page = more(open_page(), "memory_more", "import")
    page.text_area(key="import_text").set_value('{"facts": [{"kind": "nonsense"}]}').run()
    press(page, "import_look")
    assert "cannot be read" in page.error[0].value


def test_export_offers_both_forms() -> None:
    learned(METRIC)
    page = more(open_page(), "memory_more", "export")
    assert [one.label for one in page.get("download_button")] == ["Download JSON", "Download Markdown"]


def test_a_message_shows_what_it_would_bring_into_the_prompt() -> None:
    learned(METRIC)
    learned("Lea is allergic to hazelnuts.", kind="relationship")
    page = open_page("Recall")
    page.text_area(key="recall_text").set_value("Can Lea eat hazelnuts?")
    press(page, "FormSubmitter:recall-Show what goes in")
    html = " ".join(str(one.proto.body) for one in page.get("html"))
    assert "Lea is allergic to hazelnuts" in html
    assert METRIC in html, "preferences go into every prompt"
    assert "of 2,000 tokens" in said(page)


def test_with_the_index_away_recall_says_so_and_facts_are_read(configure: Configure) -> None:
    fact = learned(METRIC)  # a preference
    memory.recall_preview(OWNER, "", "units")
    store.close()
    configure(postgres_url="postgresql://127.0.0.1:9/none", store_timeout=0.2)
    page = open_page("Recall")
    page.text_area(key="recall_text").set_value("Which units?")
    press(page, "FormSubmitter:recall-Show what goes in")
    assert "Memory without recall" in page.warning[0].value
    assert METRIC in " ".join(str(one.proto.body) for one in page.get("html")), "the profile needs no index"
    assert METRIC.rstrip(".") in said(open_page(fact=fact.id)).replace("\\", "")


def test_a_store_that_is_away_is_said(mongo: str, configure: Configure) -> None:
    configure(mongo_url="mongodb://127.0.0.1:9/?directConnection=true", store_timeout=0.2)
    assert "does not answer" in open_page().error[0].value
    configure(mongo_url=mongo, store_timeout=3)


def test_each_project_shows_its_own_memory_only() -> None:
    learned(METRIC)
    project = projects.create(OWNER, "Bakery")
    scope = project_scope(project.id)
    page = open_page("Facts")
    page.selectbox(key="memory_scope").set_value(scope).run()
    assert "Nothing remembered in this project" in said(page)
    press(page, "memory_add")
    page.text_area(key="add_text").set_value("The oven is from 1998.")
    press(page, "dialog_send")
    assert [fact.text for fact in memory.facts(OWNER, scope).facts] == ["The oven is from 1998."]
    assert [fact.text for fact in memory.facts(OWNER).facts] == [METRIC]


@pytest.mark.parametrize("part", ["Summary", "Facts", "Changes", "Recall", "Settings"])
def test_every_part_is_drawn_with_facts_on_every_shelf(part: str) -> None:
    memory.delete(OWNER, learned("Likes rain.").id)
    learned(METRIC)
    open_page(part)


def test_more_than_a_page_is_turned() -> None:
    for number in range(60):
        fact = Fact(new_id(), "", f"Owns book {number}.", "knowledge", recorded_at=now())
        write(OWNER, "", [Step("add", fact.id, fact)], "import")
    page = open_page("Facts")
    next(one for one in page.button if one.label == "Older").click().run()
    assert not page.exception
    assert len(page.session_state[state.MEMORY].cuts) == 1
    next(one for one in page.button if one.label == "Newer").click().run()
    assert page.session_state[state.MEMORY].cuts == []
    page.text_input(key="memory_search").set_value("book 59").run()
    assert "No memory fits" not in said(page)
    page.text_input(key="memory_search").set_value("zeppelin").run()
    assert "No memory fits" in said(page)


def test_the_log_is_turned_page_by_page_also_within_one_moment() -> None:
    made = [Fact(new_id(), "", f"Owns book {number}.", "knowledge", recorded_at=now()) for number in range(70)]
    write(OWNER, "", [Step("add", one.id, one) for one in made], "import")
    page, seen = open_page("Changes"), set[str]()
    for expected in (30, 30, 10):
        shown = {one.key for one in page.button if str(one.key).startswith("log_undo_")}
        assert (len(shown), seen & shown) == (expected, set())
        seen |= shown
        older = next(one for one in page.button if one.label == "Older")
        assert older.disabled == (expected == 10)
        if not older.disabled:
            older.click().run()
            assert not page.exception
