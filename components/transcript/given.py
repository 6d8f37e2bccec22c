"""What tools gave to an answer and what else went into it, as the transcript draws it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from components.transcript import asked as below
from components.transcript.arguments import arguments
from hub.chat.records import Asked, Message, ToolUsed
from hub.models.types import ToolUse
from hub.render.citations import drawn
from hub.traces import Work
from hub.turns import Source

CITED_BY_NUMBER = frozenset({"document", "web"})
LONGEST_RESULT = 20_000
"""Characters of what a tool gave that are carried to the browser."""
_EXCERPT = 400


def titles(message: Message) -> dict[int, str]:
    """What each number that the answer may cite points to."""
    return {source.number: _full(source) for source in message.sources if source.number}


def sources(message: Message, html: str) -> list[dict[str, Any]]:
    """What the answer was given, as rows, each thing once: what it cites in order of the numbers, then the rest. `at`
    is the place in `message.sources`."""
    cited = drawn(html)
    places = {(source.kind, source.item, source.number): at for at, source in enumerate(message.sources)}
    rows = [_source(at, message.sources[at], cited=message.sources[at].number in cited) for at in places.values()]
    return sorted(rows, key=lambda row: (not row["cited"], row["number"] or len(rows)))


def tools(
    message: Message, moment: datetime | None = None, *, asked_below: Sequence[Work] = (), costs: bool = True
) -> list[dict[str, Any]]:
    """The tool calls of an answer, each with what it gave or what it asks of the person; one that asked a sub-agent
    with what that did, from those `asked_below`."""
    given = {result.call: result for result in message.tool_results}
    asked = {one.call: one for one in message.asked}
    now = moment or datetime.now(UTC)
    agents = below.agents(asked_below, costs=costs)
    return [
        {**_tool(call, given.get(call.id), asked.get(call.id), message.status, now), "agent": agents.get(call.id)}
        for call in message.tool_calls
    ]


def _full(source: Source) -> str:
    return " · ".join(part for part in (source.title, source.place) if part)


def _source(at: int, source: Source, *, cited: bool) -> dict[str, Any]:
    text = " ".join(source.text.split())
    return {
        "at": at,
        "number": source.number,
        "kind": source.kind,
        "item": source.item,
        "title": source.title,
        "place": source.place,
        "text": text if len(text) <= _EXCERPT else text[:_EXCERPT].rstrip() + "…",
        "cited": cited,
        "conversation": str(source.about.get("conversation", "")),
    }


def _tool(call: ToolUse, result: ToolUsed | None, asked: Asked | None, status: str, now: datetime) -> dict[str, Any]:
    """A call as it is drawn. One without a result runs, waits, or is lost: the hub stopped in the midst of it."""
    about = result or asked
    key = about.key if about else ""
    shown: dict[str, Any] = {
        "id": call.id,
        "name": (about.name if about else "") or call.name,
        **arguments((about.arguments if about else "") or call.arguments, key),
        "title": about.title if about else "",
        "icon": about.icon if about else "",
        "group": about.group if about else "",
    }
    if result is None:
        shown["status"] = {"streaming": "running", "waiting": "waiting" if asked else "lost"}.get(status, "lost")
        if status == "waiting" and asked and not asked.reply:
            shown["ask"] = _ask(asked, now)
        elif status == "waiting" and asked:
            shown["said"] = asked.reply.capitalize()
        return shown
    cut = result.text[:LONGEST_RESULT]
    return {
        **shown,
        "said": result.said,
        "result": cut if cut == result.text else f"{cut}\n… {len(result.text) - len(cut):,} more characters",
        "status": "error" if result.error else "done",
        "ms": result.ms,
    }


def _ask(asked: Asked, now: datetime) -> dict[str, Any]:
    questions = [{**asdict(one), "choices": list(one.choices)} for one in asked.questions]
    return {"why": asked.why, "questions": questions, "expired": asked.until < now}
