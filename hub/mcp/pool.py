"""All connections to MCP servers of this process, on one event loop of their own. Its functions may be called from any
thread but that loop's, and wait for the answer."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Coroutine
from functools import lru_cache
from typing import Any, TypeVar

import structlog
from mcp import MCPError
from mcp.types import CallToolResult
from mcp_types import CONNECTION_CLOSED, REQUEST_TIMEOUT

from hub.db.who import Who
from hub.errors import HubError, NotFound
from hub.mcp import journal, offers, results, store
from hub.mcp.link import Link
from hub.mcp.records import (
    PromptItem,
    RememberedTool,
    ResourceItem,
    ResourceText,
    Server,
    ServerAway,
    Status,
)
from hub.mcp.sign_in import SignIns, revoke
from hub.mcp.store import key_of
from hub.turns import ToolResult

T = TypeVar("T")
RESOURCE_SECONDS = 30.0
NOTE_SECONDS = 0.5

_Line = tuple[str, str, str, float, bool]
"""A line of the log: server, person, what is said, milliseconds, whether it went wrong."""

log = structlog.get_logger(__name__)


class Pool:
    """The connections, and what can be asked of them."""

    def __init__(self) -> None:
        self.sign_ins = SignIns()
        self._links: dict[tuple[str, str], Link] = {}
        self._calls: dict[str, set[asyncio.Task[Any]]] = {}
        self._lines: list[_Line] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="mcp", daemon=True)
        self._thread.start()

    def wait_for(self, work: Coroutine[Any, Any, T]) -> T:
        """Runs `work` on the loop and returns what it gives."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def call(
        self,
        who: Who,
        server: Server,
        tool: RememberedTool,
        arguments: dict[str, Any],
        *,
        seconds: float,
        tag: str = "",
    ) -> ToolResult:
        """Calls a tool; raises ServerAway when the server cannot or does not answer. `cancel(tag)` breaks it off."""
        link = self._link(who, server)
        return results.tool_result(self.wait_for(self._called(who, link, tool, arguments, seconds, tag)))

    def cancel(self, tag: str) -> None:
        """Breaks off the calls that were made under `tag`; the server is told."""
        self._loop.call_soon_threadsafe(self._cancel, tag)

    def status(self, who: Who, server: Server) -> Status:
        """How a server is now, without asking it."""
        if not server.enabled:
            return Status("off")
        link = self._links.get((server.id, key_of(who, server)))
        return link.status() if link and link.server.revision == server.revision else Status("resting")

    def test(self, who: Who, server: Server) -> Status:
        """Connects, lists the tools anew, and says how it went. Raises ServerAway."""
        link = self._link(who, server)
        self._told(server, link, lambda: self.wait_for(link.test()))
        return link.status()

    def resources(self, who: Who, server: Server) -> tuple[ResourceItem, ...]:
        """What there is to read at a server. Raises ServerAway."""

        async def ask(link: Link) -> tuple[ResourceItem, ...]:
            client = await link.client()
            return await offers.list_resources(client) if client.server_capabilities.resources else ()

        return self._asked(who, server, ask)

    def resource(self, who: Who, server: Server, uri: str, blanks: dict[str, str]) -> tuple[ResourceText, ...]:
        """What stands at a resource, whose address may have blanks. Raises ServerAway, BadInput."""
        uri = offers.filled(uri, blanks)

        async def ask(link: Link) -> tuple[ResourceText, ...]:
            return results.resource_texts(await (await link.client()).read_resource(uri))

        return self._asked(who, server, ask)

    def prompts(self, who: Who, server: Server) -> tuple[PromptItem, ...]:
        """The prompts of a server. Raises ServerAway."""

        async def ask(link: Link) -> tuple[PromptItem, ...]:
            client = await link.client()
            return await offers.list_prompts(client) if client.server_capabilities.prompts else ()

        return self._asked(who, server, ask)

    def prompt(self, who: Who, server: Server, name: str, blanks: dict[str, str]) -> str:
        """A prompt with its blanks filled in, as a text for the composer. Raises ServerAway."""

        async def ask(link: Link) -> str:
            return results.prompt_text(await (await link.client()).get_prompt(name, blanks))

        return self._asked(who, server, ask)

    def sign_out(self, who: Who, server: Server) -> None:
        """Forgets what the person got when they signed in, and closes their connection."""
        self.wait_for(revoke(server, who.id))
        self.drop(server.id, who.id)

    def drop(self, server: str, person: str | None = None) -> None:
        """Closes the connections of a server, or of one person to it."""
        found = [key for key in list(self._links) if key[0] == server and person in (None, key[1])]
        gone = [link for key in found if (link := self._links.pop(key, None))]
        for link in gone:
            self.wait_for(link.close())

    def close(self) -> None:
        """Closes everything; programs end with it."""
        gone, self._links = list(self._links.values()), {}
        self.wait_for(_all_closed(gone))
        self.write_log()

    def _link(self, who: Who, server: Server) -> Link:
        """The connection as the server is reached now."""
        now = next((one for one in store.servers(who) if one.id == server.id), None)
        if now is None:
            raise NotFound("There is no such MCP server.", hint="It may have been removed.")
        if not now.enabled:
            raise ServerAway(f"{now.name} is switched off.", hint="Switch it on under Tools, Servers.")
        if now.transport == "stdio" and not now.private:
            raise ServerAway(f"{now.name} was not made by an administrator, so its program is not started.")
        key = (now.id, key_of(who, now))
        link = self._links.get(key)
        if link is not None and (link.server.revision, link.server.private) == (now.revision, now.private):
            return link
        access = store.access(who, now.id)
        made = Link(now, access, key[1])
        self._links[key] = made
        if link is not None:
            self.wait_for(link.close())
        return made

    async def _called(
        self, who: Who, link: Link, tool: RememberedTool, arguments: dict[str, Any], seconds: float, tag: str
    ) -> CallToolResult:
        began = time.monotonic()
        task = asyncio.create_task(link.call(tool.name, arguments, seconds, tool.version))
        self._calls.setdefault(tag, set()).add(task)
        said, error = "", False
        try:
            given = await task
            said, error = ("It says that it failed" if given.is_error else "Called"), given.is_error
            return given
        except asyncio.CancelledError as stopped:
            said, error = "Stopped", True
            raise ServerAway(f"The call of {tool.title} was stopped.") from stopped
        except MCPError as failed:
            if failed.code == CONNECTION_CLOSED and link.server.oauth and await link.needs_sign_in():
                said, error = "Sign in first", True
                raise link.away() from failed
            said, error = _IN_SHORT.get(failed.code, "The server refused the call"), True
            raise ServerAway(_failed(link.server, tool, failed, seconds)) from failed
        except HubError as failed:
            said, error = failed.message, True
            raise
        finally:
            self._calls[tag].discard(task)
            if not self._calls[tag]:
                del self._calls[tag]
            ms = (time.monotonic() - began) * 1000
            self._note((link.server.id, who.id, f"{tool.name}: {said}", ms, error))

    def _note(self, line: _Line) -> None:
        """Writes lines of calls together, a moment later: no call waits for it."""
        self._lines.append(line)
        if len(self._lines) == 1:
            self._loop.call_later(NOTE_SECONDS, lambda: self._loop.run_in_executor(None, self.write_log))

    def write_log(self) -> None:
        """Writes what the log still waits for."""
        lines, self._lines = self._lines, []
        for server, person, said, ms, error in lines:
            try:
                journal.note(server, person, "call", said, ms=ms, error=error)
            except HubError:
                log.warning("mcp_log_missed", server=server)

    def _cancel(self, tag: str) -> None:
        for task in self._calls.get(tag, ()):
            task.cancel()

    def _asked(self, who: Who, server: Server, ask: Any) -> Any:
        link = self._link(who, server)
        return self._told(server, link, lambda: self.wait_for(asyncio.wait_for(ask(link), RESOURCE_SECONDS)))

    def _told(self, server: Server, link: Link, ask: Any) -> Any:
        try:
            return ask()
        except MCPError as error:
            if error.code == CONNECTION_CLOSED:
                raise link.away() from error
            raise ServerAway(f"{server.name} says: {error.message[:200]}") from error
        except TimeoutError as error:
            raise ServerAway(f"{server.name} did not answer in time.", hint="Try again.") from error


def _failed(server: Server, tool: RememberedTool, error: MCPError, seconds: float) -> str:
    if error.code == CONNECTION_CLOSED:
        return f"{server.name} ended while {tool.title} was called; whether it was carried out is not known."
    if error.code == REQUEST_TIMEOUT:
        late = f"{tool.title} of {server.name} gave no answer within {seconds:.0f} s"
        return f"{late}; whether it was carried out is not known."
    return f"{server.name} refused the call: {error.message[:300]}"


_IN_SHORT = {CONNECTION_CLOSED: "The server ended during the call", REQUEST_TIMEOUT: "No answer in time"}
"""What the log says of errors, without words of the server."""


async def _all_closed(links: list[Link]) -> None:
    if links:
        await asyncio.wait([asyncio.ensure_future(link.close()) for link in links], timeout=12)


@lru_cache(maxsize=1)
def pool() -> Pool:
    """The pool of this process, made when it is first needed."""
    return Pool()
