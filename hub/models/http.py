"""The HTTP clients that reach providers: one for each event loop, so that no connection crosses loops."""

from __future__ import annotations

import asyncio
import re
from urllib.request import getproxies
from weakref import WeakKeyDictionary

import httpx

from hub.models import whole
from hub.models.wire import LeanTransport, trusted
from hub.settings import settings

_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, httpx.AsyncClient] = WeakKeyDictionary()

_DIRECT = ("all://localhost", "all://127.0.0.1", "all://[::1]")


def client() -> httpx.AsyncClient:
    """The client of the running event loop: HTTP/1.1, connections kept. Reading has no time limit of its own,
    because callers limit the first token and the pauses. A proxy from the environment is used, though never
    for this machine."""
    loop = asyncio.get_running_loop()
    found = _clients.get(loop)
    if found is None or found.is_closed:
        for ended in [other for other in _clients if other.is_closed()]:
            del _clients[ended]
        lean = LeanTransport()
        found = httpx.AsyncClient(
            verify=trusted(),
            timeout=httpx.Timeout(None, connect=settings().connect_timeout, write=60),
            mounts=dict.fromkeys(_DIRECT if getproxies() else ("all://",), lean),
            follow_redirects=False,
            headers={"user-agent": "llm-hub"},
        )
        _clients[loop] = found
    return found


def reason(error: BaseException) -> str:
    """Why a server could not be reached, in words: what httpx and OpenSSL say means little to most people."""
    said = str(error)
    if "CERTIFICATE_VERIFY_FAILED" in said:
        detail = re.sub(r".*verify failed:? ?|\s*\(_ssl\S*\)\.?", "", said)
        return f"its certificate is not to be trusted ({detail})" if detail else "its certificate is not to be trusted"
    if re.search(r"WRONG_VERSION_NUMBER|RECORD_LAYER_FAILURE|UNKNOWN_PROTOCOL|http.request", said, re.IGNORECASE):
        return "it does not speak https; an address with http:// may be right"
    if re.search(r"Name or service not known|nodename nor servname|getaddrinfo|name resolution", said):
        return "there is no such host name"
    if isinstance(error, httpx.ConnectError) and "attempts failed" in said:
        return "nothing answers there"
    return said or type(error).__name__


async def close() -> None:
    """Closes what the running event loop has open; the next request makes it anew."""
    await whole.close()
    found = _clients.pop(asyncio.get_running_loop(), None)
    if found is not None:
        await found.aclose()
