"""What the chat page remembers from run to run."""

from __future__ import annotations

from components.state import ChatState


def test_each_new_chat_is_a_place_of_its_own():
    page = ChatState()
    assert page.place == "new-0"
    page.arrive("c1")
    assert page.place == "c1"
    page.arrive(None)
    assert page.place == "new-1"


def test_what_belonged_to_a_conversation_goes_with_it():
    page = ChatState(limit=120, following=["r"], problem={"message": "x"})
    page.arrive("c1")
    assert (page.limit, page.following, page.problem) == (40, [], None)


def test_a_conversation_just_made_is_shown_although_the_address_does_not_name_it_yet():
    page = ChatState()
    page.sent = "c1"
    assert page.arrive(None) == "c1"
    assert page.arrive(None) == "c1"
    assert page.arrive("c1") == "c1"
    assert page.sent is None
    assert page.arrive(None) is None


def test_leaving_wins_over_a_conversation_just_made():
    page = ChatState()
    page.sent = "c1"
    page.open(None)
    assert page.arrive(None) is None
    page.sent = "c1"
    assert page.arrive("c2") == "c2"
    assert page.arrive(None) is None


def test_a_temporary_chat_is_temporary_until_it_is_left():
    page = ChatState()
    page.arrive(None, temporary=True)
    assert page.temporary
    page.arrive("c1")
    assert not page.temporary


def test_a_source_is_open_until_it_is_closed_or_another_chat_is():
    page = ChatState()
    page.arrive("c1")
    assert page.take({"kind": "source", "message": "m", "at": 2})
    assert page.panel == ("m", 2)
    page.take({"kind": "step", "to": 3})
    assert page.panel == ("m", 3)
    page.take({"kind": "close"})
    page.take({"kind": "step", "to": 1})
    assert page.panel is None
    page.take({"kind": "source", "message": "m", "at": 2})
    page.arrive("c2")
    assert page.panel is None


def test_what_is_for_the_room_is_left_to_it():
    page = ChatState(following=["r"])
    assert not page.take({"kind": "delete", "message": "m"})
    assert page.take({"kind": "finished", "run": "r"})
    assert page.following == []
    assert page.take({"kind": "open-message", "conversation": "c2", "to": "m9"})
    assert page.leaving == ("chat", {"c": "c2", "m": "m9"})


def test_an_answer_is_taken_along_to_be_compared():
    page = ChatState()
    assert page.take({"kind": "compare", "message": "m"})
    assert page.leaving == ("compare", {"from": "m"})
