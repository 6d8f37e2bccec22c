"""Several models in one run: one is stopped alone, a slow one holds up nobody, a veiled one gives nothing away."""

from __future__ import annotations

import asyncio
from collections import Counter
from threading import Event, Lock

import pytest

from hub import runs
from hub.db.mongo import collection
from hub.errors import BadInput
from hub.models.types import ChatRequest, Done, Notice, Text, Usage
from hub.runs import store
from hub.runs.records import Target
from tests.runs.conftest import ANNA, Desk
from tests.runs.models import ScriptedModel, prompt, words


def statuses(desk: Desk, run: str) -> list[str]:
    return [outcome.status for outcome in desk.wait(run)]


def test_one_model_is_stopped_and_the_others_go_on(desk: Desk) -> None:
    held = [ScriptedModel(words(4), held=2) for _ in range(3)]
    desk.models |= {f"m{place}": model for place, model in enumerate(held)}
    run = runs.start(ANNA, "test", [Target(f"m{place}", prompt) for place in range(3)], {})
    assert all(model.reached.wait(5) for model in held)
    runs.cancel(ANNA, run, 1)
    assert held[1].closed.wait(5)
    assert not held[0].closed.is_set() and not held[2].closed.is_set()
    runs.cancel(ANNA, run, 1)
    held[0].go()
    held[2].go()
    assert statuses(desk, run) == ["done", "cancelled", "done"]
    assert [outcome.text for outcome in desk.wait(run)] == ["w0 w1 w2 w3 ", "w0 w1 ", "w0 w1 w2 w3 "]
    assert runs.get(ANNA, run).status == "done"
    for number in (-1, 3):
        with pytest.raises(BadInput):
            runs.cancel(ANNA, run, number)


def test_one_model_is_stopped_before_its_first_step(desk: Desk) -> None:
    desk.models |= {"a": ScriptedModel(words(2)), "b": ScriptedModel(words(2))}
    run = runs.start(ANNA, "test", [Target("a", prompt), Target("b", prompt)], {})
    runs.cancel(ANNA, run, 0)
    assert statuses(desk, run)[1] == "done"


def test_one_model_is_stopped_from_another_process(desk: Desk) -> None:
    held = [ScriptedModel(words(4), held=2) for _ in range(2)]
    desk.models |= {"a": held[0], "b": held[1]}
    run = runs.start(ANNA, "test", [Target("a", prompt), Target("b", prompt)], {})
    assert all(model.reached.wait(5) for model in held)
    engine = desk.engine
    asyncio.run_coroutine_threadsafe(engine._writer.flush(engine.find(run)), engine._loop).result(5)  # type: ignore[arg-type]
    store.ask_cancel(engine.process, run, 1)
    assert held[1].closed.wait(10)
    assert not held[0].closed.is_set()
    held[0].go()
    assert statuses(desk, run) == ["done", "cancelled"]
    assert (collection("processes").find_one({"_id": desk.engine.process}) or {}).get("cancels") == []


def test_slow_preparation_holds_up_nobody(desk: Desk) -> None:
    free, begun, lock = Event(), Counter[str](), Lock()

    def slow() -> ChatRequest:
        with lock:
            begun["slow"] += 1
        assert free.wait(20)
        return prompt()

    desk.models |= {"slow": ScriptedModel(words(1)), "quick": ScriptedModel(words(1))}
    stuck = runs.start(ANNA, "test", [Target("slow", slow) for _ in range(24)], {})
    quick = runs.start(ANNA, "test", [Target("quick", prompt) for _ in range(24)], {})
    assert statuses(desk, quick) == ["done"] * 24
    assert begun["slow"] == 24
    free.set()
    assert statuses(desk, stuck) == ["done"] * 24


def test_few_prepare_at_once_as_long_as_they_are_quick(desk: Desk) -> None:
    now, most, lock = 0, 0, Lock()
    pause = Event()

    def prepare() -> ChatRequest:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        pause.wait(0.005)
        with lock:
            now -= 1
        return prompt()

    desk.models["m"] = ScriptedModel(words(1))
    run = runs.start(ANNA, "test", [Target("m", prepare) for _ in range(24)], {})
    assert statuses(desk, run) == ["done"] * 24
    assert most <= 3


def test_a_veiled_model_gives_nothing_away(desk: Desk) -> None:
    desk.models |= {
        "secret": ScriptedModel([Text("Hi"), Notice("secret says"), Usage(3, 7), Done("stop")]),
        "broken": ScriptedModel([ValueError("secret failed")]),
        "open": ScriptedModel([Text("Yo"), Notice("told"), Usage(3, 7), Done("stop")]),
    }
    hidden = [Target(name, prompt, "Model A", veiled=True) for name in ("secret", "broken")]
    run = runs.start(ANNA, "test", [*hidden, Target("open", prompt, "Open")], {})
    assert statuses(desk, run) == ["done", "error", "done"]

    async def read() -> list[dict[str, object]]:
        return [event.wire() async for batch in runs.watch(ANNA, run) for event in batch]

    live = asyncio.run(read())
    desk.engine.shut_down(5)
    desk.restart()
    assert asyncio.run(read()) == live
    assert "secret" not in repr(live) and "ValueError" not in repr(live)
    told = [(event["target"], event["type"]) for event in live]
    assert (0, "usage") not in told and (2, "usage") in told and (2, "notice") in told
    [done] = [event for event in live if (event["target"], event["type"]) == (0, "done")]
    assert "total_ms" not in done and done["status"] == "done"
    assert [target.veiled for target in runs.get(ANNA, run).targets] == [True, True, False]
    assert desk.kept[0][1][0].usage == Usage(3, 7)
