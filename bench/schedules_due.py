"""A thousand schedules due at the same minute, a scheduler and two workers as processes, answers that are instant: how
late each begins, and whether each runs once."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from typing import Any

import psutil
from bson import ObjectId

from bench.evals import cpu_of, ground, wait_until
from bench.hub import ROOT
from bench.measure import percentile
from bench.result import Bar
from bench.tables import index_alone
from hub.settings import child_environment

SCHEDULES, WORKERS = 1_000, 2
LEAD_SECONDS = 15.0
"""Until they are due, so that the processes are up by then."""


def measure(repeats: int) -> tuple[tuple[Bar, ...], dict[str, Any]]:
    """`repeats`: minutes with a thousand each; the worst counts."""
    late: list[list[float]] = []
    ended: list[float] = []
    used: list[dict[str, float]] = []
    lost = double = 0
    with index_alone(), ground("--gap-ms", "0", "--first-ms", "0") as here, ExitStack() as running:
        names = ["worker"] * WORKERS + ["scheduler"]
        parts = [(name, running.enter_context(_process(name))) for name in names] + [("mongo", here.mongo)]
        _everybody_up()
        for _ in range(repeats):
            schedules, due = _fill(f"{here.connection}/fake")
            before = _used(parts)
            rows = _ended(schedules)
            used.append({name: round(now - before[name], 1) for name, now in _used(parts).items()})
            late.append(sorted((row["began_at"] - due).total_seconds() for row in rows if row.get("began_at")))
            ended.append(max((row["ended_at"] - due).total_seconds() for row in rows))
            missing, more = _wrong(schedules, rows)
            lost, double = lost + missing, double + more
    return (
        Bar("start delay p95", max(percentile(one, 0.95) for one in late), "s", 20),
        Bar("lost", lost, "", 0),
        Bar("double", double, "", 0),
    ), {
        "start delay p50, s": [round(percentile(one, 0.5), 2) for one in late],
        "start delay p95, s": [round(percentile(one, 0.95), 2) for one in late],
        "latest, s": [round(one[-1], 2) for one in late],
        "all ended after, s": [round(one, 1) for one in ended],
        "processor, s": used,
    }


def _used(parts: list[tuple[str, psutil.Process]]) -> dict[str, float]:
    """Seconds of processor by part, of all its processes."""
    whole = dict.fromkeys((name for name, _ in parts), 0.0)
    for name, process in parts:
        whole[name] += cpu_of(process)
    return whole


@contextmanager
def _process(name: str) -> Generator[psutil.Process]:
    command = [sys.executable, "-m", "hub", name]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=ROOT, env=child_environment(), stdout=quiet, stderr=quiet)
    try:
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(60)


def _everybody_up() -> None:
    from hub.db import beats
    from hub.jobs.look import worker_count

    wait_until(lambda: worker_count() == WORKERS and bool(beats.heard("scheduler")))


def _fill(model: str) -> tuple[list[ObjectId], datetime]:
    """A thousand schedules that are due at the same minute, soon."""
    from hub.db.mongo import collection, now
    from hub.db.who import OWNER
    from hub.schedules import manage, spec
    from hub.schedules.records import Spec
    from hub.schedules.when import plain, read

    due = (now() + timedelta(seconds=60 + LEAD_SECONDS)).replace(second=0, microsecond=0)
    when = read({"kind": "once", "zone": "UTC", "at": f"{due:%Y-%m-%dT%H:%M}"})
    wanted = Spec("Due", "Say hello.", model=model, when=when)
    one = manage.create(OWNER, wanted)
    row = collection("schedules").find_one_and_delete({"_id": ObjectId(one.id)})
    assert row is not None and row["when"] == plain(when) and spec.read(row) == wanted
    ids = [ObjectId() for _ in range(SCHEDULES)]
    collection("schedules").insert_many([{**row, "_id": one, "changed_at": now()} for one in ids], ordered=False)
    if (due - now()).total_seconds() < LEAD_SECONDS / 2:
        raise RuntimeError("they were due before they were all stored")
    return ids, due


def _ended(schedules: list[ObjectId]) -> list[dict[str, Any]]:
    """What became of them, once nothing of it waits or goes on."""
    from hub.db.mongo import collection

    mine = set(schedules)

    def going() -> bool:
        time.sleep(2)  # looking costs the store something
        open_ones = collection("occurrences").count_documents({"status": {"$in": ["queued", "running"]}})
        return collection("occurrences").count_documents({"schedule": schedules[0]}) == 0 or open_ones > 0

    wait_until(lambda: not going(), 900)
    return [one for one in collection("occurrences").find({}) if one["schedule"] in mine]


def _wrong(schedules: list[ObjectId], rows: list[dict[str, Any]]) -> tuple[int, int]:
    """Schedules without a result, and results, messages or answers too many."""
    from hub.db.mongo import collection

    done = Counter(one["schedule"] for one in rows if one["status"] == "done")
    lost = sum(done[one] == 0 for one in schedules)
    chats = [ObjectId(one["ids"]["conversation"]) for one in rows]
    said = Counter[tuple[ObjectId, str]]()
    for start in range(0, len(chats), 200):
        for one in collection("messages").find({"conversation": {"$in": chats[start : start + 200]}}):
            said[one["conversation"], one["role"]] += 1
            lost += one["role"] == "assistant" and one["status"] != "done"
    lost += sum(said[chat, role] == 0 for chat in chats for role in ("user", "assistant"))
    return lost, len(rows) - len(done) + sum(count - 1 for count in said.values())
