"""Calling an operation: one request to the interface's own address, and what came back as a result."""

from __future__ import annotations

from typing import Any

from hub.db.who import Who
from hub.models.types import Image
from hub.net.ask import Answered, ask
from hub.tools.openapi import store
from hub.tools.openapi.reach import may_reach, reaches_private
from hub.tools.openapi.records import Api, Operation
from hub.tools.openapi.request import Request, build
from hub.tools.openapi.sign import sign, tokens
from hub.turns import ToolResult

_SHOWN = 200_000
_TEXTS = ("text/", "application/json", "application/xml", "application/problem", "application/x-ndjson")


def call(who: Who, api: Api, operation: Operation, arguments: dict[str, Any]) -> ToolResult:
    """Does what an operation does. Raises HubError when nothing could be sent or nothing came back."""
    may_reach(api.base_url)
    request = build(api.base_url, operation, arguments)
    access, private = store.access(who, api.id), reaches_private(api)
    hidden = sign(who, api, request, access, private=private)
    answer = _asked(request, private=private)
    if answer.status == 401 and access.how == "authorization_code":
        # It may have been taken back before its end: what was refused was not carried out, so it is asked once more.
        hidden = sign(who, api, request, access, private=private, refused=hidden[-1])
        answer = _asked(request, private=private)
    elif answer.status == 401:
        tokens.drop()
    return _result(operation, answer, hidden)


def _asked(request: Request, *, private: bool) -> Answered:
    return ask(
        request.method,
        request.url,
        headers=request.headers,
        params=request.query,
        content=request.content,
        private=private,
    )


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
