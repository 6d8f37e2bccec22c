"""Calling an operation: one request to the interface's own address, and what came back as a result."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from hub.db.who import Who
from hub.errors import BadInput
from hub.models.types import Image
from hub.net.ask import Answered, ask
from hub.settings import settings
from hub.tools.openapi import store
from hub.tools.openapi.records import Api, Operation
from hub.tools.openapi.request import build
from hub.tools.openapi.sign import sign, tokens
from hub.turns import ToolResult

_SHOWN = 200_000
_TEXTS = ("text/", "application/json", "application/xml", "application/problem", "application/x-ndjson")


def call(who: Who, api: Api, operation: Operation, arguments: dict[str, Any]) -> ToolResult:
    """Does what an operation does. Raises HubError when nothing could be sent or nothing came back."""
    may_reach(api.base_url)
    request = build(api.base_url, operation, arguments)
    private = reaches_private(api)
    hidden = sign(request, store.access(who, api.id), private=private)
    answer = ask(
        request.method,
        request.url,
        headers=request.headers,
        params=request.query,
        content=request.content,
        private=private,
    )
    if answer.status == 401:
        tokens.drop()
    return _result(operation, answer, hidden)


def may_reach(url: str) -> None:
    """Raises BadInput when the administrator's list of hosts (HUB_TOOLS_HOSTS) does not have that of `url`."""
    allowed = [one.strip().lower() for one in settings().tools_hosts.split(",") if one.strip()]
    host = (urlsplit(url).hostname or "").lower()
    if allowed and not any(host == one or (one.startswith("*.") and host.endswith(one[1:])) for one in allowed):
        raise BadInput(f"{host} is not among the hosts that tools may reach.", hint="HUB_TOOLS_HOSTS lists them.")


def reaches_private(api: Api) -> bool:
    """Whether an interface may stand in a private network: what an administrator has added for everybody may."""
    return api.shared or settings().tools_private_urls


def _result(operation: Operation, answer: Answered, hidden: tuple[str, ...]) -> ToolResult:
    did = f"{operation.method} {operation.path}"
    said = f"{answer.status} {answer.reason}".strip()
    if 300 <= answer.status < 400:
        return ToolResult(f"{did} answered {said}: redirects are not followed.", said, error=True)
    if answer.mime.startswith("image/") and answer.status < 400:
        return ToolResult(f"{did} gave a picture.", "1 picture", images=(Image(answer.mime, answer.data),))
    if answer.data and answer.mime and not (answer.mime.startswith(_TEXTS) or answer.mime.endswith(("+json", "+xml"))):
        return ToolResult(f"{did} gave {len(answer.data):,} bytes of {answer.mime}, which is no text.", said)
    text = answer.text[:_SHOWN]
    for secret in hidden:
        if len(secret) >= 4:
            text = text.replace(secret, "(key)")
    if answer.status >= 400:
        return ToolResult(f"{did} answered {said}.\n{text}".rstrip(), said, error=True)
    return ToolResult(text or f"{did} answered {said}, without a text.", said)
