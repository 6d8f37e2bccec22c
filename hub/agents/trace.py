"""Agents that were asked under an answer, as the rows of its trace."""

from __future__ import annotations

from dataclasses import replace

from hub import runs
from hub.agents.ask_store import asks
from hub.agents.records import AskRecord
from hub.db.who import Who
from hub.errors import NotFound
from hub.runs import later
from hub.traces import Pause, Work


def below(who: Who, answer: str) -> tuple[Work, ...]:
    """Every agent that was asked for an answer, as far as each has come."""
    return tuple(work(_now(who, one)) for one in asks(who, answer))


def work(ask: AskRecord) -> Work:
    """What came of an ask, as a trace and the chat draw it."""
    timing, error = ask.timing, ask.error or {}
    return Work(
        ask.id,
        ask.status,
        ask.steps,
        ask.tool_calls,
        ask.tool_results,
        tuple(Pause(one.id, one.title or one.name, icon=one.icon) for one in ask.waits),
        ask.usage,
        ask.cost,
        timing.started_at if timing else None,
        timing.first_token_ms if timing else None,
        timing.total_ms if timing else None,
        f"{error.get('message', '')} {error.get('hint', '')}".strip(),
        ask.parent,
        ask.call,
        ask.name,
        ask.avatar,
        ask.hue,
        ask.task,
        ask.text,
        ask.model_label,
    )


def _now(who: Who, ask: AskRecord) -> AskRecord:
    """An ask with what its run has said until now; the row knows of it when the run is over."""
    if ask.status != "running" or not ask.run:
        return ask
    try:
        outcomes = runs.so_far(who, ask.run)
    except NotFound:
        return ask  # its run is not stored yet
    live = next((one for one in outcomes if one.context.get("message") == ask.id), None)
    if live is None:
        return ask
    ended = later.elapsed(ask.steps, ask.timing.total_ms if ask.timing else None)
    rounds = 1 + max((call.round for call in ask.tool_calls), default=-1)
    return replace(
        ask,
        text=ask.text + live.text,
        steps=(*ask.steps, *later.steps(live, len(ask.steps), ended)),
        tool_calls=(*ask.tool_calls, *later.calls(live, len(ask.text), rounds)),
        tool_results=(*ask.tool_results, *later.answers(live, ended)),
        timing=ask.timing or live.timing,
    )
