"""The documents page without a browser: what it takes, what it says when it cannot, what others may not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

from components import state
from components.documents.comparison import questions
from hub import documents
from hub.db.who import Who
from hub.documents.records import Question
from tests.conftest import Configure
from tests.documents.conftest import ANNA, BERT

PAGES = Path(__file__).parents[2] / "pages"


def open_page(name: str = "documents", who: Who = ANNA, **query: str) -> AppTest:
    """A page after one run."""
    page = AppTest.from_file(str(PAGES / f"{name}.py"), default_timeout=30)
    page.session_state[state.WHO] = who
    for key, value in query.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception
    return page


def words(page: AppTest) -> str:
    return " ".join(str(one.value) for one in (*page.markdown, *page.caption, *page.error, *page.warning, *page.title))


def test_without_collections_the_page_says_what_they_are_for(stored: str):
    page = open_page()
    assert "No documents yet" in words(page)
    assert [one.label for one in page.button] == ["New collection"]


def test_files_are_taken_and_what_is_refused_is_said(shelf: str):
    page = open_page(collection=shelf)
    assert "Nothing in here yet" in words(page)
    tea = ("tea.md", b"# Tea\n\nTea is made at four.", "text/markdown")
    page.file_uploader[0].set_value([tea, ("none.txt", b"", "text/plain")])
    page.run()
    assert not page.exception
    assert [one.name for one in documents.documents(ANNA, shelf)] == ["tea.md"]
    assert "1 was not added" in words(page) and "none.txt is empty" in words(page)
    page.button(key="refused_read").click().run()
    assert "not added" not in words(page)


def test_pasted_text_is_a_document(shelf: str):
    page = open_page(collection=shelf)
    page.text_input(key="title_0").set_value("Notes/of today")
    page.text_area(key="text_0").set_value("Tea is made at four.")
    next(one for one in page.button if one.label == "Add text").click().run()
    assert not page.exception
    assert [one.name for one in documents.documents(ANNA, shelf)] == ["Notes-of today.md"]


def test_a_collection_that_is_gone_leads_back(shelf: str):
    documents.delete_collection(ANNA, shelf)
    page = open_page(collection=shelf)
    assert page.error
    page.button[0].click().run()
    assert "collection" not in page.query_params
    assert not page.error


def test_what_is_shared_is_read_and_not_changed_by_others(shelf: str):
    assert open_page(who=BERT, collection=shelf).error
    documents.change_collection(ANNA, shelf, shared=True)
    page = open_page(who=BERT, collection=shelf)
    assert not page.error
    assert "Shared with you" in words(page)
    assert not page.file_uploader
    assert page.segmented_control[0].options == ["Documents", "Try a question"]


def test_a_question_finds_passages_and_says_whether_they_answer(put: Callable[..., documents.Document], shelf: str):
    put("tea.md", "# Tea\n\nTea is made at four o'clock in the kitchen.")
    page = open_page(collection=shelf)
    page.segmented_control[0].set_value("Try a question").run()
    page.text_input(key=f"question_{shelf}").set_value("When is tea made?").run()
    assert not page.exception
    assert "nswered here" in words(page)


def test_a_document_from_inside(put: Callable[..., documents.Document]):
    made = put("tea.md", "# Tea\n\nTea is made at four.")
    page = open_page("document", d=made.id)
    assert "tea.md · 1 passage" in words(page)
    page.segmented_control[0].set_value("Text").run()
    assert not page.exception
    assert open_page("document", who=BERT, d=made.id).error


def test_a_document_that_could_not_be_read_says_why_and_shows_no_parts(put: Callable[..., documents.Document]):
    made = put("files.7z", b"7z\xbc\xaf\x27\x1c" + bytes(30))
    page = open_page("document", d=made.id)
    assert "archives are not opened" in words(page)
    assert not page.segmented_control


def test_a_question_to_compare_with_needs_words_of_a_right_passage():
    written = "When is tea made? | four o'clock\n\nWhere? | the pier | a.md | more\nWho is the king?\n| Harald"
    asked, left = questions(written)
    assert asked == [Question("When is tea made?", "four o'clock"), Question("Where?", "the pier", "a.md")]
    assert left == ["Who is the king?", "| Harald"]


def test_the_settings_offer_to_sort_anew_where_a_model_is_named(shelf: str, configure: Configure):
    page = open_page(collection=shelf)
    page.segmented_control[0].set_value("Settings").run()
    assert page.toggle(key=f"rerank_{shelf}").disabled
    configure(rerank_model="cohere/rerank-3")
    page = open_page(collection=shelf)
    page.segmented_control[0].set_value("Settings").run()
    page.toggle(key=f"rerank_{shelf}").set_value(True)
    next(one for one in page.button if one.label == "Save settings").click().run()
    assert not page.exception
    assert documents.get_collection(ANNA, shelf).settings.rerank
