"""What happens when a run of an ask has ended, whatever way: what came of it is added to what was there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hub import files, runs
from hub.agents import ask_store
from hub.agents.records import AskRecord
from hub.db.mongo import Document
from hub.db.who import Who
from hub.models.types import Usage
from hub.runs import later
from hub.runs.records import Timing


def run_ended(run: runs.RunRecord, outcomes: Sequence[runs.Outcome]) -> None:
    """Writes an outcome into its row, once; the engine calls it again while the store is away."""
    who = Who(run.owner, "")
    for outcome in outcomes:
        row = ask_store.row(who, outcome.context["message"])
        ask_store.change(who, row["_id"], _changes(who, row, outcome), only={"status": "running", "run": run.id})


def _changes(who: Who, row: Document, outcome: runs.Outcome) -> dict[str, Any]:
    before = ask_store.record(row)
    own = later.counted(outcome)
    rounds = 1 + max((call.round for call in before.tool_calls), default=-1)
    ended = later.elapsed(before.steps, before.timing.total_ms if before.timing else None)
    answers = [
        *before.tool_results,
        *(replace(one, images=()) for one in later.answers(outcome, ended)),
    ]  # the model has seen the pictures
    return {
        "status": outcome.status,
        "text": before.text + outcome.text,
        "model": outcome.model,
        "model_label": outcome.label,
        "tool_calls": [*map(ask_store.plain, (*before.tool_calls, *later.calls(outcome, len(before.text), rounds)))],
        "tool_results": [*map(ask_store.plain, answers)],
        "steps": [*map(ask_store.plain, (*before.steps, *later.steps(outcome, len(before.steps), ended)))],
        "waits": [*map(ask_store.plain, outcome.waits)],
        "usage": ask_store.plain(_usage(before.usage, own, outcome)),
        "cost": _cost(row, later.cost(own, outcome)) if own or outcome.tool_answers else row.get("cost", 0.0),
        "timing": ask_store.plain(_timing(before, outcome.timing)),
        "notices": list(dict.fromkeys([*before.notices, *outcome.notices])),
        "sources": _sources(row, outcome),
        "files": [*before.files, *_made(who, outcome)],
        "error": outcome.error,
    }


def _made(who: Who, outcome: runs.Outcome) -> list[str]:
    """The ids of the pictures and files that the agent and its tools have made; who asked shows them."""
    pictures = (files.add_image(who, f"image {at}", one.mime, one.data) for at, one in enumerate(outcome.images, 1))
    return [*(one.id for one in pictures), *(file for answer in outcome.tool_answers for file in answer.files)]


def _usage(before: Usage | None, own: Usage | None, outcome: runs.Outcome) -> Usage | None:
    """Tokens of the agent and of everything that it asked."""
    every = [before, own, *(answer.usage for answer in outcome.tool_answers)]
    total: Usage | None = None
    for one in every:
        total = one if total is None else total if one is None else total + one
    return total


def _cost(row: Document, cost: float | None) -> float | None:
    """With what earlier runs have cost; unknown when any of it is."""
    before = row.get("cost", 0.0)
    return None if before is None or cost is None else before + cost


def _timing(before: AskRecord, new: Timing) -> Timing:
    old = before.timing
    if old is None:
        return new
    total = None if old.total_ms is None or new.total_ms is None else old.total_ms + new.total_ms
    return Timing(old.started_at, old.first_token_ms, total)


def _sources(row: Document, outcome: runs.Outcome) -> list[Document]:
    """Everything with a number that the agent was given, each once."""
    given = [source for answer in outcome.tool_answers for source in answer.sources if source["number"]]
    return list({one["number"]: one for one in [*given, *row.get("sources", ())]}.values())
