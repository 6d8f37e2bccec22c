"""Deleting an account takes everything of one person and nothing of the others."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub import chat, files, hooks, people, projects, runs
from hub.chat import preferences, presets, prompts
from hub.db import indexes
from hub.db.migrations import postgres as migrations
from hub.db.mongo import collection, database
from hub.db.who import OWNER, Who
from hub.errors import BadInput, HubError, NotFound
from hub.models import catalogue, connections
from hub.people import store
from hub.runs import face
from tests.cli.test_lists import modules_with

PASSWORD = "four words in a row"
SHARED = {"people", "processes", "migrations", "unindexed"}
"""Collections of the house, not of a person. Ids that the index must still forget go with the forgetting, minutes
later (`test_index.py`)."""


def ask(who: Who, text: str = "hello") -> None:
    sent = chat.send(who, text=text, targets=[("demo/demo", None)])
    assert runs.wait(sent.run or "", 20)


def ask_about_a_file(who: Who) -> None:
    kept = files.add(who, "a.txt", b"what the file says")
    sent = chat.send(who, text="read it", files=[kept.id], targets=[("demo/demo", None)])
    assert runs.wait(sent.run or "", 20)


def delete_a_chat(who: Who) -> None:
    chat.delete(who, chat.create(who, title="thrown away").id)


def connect(who: Who) -> None:
    made = connections.add(who, "openai", key="sk-0000000000000")
    catalogue.mark(who, f"{made.id}/gpt", favourite=True)
    catalogue.set_default(who, f"{made.id}/gpt")


ACTS: dict[str, Callable[[Who], object]] = {
    "ask": ask,
    "file": ask_about_a_file,
    "upload": lambda who: files.add(who, f"{uuid.uuid4()}.txt", b"never sent"),
    "temporary": lambda who: chat.send(who, text="t", targets=[("demo/demo", None)], temporary=True),
    "delete": delete_a_chat,
    "connect": connect,
    "prompt": lambda who: prompts.save(who, f"p{uuid.uuid4().hex[:8]}", "Into {{language}}:"),
    "preset": lambda who: presets.save(who, f"p{uuid.uuid4().hex[:8]}", "demo/demo", {"temperature": 0.1}),
    "prefer": lambda who: preferences.change(who, appearance="dark"),
    "make a project": lambda who: chat.create(who, title="in it", project=projects.create(who, uuid.uuid4().hex).id),
    "sign in": lambda who: people.begin_session(who, device="Firefox"),
}


@pytest.fixture
def house(mongo: str, postgres: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Who]:
    """A hub with an engine and an admin."""
    migrations.apply()
    indexes.ensure([*people.INDEXES, *chat.INDEXES, *files.INDEXES, *runs.INDEXES, *catalogue.INDEXES])
    process = face._Process()
    monkeypatch.setattr(face, "_process", process)
    chat.start()
    yield people.create_first("Anna", PASSWORD)
    process.close(0)


def join(admin: Who, role: Any = "member") -> Who:
    made = people.create_account(admin, f"P {uuid.uuid4().hex[:8]}", PASSWORD, role)
    return Who(made.id, made.name, made.role)


def everything() -> dict[str, list[Any]]:
    """Every row of every collection, by collection."""
    names = set(database().list_collection_names()) - SHARED
    return {name: sorted(repr(row) for row in collection(name).find({})) for name in names}


def settle(who: Who) -> None:
    """Waits until every answer of a person has ended, in the store too."""
    until = time.monotonic() + 20
    while left := runs.unfinished(who):
        assert time.monotonic() < until
        runs.wait(left[0], 20)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ones=st.lists(st.sampled_from(sorted(ACTS)), max_size=6), others=st.lists(st.sampled_from(sorted(ACTS)), max_size=4)
)
def test_a_deletion_takes_all_of_one_and_nothing_of_another(house: Who, ones: list[str], others: list[str]) -> None:
    stays, goes = join(house), join(house)
    for act in others:
        ACTS[act](stays)
    settle(stays)
    before = everything()
    for act in ones:
        ACTS[act](goes)
    settle(goes)
    people.delete_account(house, goes.id)
    after = everything()
    assert {name: rows for name, rows in after.items() if rows} == {name: rows for name, rows in before.items() if rows}
    assert goes.id not in {person.id for person in people.list_people(house)}


def test_everything_at_once_is_gone(house: Who) -> None:
    goes = join(house)
    token = people.begin_session(goes)
    before = everything() | {"sessions": []}
    for act in ACTS.values():
        act(goes)
    people.delete_account(house, goes.id)
    assert {name: rows for name, rows in everything().items() if rows} == {
        n: rows for n, rows in before.items() if rows
    }
    assert people.who_has(token) is None
    with pytest.raises(people.SignInRefused):
        people.sign_in(goes.name, PASSWORD)
    with pytest.raises(NotFound):
        people.delete_account(house, goes.id)


def test_an_answer_that_is_being_written_and_what_waits_behind_it_stop(house: Who) -> None:
    goes = join(house)
    sent = chat.send(goes, text="long slow", targets=[("demo/demo", None)])
    chat.send(goes, text="and then", conversation=sent.conversation)
    people.delete_account(house, goes.id)
    assert not runs.ongoing(goes)
    assert not any(goes.id in row for rows in everything().values() for row in rows)


def test_the_last_admin_and_the_own_account_stay(house: Who) -> None:
    member = join(house)
    for act in (people.delete_account, lambda who, id_: people.change_role(who, id_, "member")):
        with pytest.raises(BadInput, match="last admin"):
            act(people.MACHINE, house.id)
        with pytest.raises(BadInput, match=r"own role|you use"):
            act(house, house.id)
        with pytest.raises(people.NotAllowed):
            act(member, house.id)
    assert people.sign_in("Anna", PASSWORD)[1] == house


def test_the_first_account_goes_and_the_hub_stays_closed(house: Who) -> None:
    other = join(house, "admin")
    people.delete_account(other, house.id)
    assert people.any_person()
    assert people.on_this_machine() == other
    with pytest.raises(BadInput, match="exists already"):
        people.create_first("Eve", PASSWORD)


def test_a_room_that_fails_keeps_the_account_locked_until_it_works(house: Who) -> None:
    class Broken:
        works = False

        @hooks.implementation
        def person_deleted(self, who: Who) -> None:
            if not self.works:
                raise OSError("the disk is gone")

    goes, room = join(house), Broken()
    ask(goes)
    hooks.plugins().register(room, "broken room")
    try:
        with pytest.raises(HubError, match="broken room"):
            people.delete_account(house, goes.id)
        assert [one.leaving for one in people.list_people(house) if one.id == goes.id] == [True]
        with pytest.raises(people.SignInRefused):
            people.sign_in(goes.name, PASSWORD)
        room.works = True
        people.delete_account(house, goes.id)
    finally:
        hooks.plugins().unregister(room)
    assert store.person(goes.id) is None


def test_every_room_that_deletes_is_called() -> None:
    assert set(hooks.BUILT_IN) == modules_with(r"^@hooks\.implementation")


def test_a_reset_password_ends_the_sessions_and_the_limit(house: Who, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people.signin, "PER_NAME", 1)
    bert = join(house)
    token = people.begin_session(bert)
    for _ in range(2):
        with pytest.raises(people.SignInRefused):
            people.sign_in(bert.name, "wrong password")
    fresh = people.reset_password(house, bert.id)
    assert people.who_has(token) is None and people.sign_in(bert.name, fresh)[1] == bert
    with pytest.raises(people.NotAllowed):
        people.reset_password(bert, house.id)
    assert not any(fresh in repr(row) for row in collection("people").find({}))


def test_a_role_is_changed(house: Who) -> None:
    bert = join(house)
    token = people.begin_session(bert)
    people.change_role(house, bert.id, "admin")
    now_admin = people.who_has(token)
    assert now_admin is not None and now_admin.role == "admin"
    people.change_role(now_admin, OWNER.id, "member")
    assert [one.role for one in people.list_people(now_admin) if one.id == OWNER.id] == ["member"]


def test_attempts_at_the_present_password_are_limited(house: Who, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people.signin, "PER_NAME", 3)
    for _ in range(3):
        with pytest.raises(people.SignInRefused, match="not right"):
            people.change_password(house, "guessed", "another four words")
    with pytest.raises(people.TooManyAttempts, match="Try again in"):
        people.change_password(house, PASSWORD, "another four words")
    assert people.sign_in("Anna", PASSWORD)
