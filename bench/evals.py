"""Runs for benchmarks: stores of their own, a provider in a process of its own, and what both of them count."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

from bench.hub import ROOT, provider
from hub.settings import child_environment, override


@dataclass
class Ground:
    """Stores and provider. `model("fake?most=5")` is the id of a model."""

    provider: str
    connection: str
    mongo: psutil.Process
    store_cpu: float = 0.0
    cpu: float = 0.0
    seconds: float = 0.0
    counted: dict[str, Any] = field(default_factory=dict[str, Any])

    def plan(self, rows: int, *models: str, **more: Any) -> str:
        """A run of `rows` questions to models of the provider, that nobody works on yet."""
        return planned(rows, *(f"{self.connection}/{name}" for name in models), **more)

    def work(self, run_id: str) -> None:
        """Works on a run here, measuring; `counted` is what the provider has counted meanwhile."""
        from hub.db.who import OWNER
        from hub.evals.work import run_slice

        self.count()
        store, cpu, began = cpu_of(self.mongo), time.process_time(), time.perf_counter()
        run_slice(OWNER, run_id)
        self.seconds, self.cpu = time.perf_counter() - began, time.process_time() - cpu
        self.store_cpu = cpu_of(self.mongo) - store
        self.counted = self.count()

    def count(self) -> dict[str, Any]:
        """What the provider has counted since it was asked last."""
        return httpx.get(f"{self.provider.removesuffix('/v1')}/counters").json()


def planned(rows: int, *models: str, **more: Any) -> str:
    """A run of `rows` questions to models by their ids, that nobody works on yet."""
    from hub import evals
    from hub.db.who import OWNER
    from hub.evals.plan import begin
    from hub.evals.records import Asked, Row, RunRequest, SetDraft

    content = tuple(Row(f"r{number}", (f"Question {number} of the benchmark?",)) for number in range(rows))
    made = evals.create_set(OWNER, SetDraft(f"Bench {time.time()}", content))
    return begin(OWNER, RunRequest(made.id, tuple(map(Asked, models)), unpriced=True, cache=False, **more))


def spawn(run_id: str) -> subprocess.Popen[bytes]:
    """A worker of its own on a run, on the same stores."""
    command = [sys.executable, "-m", "tests.evals.slice_process", "owner", run_id]
    return subprocess.Popen(command, env=child_environment(), cwd=ROOT)


def wait_until(holds: Callable[[], bool], seconds: float = 120.0) -> None:
    """Looks until it holds."""
    limit = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > limit:
            raise RuntimeError("it never came to that")
        time.sleep(0.02)


@contextmanager
def ground(*arguments: str) -> Generator[Ground]:
    """Embedded stores as `hub up` starts them, and the provider with `arguments`."""
    from hub.cli.migrate import migrate_mongo
    from hub.db.embedded import EmbeddedMongo
    from hub.db.who import OWNER
    from hub.models import connections

    with tempfile.TemporaryDirectory(prefix="hub-bench-") as scratch, provider(*arguments) as url:
        override(data=Path(scratch))
        store = EmbeddedMongo(Path(scratch) / "mongo")
        store.prepare()
        process = store.spawn()
        try:
            store.wait(process)
            override(mongo_url=store.url)
            migrate_mongo()
            made = connections.add(OWNER, "openai_compatible", name="Bench", key="bench-key", base_url=url)
            yield Ground(url, made.id, psutil.Process(process.pid))
        finally:
            store.stop(process)


def cpu_of(process: psutil.Process) -> float:
    """Seconds of processor of a process and its children."""
    times = [one.cpu_times() for one in (process, *process.children(recursive=True))]
    return sum(one.user + one.system for one in times)
