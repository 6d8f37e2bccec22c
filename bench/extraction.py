"""What a real model keeps of twenty written conversations: precision and recall as they are, with the failures.

The conversations (`tests/memory/conversations.json`) hold facts, changes of mind, jokes, hypotheticals, other people's
facts, negations, relative dates and attempts to plant something through a document. What is expected is written as
patterns on the text of a fact; what is right but need not be kept counts neither way.
"""

from __future__ import annotations

import json
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bson import ObjectId

from bench.result import Bar
from hub import hooks, memory
from hub.db import indexes, postgres
from hub.db.embedded import EmbeddedMongo, EmbeddedPostgres
from hub.db.migrations import postgres as migrations
from hub.db.who import Who
from hub.memory import extract
from hub.models import catalogue, connections
from hub.models.blocking import wait_for
from hub.settings import override
from hub.turns import Exchange, Said

CONVERSATIONS = Path(__file__).parent.parent / "tests" / "memory" / "conversations.json"


@dataclass
class Rooms:
    """Stands for the room of conversations."""

    exchanges: dict[str, Exchange] = field(default_factory=dict)

    @hooks.implementation
    def exchange(self, who: Who, answer: str) -> Exchange | None:
        return self.exchanges.get(answer)


@dataclass
class Tally:
    """Right and wrong facts, found and missed expectations, and what went wrong in words."""

    right: int = 0
    wrong: int = 0
    found: int = 0
    expected: int = 0
    failures: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)


def measure(repeats: int, data: str = "", url: str = "") -> tuple[tuple[Bar, ...], dict[str, Any]]:
    """Asks the first model at `url` (an OpenAI-compatible server); `data` names other conversations."""
    if not url:
        raise SystemExit("This benchmark needs --url URL: an OpenAI-compatible server with a model.")
    conversations = json.loads(Path(data or CONVERSATIONS).read_text())
    tally, rooms, began = Tally(), Rooms(), time.monotonic()
    with stores():
        hooks.plugins().register(rooms, "rooms of the benchmark")
        for number, conversation in enumerate(conversations):
            who = Who(f"person{number}", "Person")
            model = _model(who, url)
            _tell(who, model, conversation, rooms)
            _judge(who, conversation, tally)
    precision = 100 * tally.right / max(tally.right + tally.wrong, 1)
    recall = 100 * tally.found / max(tally.expected, 1)
    detail = {
        "model": model.partition("/")[2],
        "conversations": len(conversations),
        "seconds": round(time.monotonic() - began, 1),
        "right": tally.right,
        "wrong": tally.wrong,
        "found": tally.found,
        "expected": tally.expected,
        "failures": tally.failures,
        "refusals": tally.refusals,
    }
    return (Bar("precision", precision, "%", 0, least=True), Bar("recall", recall, "%", 0, least=True)), detail


@contextmanager
def stores() -> Iterator[None]:
    """Embedded stores of the benchmark's own, with what memory needs."""
    with tempfile.TemporaryDirectory() as folder:
        stores = (
            EmbeddedMongo(Path(folder) / "m", durable=False, auth=False),
            EmbeddedPostgres(Path(folder) / "p", durable=False),
        )
        running = []
        try:
            for store in stores:
                store.prepare()
                running.append((store, store.spawn()))
                store.wait(running[-1][1])
            (Path(folder) / "data").mkdir()
            override(
                data=Path(folder) / "data", mongo_url=stores[0].url, postgres_url=stores[1].url, discover_local=False
            )
            migrations.apply()
            indexes.ensure([*memory.INDEXES, *catalogue.INDEXES, *connections.INDEXES])
            yield
        finally:
            postgres.close()
            for store, process in running:
                process.kill()
                store.stop(process)


def _model(who: Who, url: str) -> str:
    made = connections.add(who, "openai_compatible", name="Local", key="k", base_url=url)
    wait_for(catalogue.refresh(who, made))
    return next(info.id for info in catalogue.models(who) if info.connection == made.id)


def _tell(who: Who, model: str, conversation: dict[str, Any], rooms: Rooms) -> None:
    at, name = datetime.fromisoformat(conversation["at"]), str(ObjectId())
    before: list[Said] = []
    for turn in conversation["turns"]:
        asked = Said(str(ObjectId()), "user", turn["user"], at)
        answered = Said(str(ObjectId()), "assistant", turn["assistant"], at + timedelta(seconds=9), model)
        rooms.exchanges[answered.message] = Exchange(who, name, "", "", False, asked, answered, tuple(before))
        extract.extract(who, answered.message)
        before += [asked, answered]
        at += timedelta(minutes=5)


def _judge(who: Who, conversation: dict[str, Any], tally: Tally) -> None:
    name = conversation["id"]
    live = [fact.text for fact in memory.facts(who).facts]
    expected, also = conversation["facts"], conversation.get("also", [])
    for text in live:
        wrong = any(_fits(text, one) for one in conversation.get("gone", []))
        if not wrong and any(_fits(text, one) for one in (*expected, *also)):
            tally.right += 1
        else:
            tally.wrong += 1
            tally.failures.append(f"{name}: kept {text!r}")
    for one in expected:
        hits = sum(_fits(text, one) for text in live)
        tally.expected += 1
        tally.found += hits > 0
        if not hits:
            tally.failures.append(f"{name}: missed {' & '.join(one['all'])}")
        if one.get("once") and hits > 1:
            tally.failures.append(f"{name}: kept {hits} times {' & '.join(one['all'])}")
    for noted in memory.extractions(who):
        if noted.state in {"skipped", "failed"}:
            tally.failures.append(f"{name}: {noted.said[:160]}")
        tally.refusals += [f"{name}: {one.code}: {one.text}" for one in noted.refusals]


def _fits(text: str, wanted: dict[str, Any]) -> bool:
    return all(re.search(one, text, re.IGNORECASE) for one in wanted["all"]) and not any(
        re.search(one, text, re.IGNORECASE) for one in wanted.get("none", [])
    )
