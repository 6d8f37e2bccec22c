"""A cell as one flat record: the columns of CSV, Parquet and the notebook."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hub.evals.export.report import Report, outcome, problem
from hub.evals.records import Cell, Row, Verdict

Flat = dict[str, Any]
TEXTS = ("id", "tags", "vars", "system", "prompt", "expected", "model", "template")
NUMBERS = ("cost", "judge_cost", "ms", "first_ms", "waited_ms")
WHOLE = ("tokens_in", "tokens_out", "attempts")


def columns(report: Report) -> dict[str, type]:
    """The name and type of every column, in order; None may stand in each."""
    found: dict[str, type] = {"row": int, **dict.fromkeys(TEXTS, str), "repeat": int}
    found |= {"outcome": str, "passed": bool, "answer": str, "answers": str}
    for name in report.checks:
        found |= {f"check: {name}": bool, f"score: {name}": float, f"reason: {name}": str}
    found |= {"other checks": str, "mark": bool, "note": str, "error": str, "error_kind": str, "finish": str}
    found |= dict.fromkeys(WHOLE, int) | dict.fromkeys(NUMBERS, float) | {"cached": bool, "at": str}
    return found


def records(report: Report) -> Iterator[Flat]:
    """Every cell as a flat record."""
    for number, (row, cells) in enumerate(report.rows(), 1):
        for cell in cells:
            yield record(report, number, row, cell)


def record(report: Report, number: int, row: Row, cell: Cell) -> Flat:
    """One cell. Text and verdict are never mixed: `answer` is what the model wrote and nothing else."""
    names = set(report.checks)
    told: Flat = {}
    for verdict in cell.verdicts:
        if verdict.name in names:
            told[f"check: {verdict.name}"] = verdict.passed
            told[f"score: {verdict.name}"] = verdict.score
            told[f"reason: {verdict.name}"] = verdict.reason or verdict.error
    others = [_verdict(one) for one in cell.verdicts if one.name not in names]
    usage, error = cell.usage, cell.error or {}
    return {
        "row": number,
        "id": row.id,
        "tags": ", ".join(row.tags),
        "vars": _json(dict(row.vars)) if row.vars else "",
        "system": row.system,
        "prompt": "\n\n".join(row.turns),
        "expected": row.expected,
        "model": report.run.models[cell.model].label,
        "template": report.run.templates[cell.template].name,
        "repeat": cell.repeat + 1,
        "outcome": outcome(cell),
        "passed": cell.passed if cell.status == "done" else None,
        "answer": cell.text,
        "answers": _json(cell.answers) if len(cell.answers) > 1 else "",
        **told,
        "other checks": _json(others) if others else "",
        "mark": cell.mark.passed if cell.mark else None,
        "note": cell.mark.note if cell.mark else "",
        "error": problem(cell),
        "error_kind": str(error.get("kind", "")),
        "finish": cell.finish,
        "tokens_in": usage.input if usage else None,
        "tokens_out": usage.output if usage else None,
        "attempts": cell.attempts,
        "cost": cell.cost,
        "judge_cost": _judging(cell),
        "ms": cell.ms,
        "first_ms": cell.first_ms,
        "waited_ms": cell.waited_ms,
        "cached": cell.cached,
        "at": cell.at.isoformat() if cell.at else "",
    }


def _judging(cell: Cell) -> float | None:
    """What judges cost; None when one of them has no known price."""
    asked = [one.cost for one in cell.verdicts if one.usage is not None]
    known = [one for one in asked if one is not None]
    return sum(known) if len(known) == len(asked) else None


def _verdict(verdict: Verdict) -> Flat:
    return {
        "name": verdict.name,
        "passed": verdict.passed,
        "score": verdict.score,
        "reason": verdict.reason,
        "error": verdict.error,
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
