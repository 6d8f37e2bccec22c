"""A run from start to end: events, what is kept, errors, cancelling, shutting down."""

from __future__ import annotations

import asyncio
import threading

import pytest

from hub import runs
from hub.errors import BadInput, HubError, NotFound, StoreDown
from hub.models.types import Done, Image, Notice, Reasoning, Text, ToolCall, Usage
from hub.runs import store
from hub.runs.records import Event, Target
from tests.runs.conftest import ANNA, BERT, Desk
from tests.runs.models import ScriptedModel, prompt, words


async def read(run: str, first: int = 1) -> list[Event]:
    """All events from `first` to the end."""
    return [event async for batch in runs.watch(ANNA, run, first) for event in batch]


def start(*models: str) -> str:
    return runs.start(ANNA, "test", [Target(m, prompt, context={"message": m}) for m in models], {"conversation": "c"})


def test_everything_a_model_says_is_published_and_kept(desk: Desk) -> None:
    said = [
        Reasoning("hm"),
        Text("Hel"),
        Text("lo"),
        ToolCall(0, id="a", name="look"),
        ToolCall(0, arguments='{"x":1}', done=True),
        Image("image/png", b"\x89PNG"),
        Notice("left out"),
        Usage(3, 4, cost=0.5),
        Done("stop"),
    ]
    desk.models["m"] = ScriptedModel(said)
    run = start("m")
    events = asyncio.run(read(run))
    assert [e.type for e in events] == [
        "reasoning", "text", "text", "tool_call", "tool_call", "image", "notice", "usage", "step", "done", "end",
    ]  # fmt: skip
    assert [e.seq for e in events] == list(range(1, 12))
    record, [outcome] = desk.kept[0]
    assert record.status == "done" and record.context == {"conversation": "c"}
    assert (outcome.text, outcome.reasoning, outcome.status) == ("Hello", "hm", "done")
    assert outcome.context == {"message": "m"}
    assert outcome.tool_calls[0].name == "look" and outcome.tool_calls[0].arguments == '{"x":1}'
    assert outcome.images == (Image("image/png", b"\x89PNG"),)
    assert outcome.usage == Usage(3, 4, cost=0.5)
    assert outcome.notices == ("left out",)
    assert outcome.payload == {"messages": ["hello"], "stream": True}
    assert outcome.timing.first_token_ms is not None and outcome.reasoning_ms is not None
    assert desk.kept_targets == [outcome]


def test_the_end_comes_after_the_room_has_kept_it(desk: Desk) -> None:
    desk.models["m"] = ScriptedModel(words(2))
    hold = threading.Event()
    desk.trouble = lambda: hold.wait(5) and None
    run = start("m")

    async def watch() -> None:
        async for batch in runs.watch(ANNA, run):
            if batch[-1].type == "done":
                assert not desk.kept
                hold.set()
            if batch[-1].type == "end":
                assert desk.kept

    asyncio.run(watch())


def test_a_failing_target_does_not_touch_the_others(desk: Desk) -> None:
    desk.models["good"] = ScriptedModel(words(3))
    desk.models["bad"] = ScriptedModel([Text("so far"), HubError("It broke.", hint="Try again.", kind="broken")])
    desk.models["bug"] = ScriptedModel([ValueError("oops")])
    run = start("good", "bad", "bug")
    good, bad, bug = desk.wait(run)
    assert (good.status, good.text) == ("done", "w0 w1 w2 ")
    assert (bad.status, bad.text) == ("error", "so far")
    assert bad.error == {"kind": "broken", "message": "It broke.", "hint": "Try again."}
    assert bug.error is not None and bug.error["kind"] == "internal"
    assert runs.get(ANNA, run).status == "done"


def test_an_error_while_preparing_is_the_targets_error(desk: Desk) -> None:
    def prepare() -> object:
        raise NotFound("There is no such conversation.")

    run = runs.start(ANNA, "test", [Target("m", prepare)], {})  # type: ignore[arg-type]
    [outcome] = desk.wait(run)
    assert outcome.status == "error" and outcome.error and outcome.error["kind"] == "not_found"


def test_cancelling_keeps_the_text_and_closes_the_connection(desk: Desk) -> None:
    model = desk.models["m"] = ScriptedModel(words(9), held=4)
    run = start("m")
    assert model.reached.wait(5)
    runs.cancel(ANNA, run)
    [outcome] = desk.wait(run)
    assert (outcome.status, outcome.text) == ("cancelled", "w0 w1 w2 w3 ")
    assert model.closed.is_set()
    assert runs.get(ANNA, run).status == "cancelled"


def test_cancelling_at_once_ends_it_too(desk: Desk) -> None:
    desk.models["m"] = ScriptedModel(words(3), held=0)
    run = start("m")
    runs.cancel(ANNA, run)
    [outcome] = desk.wait(run)
    assert outcome.status == "cancelled"


def test_another_person_sees_no_run(desk: Desk) -> None:
    desk.models["m"] = ScriptedModel(words(1))
    run = start("m")
    desk.wait(run)

    async def peek() -> None:
        async for _ in runs.watch(BERT, run):
            raise AssertionError

    for act in (runs.get, runs.cancel):
        with pytest.raises(NotFound):
            act(BERT, run)
    with pytest.raises(NotFound):
        asyncio.run(peek())
    assert runs.known(BERT, [run]) == set()
    assert runs.known(ANNA, [run, "0" * 24]) == {run}


def test_a_store_that_is_away_delays_saving_and_says_so(desk: Desk) -> None:
    desk.models["m"] = ScriptedModel(words(2))
    tries: list[int] = []

    def away_once() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise StoreDown("The database does not answer.")

    desk.trouble = away_once
    run = start("m")
    events = asyncio.run(read(run))
    assert [e.data.get("saving") for e in events if e.type == "notice"] == ["delayed", "done"]
    assert len(desk.kept) == 1
    assert events[-1].type == "end"


def test_a_room_that_cannot_keep_it_is_shown(desk: Desk) -> None:
    def broken() -> None:
        raise ValueError("bug")

    desk.models["m"] = ScriptedModel(words(1))
    desk.trouble = broken
    events = asyncio.run(read(start("m")))
    assert [e.data["message"] for e in events if e.type == "error"] == ["The answer could not be saved."]


def test_shutting_down_stops_what_does_not_end(desk: Desk) -> None:
    model = desk.models["m"] = ScriptedModel(words(9), held=2)
    run = start("m")
    assert model.reached.wait(5)
    desk.engine.shut_down(0.05)
    record, [outcome] = desk.kept[0]
    assert (record.status, outcome.status, outcome.text) == ("interrupted", "interrupted", "w0 w1 ")
    assert store.load(ANNA, run).status == "interrupted"


def test_shutting_down_takes_no_new_runs(desk: Desk) -> None:
    desk.engine.shut_down(0)
    with pytest.raises(HubError, match="shutting down"):
        start("m")


def test_a_run_needs_a_model(desk: Desk) -> None:
    with pytest.raises(BadInput):
        runs.start(ANNA, "test", [], {})


def test_the_finished_hook_comes_last(desk: Desk) -> None:
    desk.models["m"] = ScriptedModel(words(1))
    run = start("m")
    desk.wait(run)
    desk.engine.shut_down(5)
    assert [record.id for record in desk.finished] == [run]


def test_half_a_character_does_no_harm(desk: Desk) -> None:
    desk.models["m"] = ScriptedModel([Text("a\ud83d"), Text("\x00b é"), Done()])
    run = start("m")
    [outcome] = desk.wait(run)
    assert outcome.text == "a?\x00b é"
