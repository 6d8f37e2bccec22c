"""Added time to the first event: SSE watcher against the bare provider, one user."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from bench.hub import connect, hub, provider
from bench.measure import bare, percentile, through_hub
from bench.result import Bar


def measure(repeats: int) -> tuple[tuple[Bar, ...], dict[str, Any]]:
    """Pairs of one bare and one stored answer, in turn; the difference of each pair counts."""
    with provider("--gap-ms", "5", "--tokens", "5") as base_url, hub() as running:
        model = connect(base_url)
        added, bare_first = asyncio.run(_pairs(running.url, base_url, model, repeats))
    return (
        Bar("added p50", percentile(added, 0.5), "ms", 40),
        Bar("added p95", percentile(added, 0.95), "ms", 90),
    ), {"bare first event p50 ms": round(percentile(bare_first, 0.5), 2)}


async def _pairs(url: str, base_url: str, model: str, repeats: int) -> tuple[list[float], list[float]]:
    added: list[float] = []
    first: list[float] = []
    async with httpx.AsyncClient(timeout=60) as client:
        for turn in range(repeats + 2):
            plain = await bare(client, base_url)
            ours = await through_hub(client, url, model)
            if ours.error:
                raise RuntimeError(ours.error)
            if turn >= 2:  # the first two warm connections and imports
                added.append((ours.first - plain.first) * 1000)
                first.append(plain.first * 1000)
    return added, first
