"""Whole answers over aiohttp. With 50 under way one costs a tenth of the CPU that httpx's pool takes, whose bookkeeping
goes over all connections for each request; streams stay with `wire`, where reading a chunk is what counts."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.request import getproxies
from weakref import WeakKeyDictionary

from hub.models.wire import reason, trusted

if TYPE_CHECKING:
    import aiohttp

_sessions: WeakKeyDictionary[asyncio.AbstractEventLoop, aiohttp.ClientSession] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Whole:
    """A response that has come to its end."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class NotConnected(Exception):
    """There is no connection, or it broke before the response began; the text says why."""


class TooSlow(Exception):
    """No connection was made in time."""


class BrokenOff(Exception):
    """The connection broke in the middle of the response."""


def possible() -> bool:
    """Whether requests may go this way: a proxy of the environment is httpx's business."""
    return not getproxies()


def load() -> None:
    """Imports what is needed, which takes a moment, before the first `post` would."""
    import aiohttp as _  # noqa: F401


async def post(url: str, body: bytes, headers: Mapping[str, str], connect: float) -> Whole:
    """Sends `body` and reads the response; `connect` is in seconds. Raises NotConnected, TooSlow and BrokenOff."""
    import aiohttp

    timeout = aiohttp.ClientTimeout(total=None, sock_connect=connect)
    try:
        async with _session().post(url, data=body, headers=headers, timeout=timeout, allow_redirects=False) as response:
            try:
                data = await response.read()
            except (aiohttp.ClientError, OSError) as error:
                raise BrokenOff from error
            return Whole(response.status, response.headers, data)
    except aiohttp.ServerTimeoutError as error:
        raise TooSlow from error
    except aiohttp.ClientConnectorDNSError as error:
        raise NotConnected("there is no such host name") from error
    except aiohttp.ClientConnectorError as error:
        raise NotConnected(reason(error.os_error)) from error
    except (aiohttp.ClientError, OSError) as error:
        raise NotConnected(str(error) or type(error).__name__) from error


async def close() -> None:
    """Closes the session of the running event loop; the next `post` makes a new one."""
    found = _sessions.pop(asyncio.get_running_loop(), None)
    if found is not None:
        await found.close()


def _session() -> aiohttp.ClientSession:
    import aiohttp

    loop = asyncio.get_running_loop()
    found = _sessions.get(loop)
    if found is None or found.closed:
        for ended in [other for other in _sessions if other.is_closed()]:
            del _sessions[ended]
        connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=60, ssl=trusted())
        found = aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar(), headers={"user-agent": "llm-hub"}
        )
        _sessions[loop] = found
    return found
