"""From queueing a job to its first line, on an idle worker in a process of its own; and queueing a thousand at once."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from typing import Any

from bench.hub import ROOT
from bench.measure import percentile
from bench.result import Bar
from bench.tables import index_alone
from hub.jobs import defer, defer_many
from hub.jobs.queue import Item
from hub.jobs.tasks import Queue

AT_ONCE = 1_000
IDLE_SECONDS = 0.1


def measure(repeats: int) -> tuple[tuple[Bar, ...], dict[str, Any]]:
    """`repeats`: jobs of each kind, plain and async, one after another."""
    with (
        index_alone(),
        subprocess.Popen([sys.executable, "-m", "bench.jobs_worker"], cwd=ROOT, stdout=subprocess.PIPE) as process,
    ):
        try:
            _start(process, "bench.plain", "followups")  # waits until the worker is up, and warms its connections
            _start(process, "bench.async", "agents")
            plain = [_start(process, "bench.plain", "followups") for _ in range(repeats)]
            agents = [_start(process, "bench.async", "agents") for _ in range(repeats)]
            began = time.perf_counter()
            defer_many("bench.plain", [Item(once=f"n {n}", lock=f"l {n}", delay=3600) for n in range(AT_ONCE)])
            many = time.perf_counter() - began
        finally:
            process.terminate()
    everything = plain + agents
    return (Bar("start p95", percentile(everything, 0.95), "ms", 100),), {
        "start p50 ms": round(percentile(everything, 0.5), 1),
        "plain p95 ms": round(percentile(plain, 0.95), 1),
        "async p95 ms": round(percentile(agents, 0.95), 1),
        "worst ms": round(max(everything), 1),
        f"queueing {AT_ONCE} ms": round(many * 1000),
    }


def _start(process: subprocess.Popen[bytes], name: str, queue: Queue) -> float:
    """Milliseconds until the job began."""
    time.sleep(IDLE_SECONDS)  # an idle worker is what is asked about
    began = time.time_ns()
    defer(name, queue=queue)
    assert process.stdout is not None
    if not select.select([process.stdout], [], [], 60)[0]:
        raise RuntimeError("the worker does not work")
    return (int(os.read(process.stdout.fileno(), 64)) - began) / 1e6
