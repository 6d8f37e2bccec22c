"""JSONL: one object a cell with everything that is known of it, raw verdicts and judges' prompts too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import orjson

from hub.evals.export.report import Report, outcome
from hub.evals.records import Cell, Row


def write(report: Report) -> Iterator[bytes]:
    """A block of lines for each row."""
    for number, (row, cells) in enumerate(report.rows(), 1):
        yield b"".join(orjson.dumps(_object(report, number, row, cell), default=str) + b"\n" for cell in cells)


def _object(report: Report, number: int, row: Row, cell: Cell) -> dict[str, Any]:
    run, model = report.run, report.run.models[cell.model]
    found = asdict(cell)
    for name in ("row", "template", "model"):
        del found[name]
    about = {
        "run": run.id,
        "set": run.set_name,
        "version": run.set_version,
        "row": {"number": number, **asdict(row)},
        "model": {"id": model.model, "label": model.label, "params": _given(asdict(model.params))},
        "template": asdict(run.templates[cell.template]),
        "outcome": outcome(cell),
        "passed": cell.passed if cell.status == "done" else None,
    }
    return about | found | {"repeat": cell.repeat + 1}


def _given(params: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in params.items() if value not in (None, (), False)}
