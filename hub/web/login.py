"""Routes of signing in and out, and of the first account.

The forms are safe from other sites by the Origin check in front of every route and by the cookie's SameSite=Lax.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Scope

from hub import people
from hub.errors import HubError
from hub.settings import settings
from hub.web import forms
from hub.web.identity import COOKIE, client_address, known_people, session_token
from hub.web.replies import STATUSES, WHO, Endpoint, body_of
from hub.web.threads import look_up, off_loop

_MONTH = 30 * 24 * 3600
_LARGEST_FORM = 20_000


def shown(endpoint: Endpoint) -> Endpoint:
    """An endpoint for people: an error that it does not show itself becomes a page with its sentence."""

    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except HubError as error:
            return forms.problem(error, STATUSES.get(error.kind, 400), back=request.url.path)

    return answer


async def login(request: Request) -> Response:
    """GET and POST /login."""
    if not await look_up(people.any_person):
        return RedirectResponse("/setup" if settings().sign_in_required else "/", 303)
    if request.method == "GET":
        after = safe_path(request.query_params.get("next", "/"))
        return RedirectResponse(after, 303) if request.scope.get(WHO) else forms.login(after=after)
    form = await _form(request)
    name, after = form.get("name", ""), safe_path(form.get("next", "/"))
    try:
        token, _ = await off_loop(
            people.sign_in, name, form.get("password", ""), device=_device(request), address=_address(request)
        )
    except HubError as error:
        return forms.login(name=name, after=after, problem=_sentence(error), status=STATUSES.get(error.kind, 400))
    return _signed_in(request, token, after)


async def setup(request: Request) -> Response:
    """GET and POST /setup: the first account, while there is none."""
    if await look_up(people.any_person):
        sentence = "The first account exists already."
        return forms.notice("The hub is set up", sentence, back="/login", back_text="Sign in")
    asks = token_asked(request.scope)
    if request.method == "GET":
        return forms.setup(token=request.query_params.get("token", "") if asks else None)
    form = await _form(request)
    name, token = form.get("name", ""), form.get("token", "") if asks else None
    try:
        if asks and not await off_loop(people.token_fits, form.get("token", "")):
            raise HubError("The setup token is not right.", hint=forms.WHERE_TOKEN)
        if form.get("password") != form.get("again"):
            raise HubError("The two passwords differ.")
        who = await off_loop(people.create_first, name, form.get("password", ""))
    except HubError as error:
        return forms.setup(name=name, token=token, problem=_sentence(error), status=STATUSES.get(error.kind, 400))
    known_people.someone()
    session = await off_loop(people.begin_session, who, device=_device(request), address=_address(request))
    return _signed_in(request, session, "/")


async def logout(request: Request) -> Response:
    """GET asks, POST ends the session."""
    if request.method == "GET":
        return forms.logout()
    token = session_token(dict(request.scope["headers"]))
    if token:
        await off_loop(people.sign_out, token)
        known_people.forget(token)
    response = RedirectResponse("/login" if await look_up(people.any_person) else "/", 303)
    response.delete_cookie(COOKIE, path="/")
    return response


def token_asked(scope: Scope) -> bool:
    """Whether the first account needs the setup token: always where people have to sign in, since a proxy on this
    machine may bring strangers. Elsewhere not from this machine to its own loopback address.

    Headers of a proxy, or a name that is not the machine's own, mean that someone else may be at the other end.
    """
    if settings().sign_in_required:
        return True
    headers = dict(scope["headers"])
    proxied = any(name in headers for name in (b"x-forwarded-for", b"x-real-ip", b"forwarded", b"x-forwarded-host"))
    named: bytes = headers.get(b"host", b"")
    host = urlsplit("//" + named.decode("latin-1")).hostname or ""
    return not (_loopback(host) and _loopback(client_address(scope)) and not proxied)


def _loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def safe_path(path: str) -> str:
    """`path` if it stays on this hub, else "/"."""
    if not path.startswith("/") or path.startswith(("//", "/\\")) or not path.isprintable():
        return "/"
    return path


def is_https(request: Request) -> bool:
    """Whether the browser speaks TLS to the hub or to what stands in front of it."""
    return request.url.scheme == "https" or settings().public_url.startswith("https:")


def _signed_in(request: Request, token: str, after: str) -> Response:
    response = RedirectResponse(after, 303)
    response.set_cookie(
        COOKIE, token, max_age=_MONTH, path="/", httponly=True, samesite="lax", secure=is_https(request)
    )
    return response


async def _form(request: Request) -> dict[str, str]:
    fields = parse_qs((await body_of(request, _LARGEST_FORM)).decode("utf-8", "replace"), keep_blank_values=True)
    return {name: values[-1] for name, values in fields.items()}


def _device(request: Request) -> str:
    return request.headers.get("user-agent", "")


def _address(request: Request) -> str:
    return client_address(request.scope)


def _sentence(error: HubError) -> str:
    return f"{error.message} {error.hint}".strip()
