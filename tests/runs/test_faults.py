"""The store dies in the middle of an answer and comes back: nothing is lost, and those who watch are told."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub import runs
from hub.db.embedded import EmbeddedMongo
from hub.runs import store
from hub.runs.records import Event, Target
from tests.conftest import Configure
from tests.runs.conftest import ANNA, Desk
from tests.runs.models import ScriptedModel, prompt, words


class Mortal:
    """A store of one test's own, which may be killed and started again (from the test's thread: it dies with that)."""

    def __init__(self, folder: Path) -> None:
        self._server = EmbeddedMongo(folder, durable=True, auth=False)
        self._server.prepare()
        self.url = self._server.url
        self._process: subprocess.Popen[bytes]

    def start(self) -> None:
        self._process = self._server.spawn()

    def wait(self) -> None:
        self._server.wait(self._process)

    def freeze(self, seconds: float) -> None:
        """Stops it in the middle of whatever it does; it goes on by itself."""
        self._process.send_signal(signal.SIGSTOP)
        threading.Timer(seconds, self._process.send_signal, [signal.SIGCONT]).start()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


@pytest.fixture
def mongo(tmp_path: Path, data_dir: Path, configure: Configure) -> Iterator[Mortal]:
    """Stands in for the shared store, so that `desk` uses it too."""
    mongo = Mortal(tmp_path / "mongo")
    configure(mongo_url=mongo.url, mongo_database="faults", store_timeout=2)
    mongo.start()
    mongo.wait()
    yield mongo
    mongo.kill()


def test_a_killed_store_delays_saving_and_loses_nothing(mongo: Mortal, desk: Desk) -> None:
    model = desk.models["m"] = ScriptedModel(words(40), held=20)
    run = runs.start(ANNA, "test", [Target("m", prompt)], {})
    assert model.reached.wait(5)
    live = desk.engine.find(run)
    assert live is not None
    asyncio.run_coroutine_threadsafe(desk.engine._writer.flush(live), desk.engine._loop).result(20)
    mongo.kill()
    model.go()
    seen: list[Event] = []
    dead = [True]

    async def watch() -> None:
        async for batch in runs.watch(ANNA, run):
            seen.extend(batch)
            if dead and any(e.data.get("saving") == "delayed" for e in batch):
                dead.clear()
                mongo.start()

    asyncio.run(asyncio.wait_for(watch(), 90))
    said = "".join(e.text for e in seen if e.type == "text")
    assert said == "".join(f"w{i} " for i in range(40))
    told = [e.data["saving"] for e in seen if e.type == "notice"]
    assert told[0] == "delayed" and told[-1] == "done"
    assert seen[-1].type == "end" and desk.kept[0][1][0].text == said
    mongo.wait()
    desk.engine.shut_down(10)
    assert store.load(ANNA, run).status == "done"
    assert store.read_log(run, 1) == seen


def test_a_store_that_freezes_for_some_seconds_loses_nothing(mongo: Mortal, desk: Desk) -> None:
    model = desk.models["m"] = ScriptedModel(words(40), held=20)
    run = runs.start(ANNA, "test", [Target("m", prompt)], {})
    assert model.reached.wait(5)
    mongo.freeze(5)
    model.go()
    seen: list[Event] = []

    async def watch() -> None:
        async for batch in runs.watch(ANNA, run):
            seen.extend(batch)

    asyncio.run(asyncio.wait_for(watch(), 60))
    said = "".join(e.text for e in seen if e.type == "text")
    assert said == "".join(f"w{i} " for i in range(40)) and seen[-1].type == "end"
    desk.engine.shut_down(10)
    assert store.load(ANNA, run).status == "done"
    assert store.read_log(run, 1) == seen
