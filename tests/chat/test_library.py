"""The library's pages: every conversation once, in order, whatever their times; and what goes on right now."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub import chat, runs
from hub.chat import store
from hub.chat.library import Shelf
from hub.chat.records import Conversation
from hub.db.mongo import collection, now
from tests.chat.conftest import ANNA, BERT


def _made(title: str, changed: datetime) -> str:
    made = chat.create(ANNA, title=title).id
    store.update_conversation(ANNA, store.conversation(ANNA, made)["_id"], {"updated_at": changed})
    return made


def _all(shelf: Shelf = "recent", words: str = "", limit: int = 3) -> list[Conversation]:
    found: list[Conversation] = []
    page = chat.browse(ANNA, shelf, words=words, limit=limit)
    found += page.rows
    while page.after:
        assert len(page.rows) == limit
        page = chat.browse(ANNA, shelf, words=words, limit=limit, after=page.after)
        assert page.rows, "an empty last page"
        found += page.rows
    return found


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hours=st.lists(st.sampled_from([0, 0, 1, 30, 30, 30, 500, 3000]), max_size=9), limit=st.integers(1, 4))
def test_every_conversation_is_on_one_page(stored: str, hours: list[int], limit: int) -> None:
    collection("conversations").delete_many({"owner": ANNA.id})
    time = now()
    made = [_made(str(number), time - timedelta(hours=ago)) for number, ago in enumerate(hours)]
    found = _all(limit=limit)
    assert sorted(one.id for one in found) == sorted(made)
    assert [one.updated_at for one in found] == sorted((one.updated_at for one in found), reverse=True)


def test_shelves_and_words(stored: str) -> None:
    time = now()
    soup, train, old = (_made(title, time) for title in ("Soup of Köln", "Train to Köln", "Old soup"))
    chat.pin(ANNA, train)
    chat.archive(ANNA, old)
    chat.create(BERT, title="Soup of Bert")
    chat.create(ANNA, title="Secret soup", temporary=True)
    assert {one.id for one in _all()} == {soup, train}
    assert [one.id for one in _all("pinned")] == [train]
    assert [one.id for one in _all("archived")] == [old]
    assert {one.id for one in _all(words="KÖLN")} == {soup, train}
    assert [one.id for one in _all(words="köln soup")] == [soup]
    assert [one.id for one in _all("archived", words="soup")] == [old]
    assert _all(words="bert") == []


def test_a_page_is_not_moved_by_what_changes_before_it(stored: str) -> None:
    time = now()
    made = [_made(str(number), time - timedelta(minutes=number)) for number in range(6)]
    first = chat.browse(ANNA, limit=3)
    chat.delete(ANNA, made[1])
    _made("new", time)
    second = chat.browse(ANNA, limit=3, after=first.after)
    assert [one.id for one in second.rows] == made[3:]
    assert second.after is None


@pytest.mark.parametrize("limit", [1, 50])
def test_an_empty_shelf(stored: str, limit: int) -> None:
    assert chat.browse(ANNA, "archived", limit=limit).rows == ()


def test_what_goes_on_right_now(model: str) -> None:
    sent = chat.send(ANNA, text="Hi", targets=[(f"{model}fake-slow", None)])
    assert chat.busy(ANNA).answering == {sent.conversation}
    assert not chat.busy(BERT).answering
    assert sent.run
    runs.cancel(ANNA, sent.run)
    assert runs.wait(sent.run, timeout=20)
    assert sent.conversation not in chat.busy(ANNA).answering
