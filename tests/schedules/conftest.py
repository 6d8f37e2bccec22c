"""Schedules on real stores and a provider on loopback; the clock is handed in, jobs are done by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from hub import agents, notify
from hub.db import indexes
from hub.db.mongo import Document, collection
from hub.db.who import OWNER
from hub.jobs import queue as jobs_queue
from hub.models import connections
from hub.schedules import manage, store, work
from hub.schedules.records import Schedule, Spec
from hub.schedules.when import read
from tests.chat.conftest import engine, server, stored
from tests.fakes.openai_server import FakeServer

__all__ = ["engine", "server", "stored"]
MORNING = {"kind": "repeat", "zone": "UTC", "crons": ["0 9 * * *"]}


@pytest.fixture
def rooms(engine: None) -> None:
    """The indexes of what takes part, and the engine."""
    indexes.ensure([*store.INDEXES, *notify.INDEXES, *agents.INDEXES])
    agents.start()


@pytest.fixture
def model(rooms: None, server: FakeServer) -> str:
    """The beginning of model ids of the owner's connection to the provider."""
    made = connections.add(OWNER, "openai_compatible", name="Fake", key="k", base_url=server.url)
    return f"{made.id}/"


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """What was handed to the workers: the queue itself has tests of its own."""
    made: list[dict[str, Any]] = []

    def defer_many(name: str, items: Any, *, queue: Any = None) -> list[int | None]:
        if name.startswith("schedules."):  # titles, indexing and memory have tests of their own
            made.extend({"name": name, "lock": one.lock, "delay": one.delay, **one.args} for one in items)
        return [len(made)] * len(items)

    monkeypatch.setattr(jobs_queue, "defer_many", defer_many)
    yield made


Work = Callable[[], int]


@pytest.fixture
def do(queued: list[dict[str, Any]]) -> Work:
    """Does every job that is queued, and those that come of them; how many there were."""

    def all_of_them() -> int:
        count = 0
        while queued:
            job = queued.pop(0)
            count += 1
            {"schedules.run": work.run, "schedules.tell": work.tell, "schedules.gather": work.gathered}[job["name"]](
                **{name: one for name, one in job.items() if name not in ("name", "lock", "delay")}
            )
        return count

    return all_of_them


def made(model: str, prompt: str = "Say hello.", when: dict[str, Any] | None = MORNING, **more: Any) -> Schedule:
    """A schedule of the owner that asks the fake model."""
    name = more.pop("name", "Briefing")
    spec = Spec(name, prompt, model=more.pop("answers", f"{model}fake"), when=read(when) if when else None, **more)
    return manage.create(OWNER, spec)


def at(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def since(schedule: Schedule, text: str, upcoming: str) -> None:
    """Has a schedule be dealt with up to a moment, and wait for another."""
    from bson import ObjectId

    changes = {"after": at(text), "next_at": at(upcoming)}
    collection("schedules").update_one({"_id": ObjectId(schedule.id)}, {"$set": changes})


def rows(schedule: Schedule) -> list[Document]:
    """What became of a schedule, oldest first."""
    from bson import ObjectId

    found = collection("occurrences").find({"schedule": ObjectId(schedule.id)})
    return sorted(found, key=lambda one: one["due_at"])
