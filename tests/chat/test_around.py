"""Opening a conversation at one of its messages, on whatever branch, without moving the open one."""

from __future__ import annotations

import random
from itertools import pairwise
from time import perf_counter

import pytest

from hub import chat
from hub.chat.records import Window
from hub.errors import NotFound
from tests.chat.conftest import ANNA, BERT
from tests.chat.test_window import long_conversation


def ids(window: Window) -> list[str]:
    return [one.id for one in window.messages]


def test_a_message_far_up_is_reached_with_what_is_around_it(stored: str) -> None:
    home, path = long_conversation(2000)
    began = perf_counter()
    window = chat.open_window(ANNA, home, at=path[300], limit=10, below=5)
    assert perf_counter() - began < 3
    assert ids(window) == path[290:306]
    assert (window.earlier, window.later, window.aside) == (True, True, None)
    top = chat.open_window(ANNA, home, at=path[0], limit=10, below=5)
    assert ids(top) == path[:6] and not top.earlier and top.later
    end = chat.open_window(ANNA, home, at=path[-1], limit=10, below=5)
    assert ids(end) == path[-11:] and end.earlier and not end.later


def test_another_branch_is_shown_and_the_open_one_stays_open(stored: str) -> None:
    home = chat.create(ANNA, title="x").id
    asked = chat.add_message(ANNA, home, "user", "asked")
    one = chat.add_message(ANNA, home, "assistant", "one", parent=asked)
    below = chat.add_message(ANNA, home, "user", "below one", parent=one)
    other = chat.add_message(ANNA, home, "assistant", "other", parent=asked)
    assert chat.get(ANNA, home).head == other
    window = chat.open_window(ANNA, home, at=one)
    assert ids(window) == [asked, one, below]
    assert (window.aside, window.earlier, window.later) == (below, False, False)
    assert window.messages[1].siblings == (one, other)
    assert ids(chat.open_window(ANNA, home, at=asked)) == [asked, other]  # of several branches the open one
    assert chat.get(ANNA, home).head == other
    assert ids(chat.open_window(ANNA, home)) == [asked, other]


def test_going_on_from_another_branch_opens_it(engine: None) -> None:
    home = chat.create(ANNA, title="x").id
    asked = chat.add_message(ANNA, home, "user", "asked")
    one = chat.add_message(ANNA, home, "assistant", "one", parent=asked)
    chat.add_message(ANNA, home, "assistant", "other", parent=asked)
    window = chat.open_window(ANNA, home, at=one)
    sent = chat.send(ANNA, conversation=home, parent=window.aside, text="more", targets=[("demo/demo", None)])
    assert ids(chat.open_window(ANNA, home)) == [asked, one, sent.message, sent.answers[0]]


def test_a_message_that_is_not_there_is_not_found(stored: str) -> None:
    home, other = chat.create(ANNA, title="x").id, chat.create(ANNA, title="y").id
    message = chat.add_message(ANNA, home, "user", "hello")
    gone = chat.add_message(ANNA, home, "user", "gone")
    chat.delete_message(ANNA, gone)
    for who, where, what in ((ANNA, other, message), (ANNA, home, gone), (ANNA, home, "x"), (BERT, home, message)):
        with pytest.raises(NotFound):
            chat.open_window(who, where, at=what)


def test_every_message_of_a_random_tree_is_shown_on_its_own_path(stored: str) -> None:
    chance = random.Random(3)
    home = chat.create(ANNA, title="x").id
    parents: dict[str, str | None] = {}
    for number in range(60):
        known = list(parents) or [None]
        above = chance.choice(known) if chance.random() < 0.4 else known[-1]
        role = "assistant" if number % 2 else "user"
        parents[chat.add_message(ANNA, home, role, f"m{number}", parent=above)] = above
    head = chat.get(ANNA, home).head
    for message in parents:
        shown = ids(chat.open_window(ANNA, home, at=message, limit=100, below=100))
        assert message in shown
        assert all(parents[below] == above for above, below in pairwise(shown))
        assert parents[shown[0]] is None
    assert chat.get(ANNA, home).head == head
