"""A real worker is killed in the middle of extraction, and another one ends its work."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest

from hub import chat, files, hooks, memory, runs
from hub.db import indexes
from hub.db.mongo import collection
from hub.db.postgres import connection
from hub.settings import settings
from hub.turns import Exchange
from tests.memory.conftest import ANNA, Teacher, add, texts

WORK = """
import os, signal, sys
from hub.jobs import worker
from hub.memory import jobs, store
import asyncio
def die(*_, **__): os.kill(os.getpid(), signal.SIGKILL)
where = sys.argv[1]
if where: setattr(store, where, die)
async def once():
    from hub.db import postgres
    async with worker.build(postgres.url()).open_async() as app:
        await app.manager.start_stalled(0)
        await app.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)
asyncio.run(once())
"""


def work(where: str = "") -> int:
    """A worker in a process of its own, which kills itself at the first call of `store.<where>`."""
    given = settings()
    environment = {
        **os.environ,
        "HUB_MONGO_URL": given.mongo_url or "",
        "HUB_MONGO_DATABASE": given.mongo_database,
        "HUB_POSTGRES_URL": given.postgres_url or "",
        "HUB_DATA": str(given.data),
    }
    return subprocess.run([sys.executable, "-c", WORK, where], env=environment, timeout=100, check=False).returncode


@pytest.fixture
def asked(teacher: Teacher) -> Exchange:
    """An exchange in a stored chat that a job is to learn from."""
    indexes.ensure([*chat.INDEXES, *files.INDEXES, *runs.INDEXES])
    home = chat.create(ANNA, title="A chat")
    first = chat.add_message(ANNA, home.id, "user", "I live in Berlin and have two cats.")
    last = chat.add_message(ANNA, home.id, "assistant", "Lovely.", parent=first)
    collection("messages").update_many({"role": "assistant"}, {"$set": {"model": teacher.model}})
    found = hooks.exchange(ANNA, last)
    assert found is not None
    hooks.exchange_settled(found)
    hooks.exchange_settled(found)
    operations = [add("The user lives in Berlin.", "I live in Berlin"), add("The user has two cats.", "have two cats")]
    teacher.server.says = [json.dumps({"operations": operations})] * 3
    return found


def jobs() -> list[tuple[str, str]]:
    with connection() as database:
        return database.execute(
            "SELECT task_name, status::text FROM procrastinate_jobs WHERE task_name LIKE 'memory%'"
        ).fetchall()  # pyright: ignore


@pytest.mark.parametrize("where", ["spend", "mark", "insert_event", "put_row", "write", "change_scope", "unmark"])
def test_a_worker_killed_in_extraction_loses_and_doubles_nothing(asked: Exchange, where: str) -> None:
    assert jobs() == [("memory.extract", "todo")]
    assert work(where) == -signal.SIGKILL
    with connection() as database:
        database.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
    assert work() == 0
    assert sorted(texts()) == ["The user has two cats.", "The user lives in Berlin."]
    events = memory.events(ANNA)
    assert [(event.op, event.actor) for event in events] == [("add", "automatic")] * 2
    assert {source.message for fact in memory.facts(ANNA).facts for source in fact.sources} == {asked.asked.message}
    assert memory.extractions(ANNA)[0].state == "done"
    assert memory.recall_preview(ANNA, "", "Where do I live?").items
    assert collection("memory_unsettled").count_documents({}) == 0
