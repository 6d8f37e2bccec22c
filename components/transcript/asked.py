"""Sub-agents that were asked under an answer, each in the line of the call that asked it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from components.transcript.arguments import arguments
from components.transcript.money import money
from hub.render import markdown
from hub.runs.records import Call, ToolAnswer
from hub.traces import Work

LONGEST_TASK = 2_000
STATUSES = {"error": "Failed", "cancelled": "Stopped", "interrupted": "Cut off", "waiting": "Waits for you"}


def agents(asked: Sequence[Work], parent: str = "", *, costs: bool = True) -> dict[str, dict[str, Any]]:
    """What the sub-agents of `parent` ("" is the answer) did, by the call that asked each."""
    return {one.call: _agent(one, asked, costs) for one in asked if one.parent == parent}


def _agent(work: Work, asked: Sequence[Work], costs: bool) -> dict[str, Any]:
    inner, gave = agents(asked, work.id, costs=costs), {one.id: one for one in work.results}
    return {
        "name": work.name,
        "avatar": work.avatar or work.name[:2],
        "hue": work.hue,
        "model": work.model_label,
        "task": work.task[:LONGEST_TASK],
        "status": work.status,
        "said": STATUSES.get(work.status, ""),
        "ms": work.total_ms,
        "cost": money(work.cost) if costs and work.cost else "",
        "html": markdown(work.text) if work.text else "",
        "error": work.error,
        "lines": [_line(call, gave.get(call.id), inner.get(call.id), work, costs) for call in work.calls],
    }


def _line(
    call: Call, result: ToolAnswer | None, agent: dict[str, Any] | None, work: Work, costs: bool
) -> dict[str, Any]:
    given = arguments((result.arguments if result else "") or call.arguments, result.key if result else "")
    waits = work.status == "waiting" and any(one.call == call.id for one in work.pauses)
    lost = "waiting" if waits else "running" if work.status == "running" else "lost"
    return {
        "id": call.id,
        "name": (result.name if result else "") or call.name,
        "title": result.title if result else "",
        "icon": result.icon if result else "",
        "key": given["key"],
        "said": result.said if result else "",
        "status": lost if result is None else "error" if result.error else "done",
        "ms": result.ms if result else None,
        "cost": money(result.cost) if result and costs and result.cost else "",
        "agent": agent,
    }
