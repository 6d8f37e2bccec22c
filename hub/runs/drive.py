"""One target from its prompt to its last event."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

import structlog

from hub.errors import HubError
from hub.models.types import ChatRequest
from hub.runs.lane import Lane
from hub.runs.live import LiveRun
from hub.runs.rounds import Rounds
from hub.runs.speaker import OpenModel, Speaker
from hub.runs.talk import Talk

log = structlog.get_logger(__name__)


async def drive(
    live: LiveRun, index: int, *, open_model: OpenModel, lane: Lane, touch: Callable[[LiveRun], None]
) -> None:
    """Prepares, asks and publishes; always ends with a `done` event and never raises."""
    talk, speaker = Talk(live, index, touch), Speaker(live, index, open_model, lane)
    try:
        request = await lane.run(partial(_prepare, live, index, speaker))
        waits = await Rounds(talk, live.targets[index], speaker, lane).go(request)
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


def _prepare(live: LiveRun, index: int, speaker: Speaker) -> ChatRequest:
    target = live.targets[index]
    request = target.prepare()
    speaker.begin(request, sends=not target.pending)
    return request
