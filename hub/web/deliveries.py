"""Route of webhooks: what other programs send to a schedule."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from hub.web.replies import TooLarge, body_of, error_reply, json_reply
from hub.web.threads import off_loop

LARGEST = 256 * 1024


async def take(request: Request) -> Response:
    """POST /api/hooks/schedules/{id}: 202 {"run"} for a run that was started, 200 for one that this delivery had
    started before. The signature alone says who sends it."""
    try:
        body = await body_of(request, LARGEST)
    except TooLarge as error:
        said = f"A delivery has at most {LARGEST // 1024} KB."
        raise TooLarge(said, hint="Send less, or the address of it.") from error
    return await off_loop(_taken, request.path_params["id"], dict(request.headers), body)


def _taken(schedule: str, headers: dict[str, str], body: bytes) -> Response:
    from hub.schedules import webhook  # with all that schedules need, which a hub without webhooks never loads

    try:
        found = webhook.take(schedule, headers, body)
    except webhook.TooMany as error:
        refused = error_reply(error)
        refused.headers["retry-after"] = str(webhook.MINUTE.seconds)
        return refused
    return json_reply({"run": found.run}, 202 if found.fresh else 200)
