"""Routes of a turn: send, look, cancel; edit or drop what waits; estimate."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from hub import chat, runs
from hub.errors import BadInput
from hub.web.replies import json_reply, read, who_asks
from hub.web.threads import in_turn, look_up, off_loop

MOST_FILES = 50


class _Target(BaseModel):
    model_config = ConfigDict(extra="forbid")
    model: str
    params: dict[str, Any] = Field(default_factory=dict)


class _Turn(BaseModel):
    model_config = ConfigDict(extra="forbid")
    conversation: str | None = None
    parent: str | None = None
    text: str = ""
    files: list[str] = Field(default_factory=list, max_length=MOST_FILES)
    targets: list[_Target] = Field(default_factory=list[_Target])
    when: Literal["now", "queue", "interrupt"] = "queue"
    temporary: bool = False
    system_prompt: str = ""
    project: str | None = None
    attached: dict[str, Any] = Field(default_factory=dict)


class _Edit(BaseModel):
    model_config = ConfigDict(extra="forbid")
    text: str


class _Draft(BaseModel):
    model_config = ConfigDict(extra="forbid")
    conversation: str | None = None
    text: str = ""
    files: list[str] = Field(default_factory=list, max_length=MOST_FILES)
    model: str
    params: dict[str, Any] = Field(default_factory=dict)
    system_prompt: str = ""


async def send(request: Request) -> Response:
    """POST /api/runs: stores a turn and starts its run. Answers {run, conversation, message, answers}, or
    {queued, conversation} when an answer is still being written and the message waits for it."""
    who = who_asks(request.scope)
    turn = await read(request, _Turn)
    on_thread = off_loop if turn.when == "interrupt" else in_turn  # an interrupt waits for the answer to stop
    sent = await on_thread(
        chat.send,
        who,
        conversation=turn.conversation,
        parent=turn.parent,
        text=turn.text,
        files=turn.files,
        targets=[(target.model, target.params) for target in turn.targets],
        when=turn.when,
        temporary=turn.temporary,
        system_prompt=turn.system_prompt,
        project=turn.project,
        attached=turn.attached,
    )
    if sent.run is None:
        return json_reply({"queued": sent.queued, "conversation": sent.conversation}, 202)
    answer = {"run": sent.run, "conversation": sent.conversation, "message": sent.message, "answers": sent.answers}
    return json_reply(answer, 201)


async def show(request: Request) -> Response:
    """GET /api/runs/{run}: the run's record."""
    record = await look_up(runs.get, who_asks(request.scope), request.path_params["run"])
    return json_reply(
        {
            "run": record.id,
            "kind": record.kind,
            "status": record.status,
            "targets": [
                {"model": "" if t.veiled else t.model, "label": t.label, "status": t.status} for t in record.targets
            ],
            "context": record.context,
            "started_at": record.started_at,
            "ended_at": record.ended_at,
        }
    )


async def cancel(request: Request) -> Response:
    """POST /api/runs/{run}/cancel?target=n: stops it, or only that model of it; its text is kept. The `end` event says
    when it has stopped, the `done` event when one model has."""
    target = request.query_params.get("target")
    if target is not None and not target.isdecimal():
        raise BadInput("target is the number of a model in the run, from 0.")
    number = None if target is None else int(target)
    await look_up(runs.cancel, who_asks(request.scope), request.path_params["run"], number)
    return json_reply({"run": request.path_params["run"]}, 202)


async def edit_queued(request: Request) -> Response:
    """PATCH /api/queue/{id} {text}: changes a message that waits."""
    edit = await read(request, _Edit)
    return json_reply(await off_loop(chat.edit_queued, who_asks(request.scope), request.path_params["id"], edit.text))


async def drop_queued(request: Request) -> Response:
    """DELETE /api/queue/{id}: a message that waits is not sent; it is answered once more, to be put back."""
    return json_reply(await off_loop(chat.drop_queued, who_asks(request.scope), request.path_params["id"]))


async def estimate(request: Request) -> Response:
    """POST /api/estimate {conversation?, text, files, model, params?, system_prompt?}: {tokens, window, cost, left_out,
    notes} of the next turn."""
    draft = await read(request, _Draft)
    if not draft.model:
        raise BadInput("No model is named.")
    found = await off_loop(
        chat.estimate,
        who_asks(request.scope),
        conversation=draft.conversation,
        text=draft.text,
        files=draft.files,
        model=draft.model,
        params=draft.params,
        system_prompt=draft.system_prompt,
    )
    return json_reply(found)
