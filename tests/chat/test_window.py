"""Opening a conversation."""

from __future__ import annotations

from datetime import timedelta
from time import perf_counter

import pytest
from bson import ObjectId

from hub import chat, runs
from hub.chat import store
from hub.chat.conversations import new_document
from hub.db.mongo import Document, now
from hub.errors import BadInput, NotFound
from hub.models.types import Params
from tests.chat.conftest import ANNA


def long_conversation(count: int) -> tuple[str, list[str]]:
    """A conversation of `count` messages in one branch, written at once."""
    home = new_document("demo/demo", Params())
    rows: list[Document] = []
    for depth in range(count):
        rows.append(
            {
                "_id": ObjectId(),
                "conversation": home["_id"],
                "parent": rows[-1]["_id"] if rows else None,
                "depth": depth,
                "role": "assistant" if depth % 2 else "user",
                "text": f"{depth} words",
                "status": "done",
                "created_at": now(),
            }
        )
    store.insert_messages(ANNA, rows)
    store.insert_conversation(ANNA, {**home, "head": rows[-1]["_id"]})
    return str(home["_id"]), [str(one["_id"]) for one in rows]


def test_an_empty_conversation_opens_empty(stored: str) -> None:
    window = chat.open_window(ANNA, chat.create(ANNA).id)
    assert (window.messages, window.earlier, window.queued, window.running) == ((), False, (), ())


def test_a_long_conversation_is_read_from_its_end_and_quickly(stored: str) -> None:
    home, ids = long_conversation(2000)
    began = perf_counter()
    window = chat.open_window(ANNA, home)
    first = perf_counter() - began
    assert [one.id for one in window.messages] == ids[-40:]
    assert window.earlier
    earlier = chat.open_window(ANNA, home, before=ids[-40], limit=100)
    assert [one.id for one in earlier.messages] == ids[-140:-40]
    began = perf_counter()
    list(store.messages(ANNA, ObjectId(home)))
    assert first < perf_counter() - began  # quicker than reading it all


def test_without_a_head_the_newest_leaf_is_open(stored: str) -> None:
    home, ids = long_conversation(3)
    side = chat.add_message(ANNA, home, "user", "side", parent=ids[0])
    store.update_conversation(ANNA, ObjectId(home), {}, unset=["head"])
    assert [one.id for one in chat.open_window(ANNA, home).messages] == [ids[0], side]


def test_an_answer_whose_run_never_began_is_closed(engine: None) -> None:
    home, ids = long_conversation(2)
    old = {"status": "streaming", "run": str(ObjectId()), "created_at": now() - timedelta(minutes=1)}
    store.update_message(ANNA, ObjectId(ids[1]), old)
    answer = chat.open_window(ANNA, home).messages[-1]
    assert answer.status == "interrupted"
    assert answer.error and answer.error.retryable
    assert chat.get_message(ANNA, ids[1]).status == "interrupted"
    assert runs.running() == 0


def test_a_window_of_nothing_or_above_a_strangers_message_is_refused(stored: str) -> None:
    home, _ = long_conversation(2)
    _, others = long_conversation(2)
    with pytest.raises(BadInput):
        chat.open_window(ANNA, home, limit=0)
    with pytest.raises(NotFound):
        chat.open_window(ANNA, home, before=others[1])
    with pytest.raises(NotFound):
        chat.open_window(ANNA, "nonsense")
