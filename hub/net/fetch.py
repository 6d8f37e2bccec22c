"""Fetching what stands at an address that a person or a model names, but nothing that only this machine can reach.

Every name is resolved first, every address that it has must be public, and the connection goes to the address that was
checked, so that a second answer of the name server changes nothing. Redirects are followed by the same rules.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import time
from dataclasses import dataclass
from email.message import Message
from pathlib import PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

import httpx

from hub.errors import BadInput
from hub.settings import settings

REDIRECTS = 5
SECONDS = 30.0
SILENT = 10.0
PORTS = frozenset({80, 443, 8000, 8080, 8443})
KINDS = re.compile(
    r"text/|image/|application/(pdf|json|xml|xhtml\+xml|rtf|epub\+zip|csv|x-ndjson|octet-stream"
    r"|vnd\.openxmlformats-officedocument\.)"
)
ENDINGS = {"text/html": ".html", "application/xhtml+xml": ".html", "application/pdf": ".pdf", "text/plain": ".txt"}


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address gave; `url` is where the redirects ended."""

    url: str
    name: str
    mime: str
    data: bytes


def fetch(url: str, *, private: bool | None = None) -> Fetched:
    """Fetches `url`; `private` says whether private networks may be entered, else the setting for documents does.
    Raises BadInput with the reason when it may not or cannot be fetched."""
    private = settings().reaches_private("documents") if private is None else private
    url, end = url.strip(), time.monotonic() + SECONDS
    for _ in range(REDIRECTS + 1):
        answer = _once(url, end, private)
        if isinstance(answer, Fetched):
            return answer
        url = urljoin(url, answer)
    raise _refused(url, f"it redirects more than {REDIRECTS} times")


def _once(url: str, end: float, private: bool) -> Fetched | str:
    """What stands at `url`, or where it redirects to."""
    host, port, pinned = checked(url, private)
    asked = httpx.URL(url)
    named = host if port in {80, 443} else f"{host}:{port}"
    request = httpx.Request(
        "GET",
        asked.copy_with(host=pinned, port=asked.port),
        headers={"Host": named, "User-Agent": "LLM-Hub", "Accept": "*/*", "Accept-Encoding": "gzip, identity"},
        extensions={"sni_hostname": host, "timeout": httpx.Timeout(SILENT).as_dict()},
    )
    try:
        with httpx.Client(trust_env=False, follow_redirects=False) as client:
            answer = client.send(request, stream=True)
            try:
                if answer.is_redirect:
                    return answer.headers.get("location", "")
                return _taken(url, answer, end)
            finally:
                answer.close()
    except httpx.HTTPError as error:
        raise _refused(url, f"the connection failed ({type(error).__name__})") from error


def _taken(url: str, answer: httpx.Response, end: float) -> Fetched:
    if answer.status_code != 200:
        raise _refused(url, f"the server answered {answer.status_code} {answer.reason_phrase}".rstrip())
    mime = answer.headers.get("content-type", "application/octet-stream").partition(";")[0].strip().lower()
    if not KINDS.match(mime):
        raise _refused(url, f"it is of the kind {mime}, which is not read")
    most = settings().max_upload_mb * 1_000_000
    data = bytearray()
    for block in answer.iter_bytes():
        data += block
        if len(data) > most:
            raise _refused(url, f"it has more than {settings().max_upload_mb} MB")
        if time.monotonic() > end:
            raise _refused(url, f"it did not come within {SECONDS:.0f} seconds")
    return Fetched(url, _name(url, answer, mime), mime, bytes(data))


def checked(url: str, private: bool = False) -> tuple[str, int, str]:
    """Host, port and the address to connect to of a web address; raises BadInput for what may not be reached."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except (ValueError, UnicodeError) as error:
        raise _refused(url, "it is no web address") from error
    if parts.scheme not in {"http", "https"} or not host:
        raise _refused(url, "it is no web address that begins with http:// or https://")
    if parts.username or parts.password:
        raise _refused(url, "it holds a user name or password")
    port = port or (443 if parts.scheme == "https" else 80)
    if port not in PORTS and not private:
        raise _refused(url, f"port {port} is not one of the web")
    try:
        found = {str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as error:
        raise _refused(url, f"there is no host {host}") from error
    if not private and not all(map(public, found)):
        raise _refused(url, "it leads into a private network, which the hub does not enter")
    return host, port, sorted(found, key=lambda one: ":" in one)[0]


def public(address: str) -> bool:
    """Whether an IP address is one of the open internet, with those that are wrapped in IPv6 unwrapped."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is None and found in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return public(str(inner))
    return found.is_global and not found.is_multicast


def _name(url: str, answer: httpx.Response, mime: str) -> str:
    given = Message()
    given["content-disposition"] = answer.headers.get("content-disposition", "")
    parts = urlsplit(url)
    name = given.get_filename() or PurePosixPath(unquote(parts.path)).name or (parts.hostname or "page")
    ending = ENDINGS.get(mime, "")
    if mime in ENDINGS and (mime != "text/plain" or "." not in name) and not name.lower().endswith((ending, ".htm")):
        name += ending
    return name


def _refused(url: str, why: str) -> BadInput:
    shown = url if len(url) <= 120 else url[:119] + "…"
    return BadInput(f"{shown} was not fetched: {why}.", hint="Nothing was stored. Download it and add the file.")
