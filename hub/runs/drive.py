"""One target from its prompt to its last event."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

import structlog

from hub.db.who import Who
from hub.errors import HubError
from hub.models.text_protocol import InWords
from hub.models.types import ChatModel, ChatRequest
from hub.runs.lane import Lane
from hub.runs.live import LiveRun
from hub.runs.rounds import Rounds
from hub.runs.talk import Talk

OpenModel = Callable[[Who, str], ChatModel]

log = structlog.get_logger(__name__)


async def drive(
    live: LiveRun, index: int, *, open_model: OpenModel, lane: Lane, touch: Callable[[LiveRun], None]
) -> None:
    """Prepares, asks and publishes; always ends with a `done` event and never raises."""
    talk = Talk(live, index, touch)
    try:
        model, request = await lane.run(partial(_prepare, live, index, open_model))
        waits = await Rounds(talk, live.targets[index], model, lane, partial(_sent, live, index, model)).go(request)
    except asyncio.CancelledError:
        talk.end(live.stop or "cancelled")
    except HubError as error:
        log.info("target_failed", run=live.record.id, kind=error.kind)
        talk.end("error", dict(error.record()))
    except Exception as error:
        log.exception("target_failed", run=live.record.id)
        sentence = f"Something went wrong in the hub ({type(error).__name__})."
        talk.end("error", {"kind": "internal", "message": sentence, "hint": "Try again; the hub's log says more."})
    else:
        talk.end("waiting" if waits else "done")


def _prepare(live: LiveRun, index: int, open_model: OpenModel) -> tuple[ChatModel, ChatRequest]:
    target = live.targets[index]
    request = target.prepare()
    model = open_model(live.who, target.model)
    if request.in_words:
        model = InWords(model)
    if not target.pending:
        _sent(live, index, model, request)
    return model, request


def _sent(live: LiveRun, index: int, model: ChatModel, request: ChatRequest) -> None:
    live.sent(index, model.payload(request, stream=True))
