"""Chats in projects: who may enter, moving about, and what happens to the chats of a project that goes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub import chat, hooks, projects, runs
from hub.db.mongo import collection, now
from hub.db.who import Who
from hub.errors import NotFound
from tests.chat.conftest import ANNA, BERT

DEMO = [("demo/demo", None)]


def ids(who: Who, project: str | None = None) -> set[str]:
    found = chat.list_conversations(who, project=project)
    return {one.id for one in (*found.pinned, *found.recent)}


def test_a_new_chat_begins_in_a_project_and_is_listed_there(engine: None) -> None:
    boat = projects.create(ANNA, "Boat")
    sent = chat.send(ANNA, text="hello", targets=DEMO, project=boat.id)
    assert runs.wait(sent.run or "", 20)
    outside = chat.create(ANNA, title="Elsewhere")
    assert chat.get(ANNA, sent.conversation).project == boat.id
    assert ids(ANNA, boat.id) == {sent.conversation}
    assert ids(ANNA) == {sent.conversation, outside.id}
    pinned = chat.create(ANNA, title="Sails", project=boat.id)
    chat.pin(ANNA, pinned.id)
    assert ids(ANNA, boat.id) == {sent.conversation, pinned.id}
    assert [one.id for one in chat.search_titles(ANNA, "sails", project=boat.id)] == [pinned.id]
    assert not chat.search_titles(ANNA, "elsewhere", project=boat.id)


WAYS: list[Callable[[Who, str], object]] = [
    lambda who, project: chat.create(who, title="x", project=project),
    lambda who, project: chat.send(who, text="x", targets=DEMO, project=project),
    lambda who, project: chat.move(who, chat.create(who, title="x").id, project),
]


@pytest.mark.parametrize("way", WAYS)
def test_nobody_enters_a_project_of_another_or_one_that_is_not_there(
    engine: None, way: Callable[[Who, str], object]
) -> None:
    theirs, gone = projects.create(ANNA, "Boat"), projects.create(BERT, "Old")
    projects.delete(BERT, gone.id, chats="keep")
    for project in (theirs.id, gone.id, "nonsense", "0" * 24):
        with pytest.raises(NotFound):
            way(BERT, project)
    assert not [row for row in collection("conversations").find({}) if row.get("project")]


def test_a_chat_moves_in_and_out_and_a_copy_stays_with_it(engine: None) -> None:
    boat = projects.create(ANNA, "Boat")
    one = chat.create(ANNA, title="One")
    first = chat.add_message(ANNA, one.id, "user", "hello")
    assert chat.move(ANNA, one.id, boat.id).project == boat.id
    assert chat.get(ANNA, chat.fork(ANNA, first)).project == boat.id
    assert chat.move(ANNA, one.id, None).project is None
    assert chat.get(ANNA, one.id).project is None
    with pytest.raises(NotFound):
        chat.move(BERT, one.id, None)


@pytest.mark.parametrize("how", ["keep", "delete"])
def test_a_deleted_project_comes_back_with_its_chats(stored: str, how: str) -> None:
    boat = projects.create(ANNA, "Boat")
    ours = {chat.create(ANNA, title=f"Talk {number}", project=boat.id).id for number in range(3)}
    chat.archive(ANNA, next(iter(ours)))
    long_gone = chat.create(ANNA, title="Long gone", project=boat.id)
    chat.delete(ANNA, long_gone.id)
    outside = chat.create(ANNA, title="Outside")
    listed = ids(ANNA)
    projects.delete(ANNA, boat.id, chats=how)  # pyright: ignore[reportArgumentType]
    assert ids(ANNA) == (listed if how == "keep" else {outside.id})
    for one in ours:
        if how == "keep":
            assert chat.get(ANNA, one).project is None
        else:
            with pytest.raises(NotFound):
                chat.get(ANNA, one)
    projects.restore(ANNA, boat.id)
    assert {chat.get(ANNA, one).project for one in ours} == {boat.id}
    assert ids(ANNA) == listed
    with pytest.raises(NotFound):
        chat.get(ANNA, long_gone.id)


def test_what_was_done_meanwhile_holds_when_a_project_comes_back(stored: str) -> None:
    boat, house = projects.create(ANNA, "Boat"), projects.create(ANNA, "House")
    one, other = (chat.create(ANNA, title=name, project=boat.id) for name in "ab")
    projects.delete(ANNA, boat.id, chats="keep")
    chat.move(ANNA, one.id, house.id)
    chat.delete(ANNA, other.id)
    projects.restore(ANNA, boat.id)
    assert chat.get(ANNA, one.id).project == house.id
    with pytest.raises(NotFound):
        chat.get(ANNA, other.id)
    assert chat.restore(ANNA, other.id).project == boat.id


def test_a_chat_that_comes_back_alone_is_in_no_project(stored: str) -> None:
    boat = projects.create(ANNA, "Boat")
    one = chat.create(ANNA, title="One", project=boat.id)
    projects.delete(ANNA, boat.id, chats="delete")
    assert chat.restore(ANNA, one.id).project is None
    assert chat.get(ANNA, one.id).project is None
    projects.restore(ANNA, boat.id)
    assert chat.get(ANNA, one.id).project == boat.id


def test_after_a_day_nothing_names_the_project(stored: str) -> None:
    boat = projects.create(ANNA, "Boat")
    one = chat.create(ANNA, title="One", project=boat.id)
    projects.delete(ANNA, boat.id, chats="keep")
    collection("projects").update_many({}, {"$set": {"deleted_at": now() - timedelta(days=2)}})
    assert projects.purge() == 1
    [row] = collection("conversations").find({})
    assert str(row["_id"]) == one.id and "project" not in row and "left" not in row
    assert not list(collection("projects").find({}))


def test_what_a_room_cannot_follow_is_not_deleted(stored: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        @hooks.implementation
        def project_deleted(self, who: Who, project: str) -> None:
            raise RuntimeError("no")

    boat = projects.create(ANNA, "Boat")
    broken = Broken()
    hooks.plugins().register(broken, "broken")
    try:
        with pytest.raises(Exception, match="not deleted: broken could not follow"):
            projects.delete(ANNA, boat.id, chats="keep")
    finally:
        hooks.plugins().unregister(broken)
    assert projects.get(ANNA, boat.id).name == "Boat"


ACTS = st.tuples(
    st.sampled_from(["new", "new chat", "move", "delete", "restore", "delete chat", "restore chat", "fork"]),
    st.sampled_from([ANNA, BERT]),
    st.integers(0, 5),
    st.integers(0, 5),
    st.booleans(),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ACTS, max_size=25))
def test_no_chat_is_ever_in_a_project_of_another_person(
    stored: str, acts: list[tuple[str, Who, int, int, bool]]
) -> None:
    for name in ("projects", "conversations", "messages"):
        collection(name).delete_many({})
    made: list[str] = []
    talks: list[str] = []
    for what, who, first, second, flag in acts:
        project = made[first % len(made)] if made else "0" * 24
        talk = talks[second % len(talks)] if talks else "0" * 24
        try:
            match what:
                case "new":
                    made.append(projects.create(who, f"P{len(made)}").id)
                case "new chat":
                    talks.append(chat.create(who, title="t", project=project if flag else None).id)
                case "move":
                    chat.move(who, talk, project if flag else None)
                case "delete":
                    projects.delete(who, project, chats="keep" if flag else "delete")
                case "restore":
                    projects.restore(who, project)
                case "delete chat":
                    chat.delete(who, talk)
                case "restore chat":
                    chat.restore(who, talk)
                case _:
                    talks.append(chat.fork(who, chat.add_message(who, talk, "user", "x")))
        except NotFound:
            continue
    owners = {str(row["_id"]): row["owner"] for row in collection("projects").find({})}
    living = {str(row["_id"]) for row in collection("projects").find({}) if "deleted_at" not in row}
    for row in collection("conversations").find({}):
        if row.get("project"):
            assert owners[row["project"]] == row["owner"]
            assert row["project"] in living or "deleted_at" in row
