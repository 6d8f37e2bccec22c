"""50 runs at once, 50 tokens/s each: is any text late, and how many cores does the hub take."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx
import psutil

from bench.hub import Hub, connect, hub, provider
from bench.measure import Watched, bare, percentile, through_hub
from bench.result import Bar

RUNS, GAP_MS, TOKENS = 50, 20, 500


def measure(repeats: int) -> tuple[tuple[Bar, ...], dict[str, Any]]:
    """Lateness of a piece = its arrival less the time at which the fake was due to send it, over the whole answer."""
    late: list[float] = []
    plain: list[float] = []
    cores: list[float] = []
    per_chunk: list[float] = []
    with provider("--gap-ms", str(GAP_MS), "--tokens", str(TOKENS)) as base_url, hub() as running:
        model = connect(base_url)
        for _ in range(repeats):
            direct, stored, used, elapsed = asyncio.run(_round(running, base_url, model))
            plain += lateness(direct)
            late += lateness(stored)
            cores.append(used / elapsed)
            per_chunk.append(used / (RUNS * TOKENS) * 1000)
    return (
        Bar("added lateness p95", percentile(late, 0.95) - percentile(plain, 0.95), "ms", 2.0 * GAP_MS),
        Bar("web cores", percentile(cores, 0.5), "cores", 1.2),
        Bar("CPU per 1,000 chunks", percentile(per_chunk, 0.5), "s", 0.8),
    ), {
        "lateness p95 ms": round(percentile(late, 0.95), 2),
        "bare lateness p95 ms": round(percentile(plain, 0.95), 2),
        "gap ms": GAP_MS,
    }


def lateness(watched: list[Watched]) -> list[float]:
    """How much later than due each token came, in ms: token n is due n gaps after the first one."""
    late: list[float] = []
    for seen in watched:
        if seen.error:
            raise RuntimeError(seen.error)
        tokens = 0
        for arrival, text in zip(seen.arrivals, seen.texts, strict=True):
            due = seen.first + tokens * GAP_MS / 1000
            pieces = max(1, len(text.split(" ")) - 1)
            late += [max(0.0, (arrival - due - n * GAP_MS / 1000) * 1000) for n in range(pieces)]
            tokens += pieces
    return late


async def _round(running: Hub, base_url: str, model: str) -> tuple[list[Watched], list[Watched], float, float]:
    limits = httpx.Limits(max_connections=2 * RUNS)
    async with httpx.AsyncClient(timeout=120, limits=limits) as client:
        direct = await asyncio.gather(*(bare(client, base_url) for _ in range(RUNS)))
    async with httpx.AsyncClient(timeout=120, limits=limits) as client:
        web = running.web()
        before, began = cpu_seconds(web), time.perf_counter()
        stored = await asyncio.gather(*(through_hub(client, running.url, model) for _ in range(RUNS)))
        return direct, stored, cpu_seconds(web) - before, time.perf_counter() - began


def cpu_seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system
