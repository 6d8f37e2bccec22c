"""Routes of a comparison: what is done so often that a page must not be between: ask, stop, ask again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from hub import compare
from hub.compare.records import Asked
from hub.db.who import Who
from hub.errors import BadInput, NotFound
from hub.web.lists import MOST_MESSAGES
from hub.web.replies import json_reply, limit_of, read, who_asks
from hub.web.threads import in_turn, look_up, off_loop
from hub.web.turns import MOST_FILES


class _Member(BaseModel):
    model_config = ConfigDict(extra="forbid")
    model: str
    params: dict[str, Any] = Field(default_factory=dict)


class _New(BaseModel):
    model_config = ConfigDict(extra="forbid")
    text: str = ""
    files: list[str] = Field(default_factory=list, max_length=MOST_FILES)
    models: list[_Member] = Field(default_factory=list[_Member])
    message: str | None = None
    blind: bool = False
    temporary: bool = False
    project: str | None = None
    system_prompt: str = ""
    attached: dict[str, Any] = Field(default_factory=dict)


class _Turn(BaseModel):
    model_config = ConfigDict(extra="forbid")
    text: str = ""
    files: list[str] = Field(default_factory=list, max_length=MOST_FILES)
    panes: list[str] | None = None


class _Added(_Member):
    like: str | None = None


class _Swap(_Member):
    ask: bool = True


async def start(request: Request) -> Response:
    """POST /api/comparisons: asks several models the same; with `message`, an answer that is there becomes the first
    pane. Answers {comparison, conversation, run, panes, waiting}."""
    who, new = who_asks(request.scope), await read(request, _New)
    members = [(one.model, one.params) for one in new.models]
    if new.message is not None:
        if extra := new.model_fields_set - {"message", "models"}:
            raise BadInput(f"A comparison that begins from a message takes no {', '.join(sorted(extra))}.")
        return _asked(await in_turn(compare.from_answer, who, new.message, members))
    more = new.model_dump(exclude={"text", "models", "message"})
    return _asked(await in_turn(compare.start, who, new.text, members, **more))


async def listed(request: Request) -> Response:
    """GET /api/comparisons: those whose chats are there, the one that changed last first."""
    return json_reply(await off_loop(compare.comparisons, who_asks(request.scope)))


async def show(request: Request) -> Response:
    """GET /api/comparisons/{id}?limit=40: {comparison, panes, running, waiting}, the newest messages of each pane."""
    who, levels = who_asks(request.scope), limit_of(request, MOST_MESSAGES, usual=40)
    return json_reply(await off_loop(compare.open_comparison, who, request.path_params["id"], levels=levels))


async def say(request: Request) -> Response:
    """POST /api/comparisons/{id}/turns {text, files, panes?}: asks all panes on, or these."""
    who, turn = who_asks(request.scope), await read(request, _Turn)
    id_ = request.path_params["id"]
    return _asked(await in_turn(compare.say, who, id_, turn.text, files=turn.files, only=turn.panes))


async def stop(request: Request) -> Response:
    """POST /api/comparisons/{id}/stop: stops every pane."""
    await look_up(compare.stop, who_asks(request.scope), request.path_params["id"])
    return json_reply({"comparison": request.path_params["id"]}, 202)


async def add(request: Request) -> Response:
    """POST /api/comparisons/{id}/panes {model, params?, like?}: one more model answers the newest question."""
    who, made = who_asks(request.scope), await read(request, _Added)
    member = (made.model, made.params)
    return _asked(await in_turn(compare.add_pane, who, request.path_params["id"], member, like=made.like))


async def change(request: Request) -> Response:
    """POST /api/comparisons/{id}/panes/{pane}/{retry|stop|swap|remove|continue}."""
    who, path = who_asks(request.scope), request.path_params
    if path["do"] not in _ACTS:
        raise NotFound(f"A pane does not know how to {path['do'][:40]}.", hint=f"There are {', '.join(_ACTS)}.")
    return await _ACTS[path["do"]](request, who, path["id"], path["pane"])


async def _retry(request: Request, who: Who, comparison: str, pane: str) -> Response:
    return _asked(await in_turn(compare.retry, who, comparison, pane))


async def _swap(request: Request, who: Who, comparison: str, pane: str) -> Response:
    new = await read(request, _Swap)
    return _asked(await in_turn(compare.swap, who, comparison, pane, new.model, new.params, asking=new.ask))


async def _stop(request: Request, who: Who, comparison: str, pane: str) -> Response:
    await look_up(compare.stop, who, comparison, pane)
    return json_reply({"comparison": comparison, "pane": pane}, 202)


async def _remove(request: Request, who: Who, comparison: str, pane: str) -> Response:
    await off_loop(compare.remove_pane, who, comparison, pane)
    return json_reply({"comparison": comparison, "pane": pane})


async def _continue(request: Request, who: Who, comparison: str, pane: str) -> Response:
    return json_reply({"conversation": await off_loop(compare.continue_with, who, comparison, pane)})


_ACTS: dict[str, Callable[[Request, Who, str, str], Awaitable[Response]]] = {
    "retry": _retry,
    "stop": _stop,
    "swap": _swap,
    "remove": _remove,
    "continue": _continue,
}


def _asked(asked: Asked) -> Response:
    return json_reply(asked, 201 if asked.run else 202)
