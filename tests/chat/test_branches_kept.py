"""Whatever two tabs do to a conversation, no message is lost and each is reachable exactly once.

The store is compared with a plain model after every step; both tabs know messages that the other may have deleted.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Barrier, Thread

import orjson
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from hub import chat
from hub.chat import store
from hub.db.mongo import collection
from hub.errors import NotFound
from tests.chat.conftest import ANNA

picks = st.integers(0, 10_000)


class Plain:
    """The model: parents by message, in the order of their making, and what is deleted with what."""

    def __init__(self) -> None:
        self.parent: dict[str, str | None] = {}
        self.dead: dict[str, str] = {}
        self.lifted: dict[str, list[str]] = {}

    @property
    def living(self) -> list[str]:
        return [one for one in self.parent if one not in self.dead]

    def alive(self, at: str | None) -> str | None:
        while at is not None and at in self.dead:
            at = self.parent[at]
        return at

    def children(self, parent: str | None) -> list[str]:
        return [one for one in self.living if self.parent[one] == parent]

    def below(self, message: str) -> list[str]:
        return [message, *(deeper for child in self.children(message) for deeper in self.below(child))]

    def delete(self, message: str, subtree: bool) -> None:
        if subtree:
            self.lifted[message] = []
            self.dead |= dict.fromkeys(self.below(message), message)
            return
        self.lifted[message] = self.children(message)
        for child in self.lifted[message]:
            self.parent[child] = self.parent[message]
        self.dead[message] = message

    def restore(self, message: str) -> None:
        above = self.alive(self.parent[message])
        together = [one for one, root in self.dead.items() if root == message]
        self.parent[message] = above
        for one in together:
            del self.dead[one]
        for child in self.lifted[message]:
            if self.parent[child] == above:
                self.parent[child] = message


class TwoTabs(RuleBasedStateMachine):
    """Adding anywhere (also below what the other tab deleted), deleting, undoing, choosing and copying branches."""

    @initialize()
    def begin(self) -> None:
        self.home = chat.create(ANNA).id
        self.plain = Plain()

    def _any(self, pick: int) -> str:
        return list(self.plain.parent)[pick % len(self.plain.parent)]

    def _living(self, pick: int) -> str:
        return self.plain.living[pick % len(self.plain.living)]

    @rule(pick=picks, role=st.sampled_from(["user", "assistant"]))
    def add_below_any(self, pick: int, role: str) -> None:
        below = self._any(pick) if self.plain.parent else None
        made = chat.add_message(ANNA, self.home, role, f"{len(self.plain.parent)}", parent=below)  # pyright: ignore
        expected = self.plain.alive(below)
        self.plain.parent[made] = expected
        assert chat.open_window(ANNA, self.home, limit=200).messages[-1].id == made

    @precondition(lambda self: self.plain.living)
    @rule()
    def add_at_the_open_leaf(self) -> None:
        leaf = chat.open_window(ANNA, self.home).messages[-1].id
        self.plain.parent[chat.add_message(ANNA, self.home, "user", "more")] = leaf

    @precondition(lambda self: self.plain.living)
    @rule(pick=picks, subtree=st.booleans())
    def delete(self, pick: int, subtree: bool) -> None:
        message = self._living(pick)
        plan = chat.delete_plan(ANNA, message, subtree=subtree)
        assert chat.delete_message(ANNA, message, subtree=subtree) == plan
        self.plain.delete(message, subtree)
        assert {*plan.removed} == {one for one, root in self.plain.dead.items() if root == message}

    @precondition(lambda self: self.plain.dead)
    @rule(pick=picks)
    def undo(self, pick: int) -> None:
        roots = list(dict.fromkeys(self.plain.dead.values()))
        message = roots[pick % len(roots)]
        chat.restore_message(ANNA, message)
        self.plain.restore(message)

    @precondition(lambda self: self.plain.living)
    @rule(pick=picks)
    def select(self, pick: int) -> None:
        message = self._living(pick)
        chat.select(ANNA, message)
        assert message in [one.id for one in chat.open_window(ANNA, self.home, limit=200).messages]

    @precondition(lambda self: self.plain.living)
    @rule(pick=picks, whole=st.booleans())
    def fork(self, pick: int, whole: bool) -> None:
        message = self._living(pick)
        copy = orjson.loads(chat.export_json(ANNA, chat.fork(ANNA, message, whole=whole)))["messages"]
        path: list[str | None] = [message]
        while (above := self.plain.parent[str(path[-1])]) is not None:
            path.append(above)
        assert len(copy) == (len(self.plain.living) if whole else len(path))

    @precondition(lambda self: self.plain.living)
    @rule(pick=picks, size=st.integers(1, 5))
    def read_in_slices(self, pick: int, size: int) -> None:
        chat.select(ANNA, self._living(pick))
        whole = [one.id for one in chat.open_window(ANNA, self.home, limit=200).messages]
        window = chat.open_window(ANNA, self.home, limit=size)
        found = [one.id for one in window.messages]
        while window.earlier:
            window = chat.open_window(ANNA, self.home, limit=size, before=found[0])
            found = [*(one.id for one in window.messages), *found]
        assert found == whole

    @invariant()
    def every_message_is_reachable_once(self) -> None:
        if not hasattr(self, "plain"):
            return
        messages = orjson.loads(chat.export_json(ANNA, self.home))["messages"]
        assert sorted(one["id"] for one in messages) == sorted(self.plain.living)
        assert {one["id"]: one["parent"] for one in messages} == {
            one: self.plain.parent[one] for one in self.plain.living
        }
        for one in messages:
            assert sorted(one["siblings"]) == sorted(self.plain.children(one["parent"]))

    @invariant()
    def the_open_branch_is_a_path_to_a_leaf_of_the_tree(self) -> None:
        if not hasattr(self, "plain") or not self.plain.living:
            return
        shown = chat.open_window(ANNA, self.home, limit=200).messages
        assert shown
        assert [one.parent for one in shown] == [None, *(one.id for one in shown[:-1])]
        for one in shown:
            assert sorted(one.siblings) == sorted(self.plain.children(one.parent))


def test_no_message_is_lost_whatever_two_tabs_do(stored: str) -> None:
    run_state_machine_as_test(
        TwoTabs,
        settings=settings(
            max_examples=20,
            stateful_step_count=18,
            deadline=None,
            suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
        ),
    )


@contextmanager
def _threads(*works: object) -> Iterator[None]:
    errors: list[BaseException] = []

    def guarded(work: object) -> None:
        try:
            work()  # pyright: ignore
        except NotFound:
            pass  # the other tab deleted it first
        except BaseException as error:
            errors.append(error)

    threads = [Thread(target=guarded, args=(work,)) for work in works]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not errors
    yield


@pytest.mark.parametrize("subtree", [False, True])
def test_adding_and_deleting_at_the_same_moment_loses_nothing(stored: str, subtree: bool) -> None:
    for _ in range(12):
        home = chat.create(ANNA).id
        chain = [chat.add_message(ANNA, home, "user", str(number)) for number in range(4)]
        gate = Barrier(3)
        added: list[str] = []

        def add() -> None:
            gate.wait()  # noqa: B023
            added.append(chat.add_message(ANNA, home, "user", "new", parent=chain[2]))  # noqa: B023

        def delete(which: int) -> None:
            gate.wait()  # noqa: B023
            chat.delete_message(ANNA, chain[which], subtree=subtree)  # noqa: B023

        with _threads(add, lambda: delete(2), lambda: delete(1)):
            living = {str(one["_id"]): one for one in store.messages(ANNA, store.conversation(ANNA, home)["_id"])}
        raw = collection("messages").find({"owner": ANNA.id, "conversation": store.conversation(ANNA, home)["_id"]})
        dead = {str(one["_id"]) for one in raw if "deleted_at" in one}
        assert {one for one in added if one not in dead} <= set(living)
        if not subtree:
            assert added[0] in living
        for one in living.values():
            assert one["parent"] is None or str(one["parent"]) in living
