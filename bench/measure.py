"""Clients that time what a hub and a bare provider stream, and the statistics of it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import httpx
import orjson


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the values lie, by linear interpolation."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


@dataclass
class Watched:
    """When things happened, in seconds from the request: the first event with text, each later one, the end."""

    first: float = 0.0
    arrivals: list[float] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    end: float = 0.0
    error: str = ""


async def bare(client: httpx.AsyncClient, base_url: str, model: str = "fake", text: str = "Hello") -> Watched:
    """One streamed answer straight from the provider."""
    seen, began = Watched(), time.perf_counter()
    body = {"model": model, "messages": [{"role": "user", "content": text}], "stream": True}
    async with client.stream("POST", f"{base_url}/chat/completions", json=body) as response:
        async for line in response.aiter_lines():
            if not line.startswith("data: ") or line.endswith("[DONE]"):
                continue
            delta = (orjson.loads(line[6:]).get("choices") or [{}])[0].get("delta", {}).get("content")
            if delta:
                seen.arrivals.append(time.perf_counter() - began)
                seen.texts.append(delta)
    seen.first, seen.end = (seen.arrivals or [0.0])[0], time.perf_counter() - began
    return seen


async def through_hub(client: httpx.AsyncClient, url: str, model: str, text: str = "Hello") -> Watched:
    """One new stored conversation through POST /api/runs and its event stream; timed from before the POST."""
    seen, began = Watched(), time.perf_counter()
    body = {"text": text, "targets": [{"model": model, "params": {}}]}
    try:
        answer = await client.post(f"{url}/api/runs", json=body)
        answer.raise_for_status()
        async with client.stream("GET", f"{url}/api/runs/{answer.json()['run']}/events?from=0") as response:
            async for line in response.aiter_lines():
                if not line.startswith("data: "):
                    continue
                event = orjson.loads(line[6:])
                if event["type"] == "text":
                    seen.arrivals.append(time.perf_counter() - began)
                    seen.texts.append(event["text"])
                elif event["type"] == "error":
                    seen.error = str(event)
                elif event["type"] == "end":
                    break
    except httpx.HTTPError as error:
        seen.error = repr(error)
    seen.first, seen.end = (seen.arrivals or [0.0])[0], time.perf_counter() - began
    if not seen.arrivals and not seen.error:
        seen.error = "no text arrived"
    return seen
