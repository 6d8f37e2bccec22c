"""JSON in and out of routes, and errors as sentences."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import orjson
import structlog
from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from hub.db.who import Who
from hub.errors import BadInput, HubError

WHO = "hub.who"
LARGEST_JSON = 8_000_000
STATUSES = {
    "not_found": 404,
    "bad_input": 400,
    "too_large": 413,
    "disk_full": 507,
    "store_down": 503,
    "shutting_down": 503,
    "signed_out": 401,
    "sign_in_refused": 401,
    "forbidden": 403,
    "not_allowed": 403,
    "too_many_attempts": 429,
    "refused_delivery": 401,
    "paused": 409,
    "too_many_deliveries": 429,
}

_ESCAPE = re.compile(rb"\\u[dD][89abAB]\w\w\\u[dD][c-fC-F]\w\w|(?P<half>\\u[dD][89a-fA-F]\w\w)|\\.")
"""One escape in JSON; `half` is one half of a character without the other."""

Endpoint = Callable[[Request], Awaitable[Response]]
Model = TypeVar("Model", bound=BaseModel)

log = structlog.get_logger(__name__)


class TooLarge(HubError):
    """More was sent than is taken."""

    kind = "too_large"


class Forbidden(HubError):
    """The request comes from a place that has no business here."""

    kind = "forbidden"


class SignedOut(HubError):
    """Nobody is signed in."""

    kind = "signed_out"


def who_asks(scope: Scope) -> Who:
    """The person that the identity middleware found; raises SignedOut."""
    who = scope.get(WHO)
    if not isinstance(who, Who):
        raise SignedOut("You are signed out.", hint="Sign in again.")
    return who


def json_reply(body: Any, status: int = 200) -> Response:
    """`body` as JSON: dataclasses, times, sets and tuples included."""
    data = orjson.dumps(body, default=_plain)
    return Response(data, status, {"cache-control": "no-store"}, "application/json")


def _plain(value: Any) -> Any:
    if isinstance(value, (set, frozenset)):
        return sorted(value)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    raise TypeError(type(value).__name__)


def error_reply(error: HubError) -> Response:
    """An error as {"error": {"kind", "message", "hint"}} with its status."""
    return json_reply({"error": error.record()}, STATUSES.get(error.kind, 400))


def told(endpoint: Endpoint) -> Endpoint:
    """An endpoint whose errors are answered as JSON."""

    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except HubError as error:
            return error_reply(error)
        except Exception as error:
            log.exception("route_failed", path=request.url.path)
            sentence = f"Something went wrong in the hub ({type(error).__name__})."
            internal = {"kind": "internal", "message": sentence, "hint": "The hub's log says more."}
            return json_reply({"error": internal}, 500)

    return answer


async def body_of(request: Request, most: int = LARGEST_JSON) -> bytes:
    """The whole body; raises TooLarge as soon as it is more than `most` bytes."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > most:
            raise TooLarge(f"That is more than {most // 1_000_000 or 1} MB.", hint="Attach it as a file.")
        chunks.append(chunk)
    return b"".join(chunks)


async def read(request: Request, model: type[Model]) -> Model:
    """The body as `model`; raises BadInput that names the field."""
    try:
        return model.model_validate(_parsed(await body_of(request)))
    except orjson.JSONDecodeError as error:
        raise BadInput("The request is not JSON.") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "The request"
        raise BadInput(f"{place}: {first['msg']}.") from error


def _parsed(body: bytes) -> Any:
    """The JSON in `body`. Halves of characters, as browsers send them of broken text, become replacement characters."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        if "surrogate" not in str(error):
            raise
        return orjson.loads(_ESCAPE.sub(lambda found: rb"\ufffd" if found["half"] else found[0], body))


def limit_of(request: Request, most: int, *, usual: int | None = None) -> int:
    """How many are asked for; raises BadInput for what is no such number."""
    limit = request.query_params.get("limit", str(usual or most))
    if not limit.isdecimal() or not 1 <= int(limit) <= most:
        raise BadInput(f"limit is a number from 1 to {most}.")
    return int(limit)
