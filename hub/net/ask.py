"""Asking an interface on the web that a person has set up: one request, one answer, nothing followed.

The same rules as for pages (`hub.net.fetch`): each name is resolved here, every address of it must be public unless
private ones are allowed, and the connection goes to the address that was checked. Redirects are not followed, because
the request may carry a key.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import orjson

from hub.errors import BadInput, HubError
from hub.net import fetch

MOST = 4_000_000
"""Bytes of an answer."""
SECONDS = 30.0


class NoAnswer(HubError):
    """The other side could not be reached, or said nothing that can be used."""

    kind = "no_answer"


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back; `headers` have lower-case names."""

    status: int
    reason: str
    mime: str
    data: bytes
    headers: Mapping[str, str]

    @property
    def text(self) -> str:
        """The body as text; what is no UTF-8 is replaced."""
        return self.data.decode(errors="replace")

    def json(self) -> Any:
        """The body; raises NoAnswer when it is no JSON."""
        try:
            return orjson.loads(self.data)
        except orjson.JSONDecodeError as error:
            raise NoAnswer("The answer is not JSON.", hint=self.text[:200]) from error


def ask(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    params: Mapping[str, str] | Sequence[tuple[str, str]] | None = None,
    content: bytes | None = None,
    private: bool = False,
    seconds: float = SECONDS,
    most: int = MOST,
) -> Answered:
    """Sends one request. Raises BadInput for what may not be reached, NoAnswer when nothing comes back."""
    asked = httpx.URL(url)
    if params:
        pairs = params.items() if isinstance(params, Mapping) else params
        asked = asked.copy_with(query=urlencode([*asked.params.multi_items(), *pairs]).encode())
    host, pinned = checked(url, private=private)
    end = time.monotonic() + seconds
    request = httpx.Request(
        method,
        asked.copy_with(host=pinned),
        content=content,
        headers={"User-Agent": "LLM-Hub", "Accept": "application/json, text/*;q=0.8, */*;q=0.5", **(headers or {})}
        | {"Host": asked.netloc.decode(), "Accept-Encoding": "gzip, identity"},
        extensions={"sni_hostname": host, "timeout": httpx.Timeout(min(seconds, fetch.SILENT)).as_dict()},
    )
    try:
        with httpx.Client(trust_env=False, follow_redirects=False) as client:
            answer = client.send(request, stream=True)
            try:
                return _taken(host, answer, end, seconds, most)
            finally:
                answer.close()
    except httpx.HTTPError as error:
        hint = "Nothing came back; whether it was done there is not known." if method != "GET" else "Try again later."
        raise NoAnswer(f"{host} could not be reached ({type(error).__name__}).", hint=hint) from error


def checked(url: str, *, private: bool) -> tuple[str, str]:
    """The host of an address, and the IP address to connect to; raises BadInput with the reason why it may not be."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except (ValueError, UnicodeError) as error:
        raise BadInput(f"{url[:120]} is no web address.") from error
    if parts.scheme not in {"http", "https"} or not host or parts.username or parts.password:
        raise BadInput(f"{url[:120]} is no web address.", hint="It begins with https:// and has no user name in it.")
    try:
        port = port or (443 if parts.scheme == "https" else 80)
        found = {str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as error:
        raise BadInput(f"There is no host {host}.", hint="Check the address.") from error
    if any(ipaddress.ip_address(one.partition("%")[0]).is_link_local for one in found):
        raise BadInput(f"{host} is a link-local address, which the hub does not enter.")
    if not private and not all(map(fetch.public, found)):
        raise BadInput(
            f"{host} leads into a private network, which the hub does not enter.",
            hint="An administrator can allow it with HUB_PRIVATE_URLS.",
        )
    return host, sorted(found, key=lambda one: ":" in one)[0]


def _taken(host: str, answer: httpx.Response, end: float, seconds: float, most: int) -> Answered:
    data = bytearray()
    for block in answer.iter_bytes():
        data += block
        if len(data) > most:
            raise NoAnswer(f"{host} sent more than {most // 1_000_000} MB.", hint="Ask for less at once.")
        if time.monotonic() > end:
            raise NoAnswer(f"{host} did not finish within {seconds:.0f} seconds.", hint="Try again later.")
    mime = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    return Answered(answer.status_code, answer.reason_phrase, mime, bytes(data), dict(answer.headers))
