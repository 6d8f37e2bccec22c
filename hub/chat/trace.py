"""What an answer did, as a timeline; also of one that is being written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hub import runs
from hub.chat import finish, rows, store
from hub.chat.prompted import lengths, prompt
from hub.chat.records import Asked, Message, ToolUsed
from hub.chat.waiting import KEPT
from hub.chat.window import get_message
from hub.chat.worked import elapsed, worked
from hub.db.mongo import Document, now
from hub.db.who import Who
from hub.errors import NotFound
from hub.traces import Pause, Span, State, Trace, Work, spans

TITLE = 120
AGENTS = "agents"
"""The room whose block names the agent that answers."""
VEILED = "The trace tells which model it was, which is hidden until you have voted."
BY_HAND = "This answer was written by hand: no model was asked, so there is nothing to trace."
NOTHING = "Nothing was kept of how this answer was made. Answers from before traces were kept have none."


def trace(who: Who, message: str, below: Sequence[Work] = ()) -> Trace:
    """How an answer was made; `below` are the sub-agents that were asked under it. Raises NotFound, also for a message
    that is no answer."""
    found = get_message(who, message)
    if found.role != "assistant":
        raise NotFound("Only answers have a trace.")
    asked = store.message(who, found.parent, deleted=True)["text"] if found.parent else ""
    empty = Trace(found.id, found.conversation, " ".join(asked.split())[:TITLE], _status(found), found.model_label)
    if found.veiled:
        return replace(empty, note=VEILED)
    if not found.model:
        return replace(empty, note=BY_HAND)
    answer, live = _now(who, found)
    empty = replace(empty, status=_status(answer))
    request = live.payload if live else finish.sent_request(who, message)
    work = _work(answer, live)
    made = spans(work, below)
    number = max((step.number for step in work.steps), default=-1)
    last = next((one for one in reversed(made) if one.kind == "step"), None)
    ends = lengths(request, work.calls, number + 1 if last and last.id.endswith("/last") else max(number, 0))
    blocks = answer.context_used.blocks if answer.context_used else ()
    return replace(
        empty,
        agent=next((one.title for one in blocks if one.room == AGENTS), ""),
        started_at=work.started_at,
        first_token_ms=work.first_token_ms,
        total_ms=work.total_ms,
        cost=answer.cost,
        error=work.error,
        spans=tuple(_prompted(one, number, ends) for one in made),
        prompt=prompt(request, blocks),
        request=request,
        note="" if made else NOTHING,
    )


def _status(message: Message) -> State:
    return "running" if message.status == "streaming" else message.status


def _now(who: Who, message: Message) -> tuple[Message, runs.Outcome | None]:
    """The answer as it is, one that is being written as if it was kept now, with what has come of it so far."""
    if message.status != "streaming" or not message.run:
        return message, None
    try:
        live = runs.so_far(who, message.run)[message.target]
    except NotFound:
        return message, None  # its run is not stored yet
    found = store.message(who, message.id)
    if found["status"] != "streaming":
        return rows.message(found), None
    return rows.message({**found, **worked(found, live), "timing": _timing(found, live)}), live


def _timing(found: Document, live: runs.Outcome) -> dict[str, Any]:
    known: dict[str, Any] = {
        "started_at": live.timing.started_at,
        "first_token_ms": None,
        **(found.get("timing") or {}),
    }
    return {**known, "total_ms": elapsed(found) + max(0, (now() - live.timing.started_at) // timedelta(milliseconds=1))}


def _work(message: Message, live: runs.Outcome | None) -> Work:
    timing = message.timing
    return Work(
        message.id,
        _status(message),
        message.steps,
        message.tool_calls,
        tuple(_answer(one) for one in message.tool_results),
        tuple(_pause(one) for one in message.asked),
        message.usage,
        message.cost,
        timing.started_at if timing else None,
        timing.first_token_ms if timing else None,
        timing.total_ms if timing else None,
        f"{message.error.message} {message.error.hint}".strip() if message.error else "",
        model_label=message.model_label,
    )


def _answer(used: ToolUsed) -> runs.ToolAnswer:
    return runs.ToolAnswer(
        id=used.call,
        name=used.name,
        text=used.text,
        title=used.title,
        icon=used.icon,
        said=used.said,
        error=used.error,
        ms=used.ms,
        group=used.group,
        key=used.key,
        arguments=used.arguments,
        about=used.about,
        cost=used.cost,
        began_ms=used.began_ms,
    )


def _pause(asked: Asked) -> Pause:
    return Pause(asked.call, asked.title or asked.name, asked.until - KEPT, asked.icon, asked.reply, asked.replied_at)


def _prompted(span: Span, number: int, ends: dict[int, int]) -> Span:
    """A step with how much of the prompt it was sent."""
    if span.kind != "step":
        return span
    word = span.id.rpartition("/")[2]
    return replace(span, prompt=ends.get(number + 1 if word == "last" else int(word)))
