"""An MCP call through the hub against one through a client of the SDK alone, to the same warm server, in turns.

Both ways are asked once before, so that the program runs and the connections stand. A call of the hub is a tool of a
turn: gathered anew, its version checked, its line in the log written; each is the first of its turn.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import threading
import time
from functools import partial
from pathlib import Path
from typing import Any

from mcp import Client, StdioServerParameters

from bench.result import Bar
from hub import hooks, mcp
from hub.db import indexes
from hub.db.embedded import EmbeddedMongo
from hub.db.who import OWNER
from hub.mcp import plugin
from hub.models.types import ModelInfo
from hub.settings import override
from hub.turns import Turn

SERVER = str(Path(__file__).with_name("mcp_server.py"))
MODEL = ModelInfo("c/m", "m", "c", "C", "openai", "M")


def measure(repeats: int) -> tuple[tuple[Bar, ...], dict[str, Any]]:
    """Medians of `repeats` calls of each way, and their ratio."""
    hooks.plugins()
    with tempfile.TemporaryDirectory() as folder:
        store = EmbeddedMongo(Path(folder) / "m", durable=False, auth=False)
        store.prepare()
        process = store.spawn()
        try:
            store.wait(process)
            (Path(folder) / "data").mkdir(mode=0o700)
            override(data=Path(folder) / "data", mongo_url=store.url)
            indexes.ensure(mcp.INDEXES)
            return _measured(repeats)
        finally:
            mcp.close()
            process.kill()
            store.stop(process)


def _measured(repeats: int) -> tuple[tuple[Bar, ...], dict[str, Any]]:
    made = mcp.add(OWNER, mcp.Draft("Bench", "stdio", mcp.Access(command=sys.executable, args=("-P", SERVER))))
    mcp.test(OWNER, made.id)
    hub: list[float] = []
    direct: list[float] = []
    gathered: list[float] = []
    with _Direct() as client:
        for _ in range(repeats + 5):
            gathered.append(_timed(_tool))
            tool = _tool()
            hub.append(_timed(partial(tool.call, {"a": 2, "b": 3})))
            direct.append(_timed(client.call))
    ratio = statistics.median(hub[5:]) / statistics.median(direct[5:])
    bars = (
        Bar("hub over direct", ratio, "x", 1.2),
        Bar("tools of a turn, p50", statistics.median(gathered[5:]), "ms", 15),
    )
    return bars, {
        "first_hub_ms": hub[0],
        "first_direct_ms": direct[0],
        "hub_ms": statistics.median(hub[5:]),
        "direct_ms": statistics.median(direct[5:]),
    }


def _tool() -> Any:
    [tool] = plugin.tools(Turn(OWNER, "0" * 24, "0" * 24, "And?", MODEL))
    return tool


def _timed(work: Any) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


class _Direct:
    """A client of the SDK alone, on a loop of its own as whoever calls it from a thread needs one."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._ready, self._end = threading.Event(), asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._live(),), daemon=True)

    async def _live(self) -> None:
        async with Client(
            StdioServerParameters(command=sys.executable, args=["-P", SERVER]), cache=None
        ) as self._client:
            await self._client.list_tools()
            self._ready.set()
            await self._end.wait()

    def call(self) -> None:
        """One call from this thread."""
        given = asyncio.run_coroutine_threadsafe(self._client.call_tool("add", {"a": 2, "b": 3}), self._loop).result()
        assert not given.is_error

    def __enter__(self) -> _Direct:
        self._thread.start()
        self._ready.wait(30)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10)
