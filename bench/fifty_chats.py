"""50 chats started in the same second, each a new stored conversation."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from bench.hub import connect, hub, provider
from bench.measure import Watched, bare, percentile, through_hub
from bench.result import Bar

CHATS = 50


def measure(repeats: int) -> tuple[tuple[Bar, ...], dict[str, Any]]:
    """Rounds of 50 bare requests at once and 50 through the hub at once; added = difference of their percentiles."""
    with provider("--gap-ms", "20", "--tokens", "20") as base_url, hub() as running:
        model = connect(base_url)
        ours, plain, failed = asyncio.run(_rounds(running.url, base_url, model, repeats))
    return (
        Bar("added p50", percentile(ours, 0.5) - percentile(plain, 0.5), "ms", 400),
        Bar("added p95", percentile(ours, 0.95) - percentile(plain, 0.95), "ms", 1000),
        Bar("failed", failed, "chats", 0),
    ), {"chats": CHATS * repeats, "bare p50 ms": round(percentile(plain, 0.5), 2)}


async def _rounds(url: str, base_url: str, model: str, repeats: int) -> tuple[list[float], list[float], int]:
    ours: list[float] = []
    plain: list[float] = []
    failed = 0
    async with _client() as client:
        await through_hub(client, url, model)
    for _ in range(repeats):
        # A client of its own for each: httpx looks through all connections of a pool for each request.
        async with _client() as client:
            direct: list[Watched] = await asyncio.gather(*(bare(client, base_url) for _ in range(CHATS)))
        async with _client() as client:
            stored = await asyncio.gather(*(through_hub(client, url, model) for _ in range(CHATS)))
        plain += [each.first * 1000 for each in direct]
        ours += [each.first * 1000 for each in stored if not each.error]
        failed += sum(1 for each in stored if each.error)
        await asyncio.sleep(1)
    return ours, plain, failed


def _client() -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=CHATS * 2))
