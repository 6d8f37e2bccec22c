"""Model servers that answer on this machine, to be offered as connections."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import httpx
import orjson

from hub.models import http
from hub.models.connections import Connection
from hub.models.providers import provider
from hub.settings import settings

PORTS: Mapping[int, str] = {11434: "ollama", 1234: "lmstudio", 8080: "llamacpp", 18080: "llamacpp", 8000: "vllm"}
"""The usual ports and the server that usually listens there."""

_OWNERS = {"library": "ollama", "llamacpp": "llamacpp", "vllm": "vllm", "organization_owner": "lmstudio"}
_TIMEOUT = httpx.Timeout(1.5, connect=0.5)


@dataclass(frozen=True, slots=True)
class LocalServer:
    """A server that was found. `provider` and `base_url` are what `connections.add` takes; `models` are names."""

    provider: str
    title: str
    base_url: str
    models: tuple[str, ...]


async def found(ports: Mapping[int, str] = PORTS) -> list[LocalServer]:
    """Looks at all ports at the same time, at most 2 seconds; empty when HUB_DISCOVER_LOCAL is off."""
    if not settings().discover_local:
        return []
    probed = await asyncio.gather(*(_probe(port, usual) for port, usual in ports.items()))
    return [server for server in probed if server is not None]


async def offers(known: Iterable[Connection]) -> list[LocalServer]:
    """The servers that were found and that none of the connections `known` leads to yet."""
    taken = {one.base_url.replace("//localhost", "//127.0.0.1") for one in known}
    return [server for server in await found(PORTS) if server.base_url not in taken]


async def _probe(port: int, usual: str) -> LocalServer | None:
    base_url = f"http://127.0.0.1:{port}/v1"
    try:
        async with asyncio.timeout(2):
            response = await http.client().get(f"{base_url}/models", timeout=_TIMEOUT)
        value = orjson.loads(response.content) if response.status_code == 200 else None
    except (httpx.HTTPError, TimeoutError, orjson.JSONDecodeError):
        return None
    listed = cast(dict[str, Any], value).get("data") if isinstance(value, dict) else None
    if not isinstance(listed, list):
        return None
    items = [cast(dict[str, Any], item) for item in cast(list[object], listed) if isinstance(item, dict)]
    names = tuple(str(item["id"]) for item in items if item.get("id"))
    owners = {str(item.get("owned_by")) for item in items}
    kind = next((_OWNERS[owner] for owner in owners if owner in _OWNERS), usual)
    return LocalServer(kind, provider(kind).title, base_url, names)
