"""The hub as an MCP server: POST /mcp, streamable HTTP, for programs with a person's API key.

Its tools and resources are those that rooms give through `served_tools` and `served_resources`. Requests stand alone:
no session is kept, so any web process answers any of them.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.types import Receive, Scope, Send

from hub.web.threads import off_loop

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager


class Served:
    """The ASGI endpoint of this process; who asks was found by the middleware."""

    def __init__(self) -> None:
        self._manager: StreamableHTTPSessionManager | None = None
        self._task: asyncio.Task[None] | None = None
        self._end = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._manager is None:
            await self._begin()
        assert self._manager is not None
        await self._manager.handle_request(scope, receive, send)

    async def end(self) -> None:
        """Ends what is going on; the next request begins anew."""
        task, self._task, self._manager = self._task, None, None
        if task is not None and not task.done():
            self._end.set()
            await asyncio.wait([task], timeout=5)

    async def _begin(self) -> None:
        made = await off_loop(_loaded)
        if self._manager is not None:  # another request was quicker
            return
        self._end, began = asyncio.Event(), asyncio.Event()
        self._task = asyncio.create_task(self._live(made, self._end, began))
        await began.wait()
        self._manager = made

    async def _live(self, made: StreamableHTTPSessionManager, end: asyncio.Event, began: asyncio.Event) -> None:
        async with made.run():
            began.set()
            await end.wait()


def _loaded() -> StreamableHTTPSessionManager:
    from hub.web.mcp_answers import manager

    return manager()


served = Served()
"""The endpoint of this process."""
