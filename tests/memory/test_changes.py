"""Rows are what their events left; an undo leaves equal states; nothing is lost or doubled by a death in between."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import bson
import pytest

from hub import hooks, memory
from hub.db.mongo import collection
from hub.errors import BadInput, NotFound
from hub.memory import change, index, store
from hub.memory.change import Step, finish_all, new_id, write
from hub.memory.fold import row_of
from hub.memory.records import Fact
from hub.search import find
from hub.settings import override
from tests.memory.conftest import ANNA, BEN, NOON, texts

pytestmark = pytest.mark.usefixtures("rooms")


def states() -> dict[str, bytes]:
    """The facts of everyone as bytes."""
    rows = collection("memories").find({"fact": {"$ne": None}})
    return {row["_id"]: bson.encode(row["fact"]) for row in rows}


def found(text: str) -> list[str]:
    return [hit.text for hit in find([index.space(ANNA, "")], text, index.embedder())]


def test_a_row_is_the_fold_of_its_events() -> None:
    fact = memory.add(ANNA, "The user likes tea.", kind="preference")
    memory.edit(ANNA, fact.id, text="The user likes green tea.")
    memory.pin(ANNA, fact.id)
    row = store.row(ANNA, fact.id)
    assert row == row_of(store.events_of(ANNA, "fact", fact.id))
    assert [event.op for event in memory.history(ANNA, fact.id)] == ["add", "edit", "pin"]
    collection("memories").delete_many({})
    change.fold(ANNA, fact.id)
    assert store.row(ANNA, fact.id) == row


@pytest.mark.parametrize("seed", range(4))
def test_an_undo_of_any_change_leaves_equal_bytes(seed: int) -> None:
    dice = random.Random(seed)
    before: dict[str, dict[str, bytes]] = {}
    ids: list[str] = []

    def live() -> list[str]:
        return [one for one in ids if one in states() and memory.get(ANNA, one).shelf == "live"]

    acts: list[Callable[[], object]] = [
        lambda: ids.append(memory.add(ANNA, f"The user has thing {dice.random()}").id),
        lambda: memory.edit(ANNA, dice.choice(live()), text=f"The user has thing {dice.random()}"),
        lambda: memory.pin(ANNA, dice.choice(live()), dice.random() < 0.5),
        lambda: memory.delete(ANNA, dice.choice(live())),
        lambda: ids.append(memory.merge(ANNA, dice.sample(live(), 2), f"Both {dice.random()}").id),
        lambda: memory.undo(ANNA, dice.choice(memory.events(ANNA)).id),
    ]
    for _ in range(25):
        there, known = states(), {event.group for event in memory.events(ANNA, most=500)}
        try:
            dice.choice(acts)()
        except (BadInput, IndexError, ValueError):
            continue
        for event in memory.events(ANNA, most=500):
            if event.group not in known:
                before[event.group] = there
    events = memory.events(ANNA, most=500)
    chosen = dice.choice(events)
    touched = {event.fact for event in events if event.group == chosen.group}
    wanted = {fact: before[chosen.group].get(fact) for fact in touched}
    if {fact: states().get(fact) for fact in touched} != wanted:
        memory.undo(ANNA, chosen.id)
    assert {fact: states().get(fact) for fact in touched} == wanted
    for row in collection("memories").find({}):
        assert row == row_of(store.events_of(ANNA, "fact", row["_id"]))


def test_an_undo_can_be_undone_and_says_what_it_took_back() -> None:
    fact = memory.add(ANNA, "The user likes tea.")
    event = memory.delete(ANNA, fact.id)
    [undone] = memory.undo(ANNA, event)
    assert (texts(), found("tea")) == (["The user likes tea."], ["The user likes tea."])
    assert [(one.op, one.undone) for one in memory.history(ANNA, fact.id)] == [
        ("add", False), ("delete", True), ("undo", False)
    ]  # fmt: skip
    memory.undo(ANNA, undone.id)
    assert (texts(), found("tea")) == ([], [])
    assert [one.undone for one in memory.history(ANNA, fact.id)] == [False, False, True, False]


def test_an_undo_takes_back_what_rests_on_the_change() -> None:
    fact = memory.add(ANNA, "The user likes tea.")
    [added] = memory.history(ANNA, fact.id)
    other = memory.add(ANNA, "The user likes cake.")
    both = memory.merge(ANNA, [fact.id, other.id], "The user likes tea and cake.")
    memory.undo(ANNA, added.id)
    assert texts() == ["The user likes cake."]
    with pytest.raises(NotFound):
        memory.get(ANNA, both.id)
    with pytest.raises(BadInput, match="nothing to take back"):
        memory.undo(ANNA, added.id)


def planned(text: str) -> list[Step]:
    fact = Fact(new_id(), "", text, "knowledge", recorded_at=NOON)
    return [Step("add", fact.id, fact)]


@pytest.mark.parametrize("where", ["insert_event", "put_row", "change_scope", "unmark"])
def test_what_a_death_interrupts_is_finished_once(monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    class Died(BaseException):
        pass

    def die(*_: object, **__: object) -> None:
        raise Died

    steps = planned("The user likes tea.")
    with monkeypatch.context() as patch:
        patch.setattr(store, where, die)
        with pytest.raises(Died):
            write(ANNA, "", steps, "user", mark="job 1")
    monkeypatch.setattr(change, "PATIENCE", change.PATIENCE * 0)
    assert finish_all() == 1
    write(ANNA, "", steps, "user", mark="job 1")
    assert texts().count("The user likes tea.") == 1
    assert len(memory.history(ANNA, steps[0].fact)) == 1
    assert found("tea") == ["The user likes tea."]
    assert store.unsettled_of(ANNA) == []


def test_with_the_index_away_a_change_is_stored_and_the_index_follows_later(
    postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hub.db.processes import free_port

    override(postgres_url=f"postgresql://127.0.0.1:{free_port()}/none", store_timeout=0.3)
    try:
        memory.add(ANNA, "The user likes tea.")
        assert texts() == ["The user likes tea."]
        assert len(store.unsettled_of(ANNA)) == 1
        shown = memory.recall_preview(ANNA, "", "What do I like to drink?")
        assert (shown.items, len(shown.notices)) == ((), 1)
    finally:
        override(postgres_url=postgres, store_timeout=3.0)
    monkeypatch.setattr(change, "PATIENCE", change.PATIENCE * 0)
    finish_all()
    assert found("tea") == ["The user likes tea."]


def test_two_who_write_at_once_both_stand_in_the_history() -> None:
    fact = memory.add(ANNA, "The user likes tea.")
    one = Step("edit", fact.id, replace(fact, text="The user likes mate."), group=new_id())
    other = Step("edit", fact.id, replace(fact, text="The user likes rum."), group=new_id())
    events = store.events_of(ANNA, "fact", fact.id)
    write(ANNA, "", [one], "user")
    late = change._event(ANNA, "", other, "user") | {  # pyright: ignore[reportPrivateUsage]
        "_id": f"{fact.id}.2", "seq": 2, "before": events[0]["after"], "after": change.state_of(other.after),
        "at": events[0]["at"], "group": other.group, "batch": "", "undoes": [],
    }  # fmt: skip
    mark = {"_id": "late", "owner": "anna", "scope": "", "at": events[0]["at"], "events": [late], "also": []}
    store.mark(mark)
    change.settle(mark)
    assert [event.after and event.after.text for event in memory.history(ANNA, fact.id)] == [
        "The user likes tea.", "The user likes mate.", "The user likes rum."
    ]  # fmt: skip
    assert texts() == ["The user likes rum."]


def test_a_stranger_finds_nothing() -> None:
    fact = memory.add(ANNA, "The user likes tea.")
    [event] = memory.history(ANNA, fact.id)
    for act in (
        lambda: memory.get(BEN, fact.id),
        lambda: memory.undo(BEN, event.id),
        lambda: memory.purge(BEN, fact.id),
        lambda: memory.edit(BEN, fact.id, text="x"),
    ):
        with pytest.raises(NotFound):
            act()
    assert memory.events(BEN) == []


def test_a_search_over_everything_shows_live_facts_and_where_they_open() -> None:
    keep, gone = memory.add(ANNA, "The user likes tea."), memory.add(ANNA, "The user likes black tea.")
    memory.add(ANNA, "The project likes tea.", scope="project:gone")
    hits = [hit for scope in ("", "project:gone") for hit in find([index.space(ANNA, scope)], "tea", None)]
    assert len(hits) == 3
    memory.delete(ANNA, gone.id)
    shown = hooks.search_checked(ANNA, "memories", hits)
    assert shown is not None
    assert [(one.title, one.link) for one in shown] == [("Knowledge", f"/memory?fact={keep.id}")]
    assert hooks.search_checked(BEN, "memories", hits) == []
    assert index.Facts().living(index.space(ANNA, ""), [keep.id, gone.id, "none"]) == {keep.id}


def test_the_index_built_anew_is_the_index_kept() -> None:
    keep, gone = memory.add(ANNA, "The user likes tea."), memory.add(ANNA, "The user likes cake.")
    memory.add(BEN, "The user likes rum.", scope="project:p")
    memory.delete(ANNA, gone.id)
    before = found("likes")
    source = index.Facts()
    assert {unit: source.index(who, unit) for who, unit in source.units()} == {"": 1, "project:p": 1}
    assert found("likes") == before == [keep.text]
