"""What the page's words do."""

from __future__ import annotations

import pytest

from hub import chat
from hub.chat import act
from hub.errors import BadInput
from hub.models.types import Params
from tests.chat.conftest import ANNA


@pytest.fixture
def talk(stored: str) -> tuple[str, str, str]:
    """A conversation with a question and an answer written by hand."""
    made = chat.create(ANNA, title="Talk").id
    asked = chat.add_message(ANNA, made, "user", "Question")
    return made, asked, chat.add_message(ANNA, made, "assistant", "Answer")


def _texts(conversation: str) -> list[str]:
    return [message.text for message in chat.open_window(ANNA, conversation).messages]


def test_words_that_there_are_not(talk):
    with pytest.raises(BadInput):
        act.act(ANNA, talk[0], {"kind": "explode"})
    with pytest.raises(BadInput, match="no messages"):
        act.act(ANNA, None, {"kind": "compact"})


def test_edit_add_and_delete_and_take_back(talk):
    home, asked, answer = talk
    act.act(ANNA, home, {"kind": "edit", "message": asked, "text": "Better", "resend": False})
    act.act(ANNA, home, {"kind": "add", "message": answer, "role": "user", "text": "And"})
    assert _texts(home) == ["Better", "Answer", "And"]
    assert act.act(ANNA, home, {"kind": "delete", "message": answer}).asks
    assert _texts(home) == ["Better", "Answer", "And"]
    act.act(ANNA, home, {"kind": "delete", "message": answer, "subtree": False})
    assert _texts(home) == ["Better", "And"]
    act.act(ANNA, home, {"kind": "restore", "message": answer})
    assert _texts(home) == ["Better", "Answer", "And"]


def test_branches(talk):
    home, asked, answer = talk
    act.act(ANNA, home, {"kind": "add", "message": asked, "role": "assistant", "text": "Another"})
    assert _texts(home) == ["Question", "Another"]
    act.act(ANNA, home, {"kind": "branch", "message": answer, "to": answer})
    assert _texts(home) == ["Question", "Answer"]


def test_a_fork_is_opened(talk):
    home, asked, _ = talk
    done = act.act(ANNA, home, {"kind": "fork", "message": asked, "whole": False})
    assert done.conversation not in (None, home)
    assert _texts(done.conversation) == ["Question"]


def test_feedback(talk):
    home, _, answer = talk
    act.act(ANNA, home, {"kind": "feedback", "message": answer, "value": "bad", "reason": "Too long"})
    assert chat.get_message(ANNA, answer).feedback.reason == "Too long"
    act.act(ANNA, home, {"kind": "feedback", "message": answer, "value": None, "reason": ""})
    assert chat.get_message(ANNA, answer).feedback is None


def test_title_and_settings(talk):
    home = talk[0]
    act.act(ANNA, home, {"kind": "title", "text": "Named"})
    act.act(ANNA, home, {"kind": "params", "params": Params(temperature=0.5)})
    act.act(ANNA, home, {"kind": "system_prompt", "system_prompt": "Be brief."})
    found = chat.get(ANNA, home)
    assert (found.title, found.params.temperature, found.system_prompt) == ("Named", 0.5, "Be brief.")


def test_a_message_that_asks_nothing_stores_a_new_chat(stored):
    done = act.act(ANNA, None, act.command("add", "Noon is high tide", temporary=True))
    assert _texts(done.conversation) == ["Noon is high tide"]
    assert chat.get(ANNA, done.conversation).temporary
    assert chat.get(ANNA, done.conversation).title == "Noon is high tide"
    with pytest.raises(BadInput, match="nothing to add"):
        act.act(ANNA, None, act.command("add", " ", temporary=False))


def test_settings_of_a_new_chat_store_it(stored):
    done = act.act(ANNA, None, {"kind": "system_prompt", "system_prompt": "Be brief.", "temporary": True})
    found = chat.get(ANNA, done.conversation)
    assert found.system_prompt == "Be brief."
    assert found.temporary
