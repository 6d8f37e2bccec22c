"""Watching from any number gives the same text: from memory, from the store, and after a process died."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub import runs
from hub.db.mongo import collection
from hub.models.types import Done, Notice, Reasoning, Text
from hub.runs import store
from hub.runs.log import EventLog
from hub.runs.records import Event, Target
from hub.runs.wire import merge, pack, unpack
from tests.runs.conftest import ANNA, Desk
from tests.runs.models import ScriptedModel, prompt, words

_event = st.tuples(
    st.integers(0, 2), st.sampled_from(["text", "reasoning", "notice", "usage"]), st.text(min_size=1, max_size=5)
)


def _log(raw: list[tuple[int, str, str]]) -> list[Event]:
    return [
        Event(i + 1, target, type_, "" if type_ == "usage" else text, {"input": 1} if type_ == "usage" else {})  # type: ignore[arg-type]
        for i, (target, type_, text) in enumerate(raw)
    ]


def _text(events: list[Event], target: int) -> str:
    return "".join(e.text for e in events if e.target == target and e.type == "text")


@given(st.lists(_event, max_size=40), st.data())
def test_packed_events_come_back_whole(raw: list[tuple[int, str, str]], data: st.DataObject) -> None:
    events = _log(raw)
    cut = data.draw(st.integers(0, len(events)))
    back = unpack(1, pack(events[:cut])) + unpack(cut + 1, pack(events[cut:]))
    assert back == events


@given(st.lists(_event, max_size=40), st.data())
def test_merged_batches_say_the_same_from_any_number(raw: list[tuple[int, str, str]], data: st.DataObject) -> None:
    events = _log(raw)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(events)), max_size=5)))
    sent: list[Event] = []
    for begin, end in zip([0, *cuts], [*cuts, len(events)], strict=True):
        sent += merge(events[begin:end])
    resumed_after = data.draw(st.sampled_from(sent)).seq if sent else 0
    seen = [e for e in sent if e.seq <= resumed_after]
    for target in range(3):
        assert _text(sent, target) == _text(events, target)
        assert _text(seen, target) + _text(events[resumed_after:], target) == _text(events, target)
    assert all(a.seq < b.seq for a, b in pairwise(sent))


@given(st.lists(st.text(min_size=1, max_size=3), max_size=20), st.data())
def test_a_watcher_may_start_anywhere_at_any_time(pieces: list[str], data: st.DataObject) -> None:
    first = data.draw(st.integers(1, len(pieces) + 1))
    before = data.draw(st.integers(0, len(pieces)))

    async def watch() -> list[Event]:
        log = EventLog()
        for piece in pieces[:before]:
            log.append(0, "text", piece)
        task = asyncio.create_task(_collect(log, first))
        for piece in pieces[before:]:
            await asyncio.sleep(0)
            log.append(0, "text", piece)
        log.append(-1, "end")
        return await task

    got = asyncio.run(watch())
    assert _text(got, 0) == "".join(pieces[first - 1 :])
    assert got[-1].type == "end"


async def _collect(log: EventLog, first: int) -> list[Event]:
    return [event async for batch in log.follow(first, gap=0) for event in batch]


async def _read(run: str, first: int) -> list[Event]:
    return [event async for batch in runs.watch(ANNA, run, first) for event in batch]


def test_a_stored_run_replays_as_it_was_from_every_number(desk: Desk) -> None:
    desk.models["m"] = ScriptedModel([Reasoning("r"), *words(5)[:-1], Notice("n"), Done()])
    run = runs.start(ANNA, "test", [Target("m", prompt)], {})
    live = asyncio.run(_read(run, 1))
    desk.engine.shut_down(5)
    desk.restart()
    for first in range(1, len(live) + 1):
        assert asyncio.run(_read(run, first)) == live[first - 1 :]
    assert asyncio.run(_read(run, 99))[-1].type == "end"


def test_a_run_of_a_dead_process_is_finished_as_interrupted(desk: Desk) -> None:
    """The store is left as a kill leaves it: a running row, half a log, a process that is gone."""
    model = desk.models["m"] = ScriptedModel(words(6), held=3)
    run = runs.start(ANNA, "test", [Target("m", prompt, context={"message": "x"})], {"conversation": "c"})
    assert model.reached.wait(5)
    dead = desk.engine
    asyncio.run_coroutine_threadsafe(dead._writer.flush(dead.find(run)), dead._loop).result(5)  # type: ignore[arg-type]
    collection("processes").update_one({"_id": dead.process}, {"$set": {"born": 1.0}})
    desk.restart()
    desk.engine._recovery.sweep()
    record, [outcome] = desk.kept[0]
    assert (record.status, outcome.status, outcome.text) == ("interrupted", "interrupted", "w0 w1 w2 ")
    assert record.context == {"conversation": "c"} and outcome.context == {"message": "x"}
    assert outcome.payload == {"messages": ["hello"], "stream": True}
    assert [e.type for e in asyncio.run(_read(run, 1))] == ["text"] * 3 + ["done", "end"]
    assert desk.engine._recovery.sweep() == 0
    assert collection("processes").find_one({"_id": dead.process}) is None
    dead.shut_down(0)


def test_a_run_whose_end_was_stored_but_not_handed_over_is_done(desk: Desk) -> None:
    desk.models["m"] = ScriptedModel(words(2))
    run = runs.start(ANNA, "test", [Target("m", prompt)], {})
    desk.wait(run)
    desk.engine.shut_down(5)
    desk.kept.clear()
    collection("runs").update_one({}, {"$set": {"status": "running"}})
    desk.restart()
    desk.engine._recovery.sweep()
    record, [outcome] = desk.kept[0]
    assert (record.status, outcome.status, outcome.text) == ("done", "done", "w0 w1 ")


def test_a_living_process_keeps_its_runs(desk: Desk) -> None:
    model = desk.models["m"] = ScriptedModel(words(3), held=1)
    run = runs.start(ANNA, "test", [Target("m", prompt)], {})
    assert model.reached.wait(5)
    first = desk.engine
    asyncio.run_coroutine_threadsafe(first._writer.flush(first.find(run)), first._loop).result(5)  # type: ignore[arg-type]
    desk.restart()
    assert desk.engine._recovery.sweep() == 0
    model.go()
    asyncio.run(_read(run, 1))
    first.shut_down(5)
    assert store.load(ANNA, run).status == "done"


def test_another_process_is_watched_and_cancelled_through_the_store(desk: Desk) -> None:
    model = desk.models["m"] = ScriptedModel(words(3), held=2)
    run = runs.start(ANNA, "test", [Target("m", prompt)], {})
    assert model.reached.wait(5)
    first = desk.engine
    asyncio.run_coroutine_threadsafe(first._writer.flush(first.find(run)), first._loop).result(5)  # type: ignore[arg-type]
    desk.restart()

    async def watch() -> list[Event]:
        seen: list[Event] = []
        async for batch in runs.watch(ANNA, run):
            seen += batch
            if len(seen) == 2:
                runs.cancel(ANNA, run)
        return seen

    assert [e.type for e in asyncio.run(watch())] == ["text", "text", "done", "end"]
    first.shut_down(5)


def test_old_logs_go_and_forgotten_runs_leave_no_word(desk: Desk) -> None:
    desk.models["m"] = ScriptedModel([Text("secret"), Done()])
    old = runs.start(ANNA, "test", [Target("m", prompt)], {})
    new = runs.start(ANNA, "test", [Target("m", prompt)], {})
    for run in (old, new):
        desk.wait(run)
    desk.engine.shut_down(5)
    desk.restart()
    past = collection("run_log").find_one({"run": store.ObjectId(old)})["at"] - 2 * store.LOG_KEPT  # type: ignore[index]
    collection("run_log").update_many({"run": store.ObjectId(old)}, {"$set": {"at": past}})
    assert store.purge() > 0
    assert [e.type for e in asyncio.run(_read(old, 1))] == ["end"]
    runs.forget(ANNA, [new])
    assert collection("run_log").count_documents({}) == 0
    assert runs.known(ANNA, [old, new]) == {old}


def test_large_events_are_spread_over_documents() -> None:
    events = [Event(i + 1, 0, "text", "x" * 1_500_000) for i in range(4)]
    rows = store.log_rows("0" * 24, events, [])
    assert len(rows) == 4
    assert [e for row in rows for e in unpack(row["first"], row["events"])] == events


def test_a_record_with_a_new_status_is_a_new_record(desk: Desk) -> None:
    desk.models["m"] = ScriptedModel(words(1))
    run = runs.start(ANNA, "test", [Target("m", prompt)], {})
    desk.wait(run)
    record = runs.get(ANNA, run)
    with pytest.raises(AttributeError):
        record.status = "error"  # type: ignore[misc]
    assert replace(record, status="error") != record
