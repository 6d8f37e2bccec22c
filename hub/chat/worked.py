"""What an answer did, as it is kept: its requests, the calls of tools in them, and what these gave.

An answer that went on counts its requests, rounds and milliseconds from its own beginning. The time in which it waited
for the person is not among them.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from hub import runs
from hub.chat import rows
from hub.chat.records import ToolUsed
from hub.db.mongo import Document
from hub.runs import later


def worked(found: Document, outcome: runs.Outcome) -> dict[str, Any]:
    """The fields "steps", "tool_calls" and "tool_results" of the answer `found` with what came out of another run."""
    before, spent = _rounds(found), elapsed(found)
    made = {
        "steps": [_step(one) for one in later.steps(outcome, before, spent)],
        "tool_calls": [rows.plain(one) for one in later.calls(outcome, len(found["text"]), before)],
        "tool_results": [_used(one) for one in later.answers(outcome, spent)],
    }
    return {name: [*found.get(name, ()), *more] for name, more in made.items() if more}


def elapsed(found: Document) -> int:
    """Milliseconds that an answer has taken so far, pauses left out; also of one whose last run never said so."""
    ends = [step["ended_ms"] for step in found.get("steps", ())]
    ends += [one["began_ms"] + one.get("ms", 0) for one in found.get("tool_results", ()) if "began_ms" in one]
    timing: Document = found.get("timing") or {}
    return max([timing.get("total_ms") or 0, *ends])


def _rounds(found: Document) -> int:
    """How many requests there were, also those of another answer whose calls this one has kept."""
    numbers = [step["number"] for step in found.get("steps", ())]
    return 1 + max([*numbers, *(call.get("round", 0) for call in found.get("tool_calls", ()))], default=-1)


def _step(step: runs.Step) -> Document:
    return {**asdict(step), "usage": None if step.usage is None else rows.plain(step.usage)}


def _used(answer: runs.ToolAnswer) -> Document:
    return rows.plain(
        ToolUsed(
            call=answer.id,
            text=answer.text,
            title=answer.title,
            icon=answer.icon,
            said=answer.said,
            error=answer.error,
            ms=answer.ms,
            name=answer.name,
            group=answer.group,
            key=answer.key,
            arguments=answer.arguments,
            about=answer.about,
            cost=answer.cost,
            began_ms=answer.began_ms,
            files=answer.files,
        )
    )
