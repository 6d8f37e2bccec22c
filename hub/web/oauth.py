"""Routes of OpenRouter's one-click sign-in (OAuth with PKCE): a person returns with a code, we get a key for it."""

from __future__ import annotations

import secrets
from contextlib import suppress

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from hub.errors import HubError
from hub.models import catalogue, connections, openrouter
from hub.models.errors import ModelError
from hub.web import forms
from hub.web.login import is_https
from hub.web.replies import who_asks
from hub.web.sign_ins import base_url
from hub.web.threads import off_loop

COOKIE = "hub_openrouter"
AFTER = "/models"
SITE = openrouter.SITE
_PATH = "/oauth/openrouter"
_SECONDS = 600


async def start(request: Request) -> Response:
    """GET /oauth/openrouter/start: sends the person to OpenRouter.

    The verifier waits in a cookie of this browser, beside a state that ties the way back to this start.
    """
    who_asks(request.scope)
    state = secrets.token_urlsafe(16)
    url, verifier = openrouter.start(f"{base_url(request)}{_PATH}/callback?state={state}", SITE)
    response = RedirectResponse(url, 303)
    response.set_cookie(
        COOKIE,
        f"{state}.{verifier}",
        max_age=_SECONDS,
        path=_PATH,
        httponly=True,
        samesite="lax",
        secure=is_https(request),
    )
    return response


async def callback(request: Request) -> Response:
    """GET /oauth/openrouter/callback: fetches the key, stores the connection."""
    who = who_asks(request.scope)
    state, _, verifier = request.cookies.get(COOKIE, "").partition(".")
    code = request.query_params.get("code", "")
    fits = secrets.compare_digest(state.encode(), request.query_params.get("state", "").encode())
    if not (code and verifier and fits):
        return _back("OpenRouter did not send what was expected, or it took too long.", 400)
    try:
        key = await openrouter.exchange(code, verifier, SITE)
        address = f"{SITE}/api/v1"
        connection = await off_loop(connections.add, who, "openrouter", name="OpenRouter", key=key, base_url=address)
    except HubError as error:
        return _back(f"{error.message} {error.hint}".strip(), 502)
    with suppress(ModelError):  # the models page asks again and says what is wrong
        await catalogue.refresh(who, connection)
    response = RedirectResponse(f"{AFTER}?connected=openrouter", 303)
    response.delete_cookie(COOKIE, path=_PATH)
    return response


def _back(sentence: str, status: int) -> Response:
    title = "OpenRouter is not connected"
    return forms.notice(title, sentence, status=status, back=AFTER, back_text="Back to models")
