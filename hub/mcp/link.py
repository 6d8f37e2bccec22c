"""One connection to a server: made when it is needed, watched, made again when it breaks, closed when it rests.

Everything here runs on the loop of the pool.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, Coroutine
from contextlib import AbstractAsyncContextManager
from typing import Any

import httpx2
import structlog
from mcp import Client, MCPError
from mcp.client.session import IncomingMessage
from mcp.client.sse import sse_client
from mcp.client.streamable_http import streamable_http_client
from mcp.client.subscriptions import SubscriptionLost
from mcp.shared._httpx_utils import McpHttpClientFactory
from mcp.types import CallToolResult, Implementation, PromptListChangedNotification, ToolListChangedNotification
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

from hub.mcp import child, http, journal, offers, store
from hub.mcp.bearer import Bearer
from hub.mcp.blame import Blame
from hub.mcp.records import Access, RememberedTool, Server, ServerAway, SignInNeeded, State, Status
from hub.mcp.watched import Streams, watched

CONNECT_SECONDS = 60.0
"""A program may have to be downloaded first."""
ASK_SECONDS = 30.0
IDLE_SECONDS = 600.0
STEADY_SECONDS = 60.0
"""A connection that held so long counts as a good one: what breaks it is tried again at once."""
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
MOST_FAILURES = 6
END_SECONDS = 8.0
BLAME_SECONDS = 3.0

log = structlog.get_logger(__name__)


def _as_it_is(client: httpx2.AsyncClient) -> McpHttpClientFactory:
    def make(
        headers: dict[str, str] | None = None, timeout: httpx2.Timeout | None = None, auth: httpx2.Auth | None = None
    ) -> httpx2.AsyncClient:
        return client

    return make


class Link:
    """The connection of one server for one person, or for all where nobody signs in (`person` is "")."""

    def __init__(self, server: Server, access: Access, person: str) -> None:
        self.server = server
        self.person = person
        self.tools: dict[str, RememberedTool] = {}
        self._access = access
        self._state: State = "resting"
        self._said = ""
        self._retry_at = 0.0
        self._latency: float | None = None
        self._product = ""
        self._protocol = ""
        self._client: Client | None = None
        self._task: asyncio.Task[None] | None = None
        self._settled = asyncio.Event()
        self._gone = asyncio.Event()
        self._blamed = asyncio.Event()
        self._closing = False
        self._busy = 0
        self._used = time.monotonic()
        self._aside: set[asyncio.Task[None]] = set()

    def status(self) -> Status:
        """How it is now."""
        left = max(0.0, self._retry_at - time.monotonic()) if self._state == "waiting" else 0.0
        return Status(self._state, self._said, self._latency, left, self._product, self._protocol)

    async def client(self) -> Client:
        """The connected client, connected first if need be. Raises ServerAway."""
        self._used = time.monotonic()
        if self._task is None or self._task.done():
            self._closing = False
            self._settled.clear()
            self._task = asyncio.create_task(self._keep())
        await self._settled.wait()
        if self._client is None:
            raise self.away()
        return self._client

    async def call(self, name: str, arguments: dict[str, Any], seconds: float, version: str) -> CallToolResult:
        """Calls a tool that was offered as `version`. Raises ServerAway, MCPError."""
        client = await self.client()
        self._check(name, version)
        self._busy += 1
        began = time.monotonic()
        try:
            return await client.call_tool(name, arguments, read_timeout_seconds=seconds)
        finally:
            self._busy -= 1
            self._used = time.monotonic()
            self._latency = (self._used - began) * 1000

    def _check(self, name: str, version: str) -> None:
        found = self.tools.get(name)
        if found is None:
            raise ServerAway(f"{self.server.name} has no tool {name} any more.", hint="Use another tool.")
        if found.version != version:
            raise ServerAway(
                f"{self.server.name} has changed its tool {name} since it was offered here; it was not called.",
                hint="It is offered as it is now from the next message on.",
            )

    async def test(self) -> None:
        """Lists the tools once more and times it. Raises ServerAway, MCPError."""
        if self._state in {"waiting", "failed"}:
            await self.close()
        client = await self.client()
        await self._list(client)
        await self._list_prompts(client)

    def away(self) -> ServerAway:
        """Why it cannot be used now."""
        if self._state == "sign_in":
            return SignInNeeded(
                f"You have to sign in at {self.server.name} first.", hint="Sign in on the tools page, under Servers."
            )
        why = f": {self._said}" if self._said else ""
        if self._state == "waiting":
            left = max(1, round(self._retry_at - time.monotonic()))
            return ServerAway(f"{self.server.name} is not running, restarted in {left} s{why}.")
        return ServerAway(f"{self.server.name} is not running{why}.", hint="The next call tries it again.")

    async def needs_sign_in(self) -> bool:
        """Whether a connection that has just been closed was closed for want of a sign-in."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(BLAME_SECONDS):
                await self._blamed.wait()
        return self._state == "sign_in"

    async def close(self) -> None:
        """Ends the connection, and its program if it is one."""
        self._closing = True
        task, self._task = self._task, None
        if task is not None and not task.done():
            self._gone.set()
            # First in good order, so that a program is ended by the one who started it.
            await asyncio.wait([task], timeout=END_SECONDS if self._state == "ready" else 0)
            task.cancel()
            await asyncio.wait([task])
        self._client = None
        self._set("resting", "")

    async def _keep(self) -> None:
        failures = 0
        while True:
            self._set("connecting", "")
            self._gone.clear()
            self._blamed.clear()
            blame, began = Blame(self.server, self._access), time.monotonic()
            once = asyncio.create_task(self._once(blame))
            try:
                await asyncio.wait([once])
            except asyncio.CancelledError:
                once.cancel()
                await asyncio.wait([once])
                raise
            self._lost()
            error = None if once.cancelled() else once.exception()
            if self._closing or (error is None and self._state == "resting"):
                self._settled.set()
                return
            failures = 1 if time.monotonic() - began > STEADY_SECONDS else failures + 1
            if await self._broken(blame, error, failures):
                return
            self._settled.set()
            await asyncio.sleep(max(0.0, self._retry_at - time.monotonic()))
            self._settled.clear()

    async def _broken(self, blame: Blame, error: BaseException | None, failures: int) -> bool:
        """Notes what happened; whether it is given up until somebody calls again."""
        said = await asyncio.to_thread(blame.say, error)
        if blame.sign_in:
            await asyncio.to_thread(self._found_oauth)
            self._set("sign_in", said)
        elif blame.final or failures > MOST_FAILURES:
            self._set("failed", said)
        else:
            pause = min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE)
            self._retry_at = time.monotonic() + pause
            self._set("waiting", said)
            said = f"{said}; restarted in {pause:.0f} s"
        await self._note("broken", said, error=True)
        self._blamed.set()
        self._settled.set()
        return self._state != "waiting"

    def _found_oauth(self) -> None:
        """From now on everybody signs in on their own."""
        if not self.server.oauth:
            store.learn_oauth(self.server)

    async def _once(self, blame: Blame) -> None:
        """One connection from its beginning to its end; returns when it is gone, or is closed because it rests."""
        began = time.monotonic()
        transport = watched(self._transport(blame), self._lost)
        client = Client(
            transport,
            read_timeout_seconds=ASK_SECONDS,
            message_handler=self._told,
            client_info=Implementation(name="LLM Hub", version="1"),
            mode="legacy" if self.server.transport == "sse" else "auto",
            cache=None,
        )
        async with contextlib.AsyncExitStack() as stack:
            async with asyncio.timeout(CONNECT_SECONDS):
                await stack.enter_async_context(client)
                await self._list(client)
            info = client.server_info
            self._product = f"{info.title or info.name} {info.version}".strip() if info else ""
            self._protocol = client.protocol_version
            self._client = client
            self._set("ready", "")
            self._settled.set()
            await self._note("connected", f"Connected to {self._product or 'it'}", ms=(time.monotonic() - began) * 1000)
            following = asyncio.create_task(self._follow(client))
            stack.callback(following.cancel)
            self._beside(self._list_prompts(client))
            await self._until_it_ends()

    async def _until_it_ends(self) -> None:
        while not self._gone.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(IDLE_SECONDS / 10):
                    await self._gone.wait()
            if not self._busy and time.monotonic() - self._used > IDLE_SECONDS:
                self._lost()
                self._set("resting", "")
                await self._note("closed", "Closed because nobody used it")
                return

    def _lost(self) -> None:
        """Whoever comes now waits until it is known what happened."""
        self._gone.set()
        self._client = None
        self._settled.clear()

    @contextlib.asynccontextmanager
    async def _transport(self, blame: Blame) -> AsyncGenerator[Streams]:
        server, access = self.server, self._access
        if server.transport == "stdio":
            async with child.running(server.id, access) as streams:
                yield streams
            return
        blame.bearer = Bearer(server.id, self.person, private=server.private) if server.oauth else None
        blame.checked = http.Checked(private=server.private)
        client = http.client(
            private=server.private,
            headers=dict(access.headers),
            auth=blame.bearer,
            refused=blame.refused,
            transport=blame.checked,
        )
        inner: AbstractAsyncContextManager[Streams]
        if server.transport == "sse":
            inner = sse_client(access.url, httpx_client_factory=_as_it_is(client))
        else:
            inner = streamable_http_client(access.url, http_client=client)
        if server.transport == "sse":  # which closes the client itself
            async with inner as streams:
                yield streams
            return
        async with client, inner as streams:
            yield streams

    async def _list(self, client: Client) -> None:
        began = time.monotonic()
        capabilities = client.server_capabilities
        tools = await offers.list_tools(client) if capabilities.tools else ()
        self._latency = (time.monotonic() - began) * 1000
        before, self.tools = self.tools, {one.name: one for one in tools}
        await asyncio.to_thread(store.remember, self.server.id, self.person, tools)
        if before and before != self.tools:
            await self._note("tools", f"The list of tools changed: {len(before)} before, {len(tools)} now")

    async def _list_prompts(self, client: Client) -> None:
        """Its prompts, for the composer. Without them it is a good connection too."""
        try:
            prompts = await offers.list_prompts(client) if client.server_capabilities.prompts else ()
        except MCPError as error:
            await self._note("prompts", f"Its prompts could not be listed ({error.message[:100]})", error=True)
            return
        await asyncio.to_thread(store.remember_prompts, self.server.id, self.person, prompts)

    async def _follow(self, client: Client) -> None:
        """Follows changes of what it offers, where the server tells of them in the newer way."""
        can = client.server_capabilities
        tools, prompts = (bool(one and one.list_changed) for one in (can.tools, can.prompts))
        if client.protocol_version not in MODERN_PROTOCOL_VERSIONS or not (tools or prompts):
            return
        try:
            async with client.listen(tools_list_changed=tools, prompts_list_changed=prompts) as changes:
                async for _ in changes:
                    await self._list(client)
                    await self._list_prompts(client)
        except SubscriptionLost:
            self._gone.set()
        except (MCPError, TimeoutError) as error:
            await self._note("tools", f"Changes of its tools are not followed ({type(error).__name__})", error=True)

    async def _told(self, message: IncomingMessage) -> None:
        if self._client is None:
            return
        if isinstance(message, ToolListChangedNotification):
            self._beside(self._again(self._client))
        elif isinstance(message, PromptListChangedNotification):
            self._beside(self._list_prompts(self._client))

    def _beside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._aside.add(task)
        task.add_done_callback(self._aside.discard)

    async def _again(self, client: Client) -> None:
        try:
            await self._list(client)
        except MCPError as error:
            await self._note("tools", f"Its tools could not be listed ({error.message[:100]})", error=True)

    def _set(self, state: State, said: str) -> None:
        self._state, self._said = state, said

    async def _note(self, kind: str, said: str, *, ms: float | None = None, error: bool = False) -> None:
        secrets = self._access.secrets
        await asyncio.to_thread(
            journal.note, self.server.id, self.person, kind, said, ms=ms, error=error, secrets=secrets
        )
