"""Signing in elsewhere, in the browser: one route leads there, the other takes the person back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from hub.db.who import Who
from hub.errors import HubError
from hub.settings import settings
from hub.web import forms
from hub.web.replies import STATUSES, who_asks
from hub.web.threads import off_loop


@dataclass(frozen=True, slots=True)
class SignIns:
    """Sign-ins at things of one sort. `path` is where the routes stand and `named` the parameter with the id of the
    thing; `page` is where the person comes from, `back_text` leads there.

    `begin` gives the address at the identity provider for (who, id, way back); `finish` takes what the provider sent
    back and gives the address in the hub to go on at. What they raise is shown."""

    path: str
    named: str
    page: str
    back_text: str
    begin: Callable[[Who, str, str], str]
    finish: Callable[[Who, Mapping[str, str]], str]

    async def start(self, request: Request) -> Response:
        """Sends the person to where they sign in."""
        who, id_ = who_asks(request.scope), request.query_params.get(self.named, "")
        return await self._on(lambda: off_loop(self.begin, who, id_, f"{base_url(request)}{self.path}/callback"))

    async def callback(self, request: Request) -> Response:
        """Takes the code, keeps the tokens."""
        who, sent = who_asks(request.scope), dict(request.query_params)
        return await self._on(lambda: off_loop(self.finish, who, sent))

    async def _on(self, address: Callable[[], Awaitable[str]]) -> Response:
        try:
            return RedirectResponse(await address(), 303)
        except HubError as error:
            said = f"{error.message} {error.hint}".strip()
            status = STATUSES.get(error.kind, 400)
            title = "You are not signed in there"
            return forms.notice(title, said, status=status, back=self.page, back_text=self.back_text)


def base_url(request: Request) -> str:
    """Where people reach the hub, without a slash at the end."""
    return settings().public_url.rstrip("/") or f"{request.url.scheme}://{request.url.netloc}"
