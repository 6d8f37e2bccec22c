"""CPU per streamed chunk on the OpenAI-compatible path, from the socket to stored and sent."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from bench.fifty_runs import cpu_seconds
from bench.hub import connect, hub, provider
from bench.measure import percentile, through_hub
from bench.result import Bar

TOKENS = 4000


def measure(repeats: int) -> tuple[tuple[Bar, ...], dict[str, Any]]:
    """One watched answer of 4,000 chunks at 500 a second; CPU time of the web process over its chunks."""
    spent: list[float] = []
    with provider("--gap-ms", "2", "--tokens", str(TOKENS)) as base_url, hub() as running:
        model = connect(base_url)
        web = running.web()
        for turn in range(repeats + 1):
            before = cpu_seconds(web)
            seen = asyncio.run(_answer(running.url, model))
            if seen:
                raise RuntimeError(seen)
            if turn:
                spent.append((cpu_seconds(web) - before) / TOKENS * 1000)
    return (Bar("CPU per chunk", percentile(spent, 0.5), "ms", 0.25),), {"chunks": TOKENS}


async def _answer(url: str, model: str) -> str:
    async with httpx.AsyncClient(timeout=120) as client:
        return (await through_hub(client, url, model)).error
