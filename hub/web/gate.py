"""Who may knock: the Host and Origin of a request. Pure functions over ASGI headers.

A page of another site can make a browser send requests here. Checking Host stops DNS rebinding (a foreign name that
suddenly means this machine); checking Origin stops forms, fetches and websockets of foreign pages.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlsplit

from hub.settings import settings

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITES = frozenset({b"same-origin", b"none"})
_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}


def host_allowed(host: str) -> bool:
    """Whether the Host header names this hub: an address (which cannot be rebound), or a name that it goes by."""
    name = _name(host)
    if name is None:
        return False
    return _is_address(name) or name in _names(settings().host, settings().public_url, settings().allowed_hosts)


@lru_cache(maxsize=8)
def _names(host: str, public_url: str, allowed_hosts: str) -> frozenset[str]:
    names = {"localhost", host, socket.gethostname(), _name(urlsplit(public_url).netloc) or ""}
    names |= {name.strip() for name in allowed_hosts.split(",")}
    return frozenset(name.lower() for name in names if name)


def _name(host: str) -> str | None:
    """The name in "name:port", without the port, brackets and a last dot; None when it is malformed."""
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port
    except ValueError:
        return None
    if parts.username is not None or parts.path or parts.query or not parts.hostname:
        return None
    return parts.hostname.rstrip(".")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def origin_allowed(method: str, headers: Mapping[bytes, bytes], path: str) -> bool:
    """Whether a request may come from where it says it comes from. `method` is "WEBSOCKET" for a websocket.

    Browsers always name the Origin where it matters; programs that are no browsers name none and pass.
    """
    if method in _SAFE:
        return not path.startswith("/api/") or _fetched_by_own_page(headers)
    origin = headers.get(b"origin")
    if origin is None:
        return headers.get(b"sec-fetch-site", b"same-origin") in _OWN_SITES
    host = headers.get(b"host", b"").decode("latin-1")
    return _same_place(origin.decode("latin-1"), host)


def _fetched_by_own_page(headers: Mapping[bytes, bytes]) -> bool:
    if headers.get(b"sec-fetch-site", b"none") in _OWN_SITES:
        return True
    return headers.get(b"sec-fetch-mode") == b"navigate" and headers.get(b"sec-fetch-dest") == b"document"


def _same_place(origin: str, host: str) -> bool:
    """Whether `origin` is the hub itself. Only host and port count: a proxy in front may have taken off the TLS."""
    own = [f"//{host}", settings().public_url]
    place = _place(origin)
    return place is not None and any(_place(url, place[2]) == place for url in own if url)


def _place(url: str, scheme: str = "") -> tuple[str, int, str] | None:
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        return None
    scheme = scheme or parts.scheme
    if not parts.hostname or scheme not in _PORTS:
        return None
    return parts.hostname, port or _PORTS[parts.scheme or scheme], scheme
