"""The trace page without a browser: an answer of one step, one that is not there, one with nothing kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from bson import ObjectId
from streamlit.testing.v1 import AppTest

from components import state
from hub import chat, runs
from hub.agents import ask_store
from hub.agents import trace as asked
from hub.db.mongo import collection, now, object_id
from hub.db.who import OWNER
from hub.runs import face

PAGE = str(Path(__file__).parents[2] / "pages" / "trace.py")
WAIT = 30


def open_page(message: str) -> AppTest:
    page = AppTest.from_file(PAGE, default_timeout=WAIT)
    page.session_state[state.WHO] = OWNER
    page.query_params["m"] = message
    page.run()
    assert not page.exception
    return page


@pytest.fixture
def answer(mongo: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An answer of the demo model."""
    process = face._Process()
    monkeypatch.setattr(face, "_process", process)
    chat.start()
    sent = chat.send(OWNER, text="What is *this*?", targets=[("demo/demo", None)])
    assert sent.run and runs.wait(sent.run, timeout=20)
    yield sent.answers[0]
    process.close(0)


def test_an_answer_and_all_of_it_as_a_file(answer: str):
    page = open_page(answer)
    assert not page.error and page.title[0].value == "Trace"
    assert page.get("bidi_component") and page.get("download_button")
    assert any("this" in text.value for text in page.markdown)


def test_what_is_not_there_or_somebody_elses_says_so(answer: str):
    assert "no such message" in open_page("65f000000000000000000000").error[0].value.lower()
    collection("messages").update_many({}, {"$set": {"owner": "somebody"}})
    assert "no such message" in open_page(answer).error[0].value.lower()


def test_one_with_nothing_kept_says_so(answer: str):
    collection("messages").update_one({"_id": object_id(answer)}, {"$unset": {"steps": "", "timing": ""}})
    page = open_page(answer)
    assert any("Nothing was kept" in text.value for text in page.caption)
    assert not page.get("download_button")


def test_one_that_failed_says_why_and_one_that_waits_is_drawn(answer: str):
    error = {"kind": "overloaded", "message": "The provider is overloaded.", "hint": "Try again."}
    collection("messages").update_one({"_id": object_id(answer)}, {"$set": {"status": "error", "error": error}})
    assert "overloaded" in open_page(answer).error[0].value
    collection("messages").update_one(
        {"_id": object_id(answer)}, {"$set": {"status": "waiting"}, "$unset": {"error": ""}}
    )
    page = open_page(answer)
    assert not page.error and page.get("bidi_component")


def test_agents_that_were_asked_are_in_it(answer: str):
    made = {
        "answer": answer,
        "conversation": "",
        "parent": "",
        "call": "none",
        "depth": 1,
        "agent": "a",
        "name": "Scout",
    }
    about = {"avatar": "Sc", "hue": 20, "version": 1, "task": "Look", "status": "done", "at": now()}
    ask_store.insert(OWNER, {"_id": ObjectId(), **made, **about})
    assert chat.trace(OWNER, answer, asked.below(OWNER, answer)).count("agent") == 1
    assert not open_page(answer).error


def test_without_the_store_the_page_says_so(configure):
    configure(mongo_url="mongodb://127.0.0.1:1/", store_timeout=0.3)
    assert "comes back by itself" in open_page("65f000000000000000000000").error[0].value
