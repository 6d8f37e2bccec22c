"""Runs and cells in their stored form.

What never changes in a run is one JSON text, `plan`: keys such as "$ref" of a JSON schema are none of the store's
business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, cast

import orjson

from hub.db.mongo import Document
from hub.db.who import Who
from hub.evals import runs_store
from hub.evals.records import (
    Cell,
    Endpoint,
    Estimate,
    EvalRun,
    Limits,
    Mark,
    Row,
    RunModel,
    Verdict,
)
from hub.evals.set_content import template
from hub.models.types import Params, Price, Usage

_OUTSIDE = ("id", "status", "limits", "cap", "created_at", "ended_at", "spent", "calls", "said")
"""Fields of a run that are stored beside the plan, because they change."""


def document(who: Who, run: EvalRun) -> Document:
    """The stored form of a new run; its id is given by the store."""
    plan = {name: value for name, value in asdict(run).items() if name not in _OUTSIDE}
    return {
        "owner": who.id,
        "status": run.status,
        "limits": asdict(run.limits),
        "cap": run.cap,
        "created_at": run.created_at,
        "ended_at": run.ended_at,
        "spent": run.spent,
        "calls": run.calls,
        "said": run.said,
        "paused": {},
        "deleted_at": None,
        "plan": orjson.dumps(plan),
    }


def run(found: Document) -> EvalRun:
    """The run in a document."""
    plan: dict[str, Any] = orjson.loads(found["plan"])
    paused: Mapping[str, str] = found["paused"]
    models = tuple(_model(one, paused.get(str(number), "")) for number, one in enumerate(plan.pop("models")))
    judge = plan.pop("judge")
    estimate: dict[str, Any] = {"local": (), **plan.pop("estimate")}
    plan |= {
        "id": str(found["_id"]),
        "models": models,
        "judge": _model(judge, "") if judge else None,
        "templates": tuple(map(template, plan["templates"])),
        "estimate": Estimate(**{**estimate, **_tuples(estimate, "unpriced", "problems", "local")}),
        "limits": Limits(**found["limits"]),
        **_tuples(plan, "checks", "tags"),
        **{name: found[name] for name in ("status", "cap", "created_at", "ended_at", "spent", "said")},
        "calls": found.get("calls", 0),
    }
    return EvalRun(**plan)


def row_document(who: Who, run_id: str, number: int, row: Row) -> Document:
    """The stored form of a row that is copied into a run."""
    content = orjson.dumps(row)
    return {"_id": f"{run_id}:{number}", "owner": who.id, "run": run_id, "row": number, "content": content}


def row(found: Document) -> Row:
    """The row in a document."""
    content: Document = orjson.loads(found["content"])
    return Row(**{**content, **_tuples(content, "turns", "files", "tags", "checks")})


def cell_document(who: Who, run_id: str, cell: Cell, key: str) -> Document:
    """The stored form of a cell; `key` is what was asked, exactly."""
    return {
        "_id": runs_store.cell_id(run_id, cell.index),
        "owner": who.id,
        "run": run_id,
        "index": cell.index,
        "row": cell.row,
        "template": cell.template,
        "model": cell.model,
        "repeat": cell.repeat,
        "status": cell.status,
        "answers": list(cell.answers),
        "reasoning": cell.reasoning,
        "usage": _usage_document(cell.usage),
        "cost": cell.cost,
        "ms": cell.ms,
        "first_ms": cell.first_ms,
        "waited_ms": cell.waited_ms,
        "attempts": cell.attempts,
        "finish": cell.finish,
        "error": cell.error,
        "cached": cell.cached,
        "verdicts": verdict_documents(cell.verdicts),
        "mark": mark_document(cell.mark),
        "at": cell.at,
        "key": key,
    }


def cell(found: Document) -> Cell:
    """The cell in a document."""
    return Cell(
        index=found["index"],
        row=found["row"],
        template=found["template"],
        model=found["model"],
        repeat=found["repeat"],
        status=found["status"],
        answers=tuple(found["answers"]),
        reasoning=found["reasoning"],
        usage=_usage(found["usage"]),
        cost=found["cost"],
        ms=found["ms"],
        first_ms=found["first_ms"],
        waited_ms=found["waited_ms"],
        attempts=found["attempts"],
        finish=found["finish"],
        error=found["error"],
        cached=found["cached"],
        verdicts=tuple(map(_verdict, found["verdicts"])),
        mark=Mark(**found["mark"]) if found["mark"] else None,
        at=found["at"],
    )


def verdict_documents(verdicts: tuple[Verdict, ...]) -> list[Document]:
    """The stored form of what checks said."""
    return [asdict(one) for one in verdicts]


def mark_document(mark: Mark | None) -> Document | None:
    """The stored form of what a person thinks of a cell."""
    return {"passed": mark.passed, "note": mark.note, "at": mark.at} if mark else None


def _usage_document(usage: Usage | None) -> Document | None:
    if usage is None:
        return None
    return {
        "input": usage.input,
        "output": usage.output,
        "cached": usage.cached,
        "reasoning": usage.reasoning,
        "cost": usage.cost,
        "estimated": usage.estimated,
    }


def _usage(found: Document | None) -> Usage | None:
    return Usage(**found) if found else None


def _verdict(found: Document) -> Verdict:
    read: Document = {**found, "usage": _usage(found["usage"])}
    return Verdict(**read)


def _model(found: Document, paused: str) -> RunModel:
    params: Document = {**found["params"], "stop": tuple(found["params"]["stop"])}
    copied: Document = {
        **found,
        "params": Params(**params),
        "price": Price(**found["price"]),
        "endpoint": Endpoint(**found["endpoint"]) if found["endpoint"] else None,
        "paused": paused,
    }
    return RunModel(**copied)


def _tuples(found: Document, *names: str) -> dict[str, Any]:
    return {name: tuple(cast(list[Any], found[name])) for name in names}
