"""What the grid of a run is sent, as plain JSON.

summary: {progress: {status, cells, done, errors, in_flight, spent, cap, rate, seconds_left, said}, columns: [{done,
  passed, failed, errors, unjudged, pass: {value, low, high} or null, p50, p95 (milliseconds), tokens, cost (US dollars,
  null unknown), paused, against: {value, clear, sentence, regressed} or null}], judges: sentences on how far each judge
  agrees with the person's marks}
rows: {first, size, total, rows: [{row, title, expected, tags, cells: columns x repeats of a cell in short}]}
a cell in short: {index, status, passed, text, ms, cost, error, cached, mark, change: "", "better" or "worse"}
cell: the same and {row, column, repeats, facts, system, turns: [{asked, html}], reasoning, expected, verdicts, error,
  mark, request, text}; a verdict of a judge has `agrees`, how far it agrees with the person
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from hub.db.who import Who
from hub.evals import judges, look, results
from hub.evals.checks import KINDS
from hub.evals.figures import Column
from hub.evals.records import Cell, EvalRun, Row
from hub.render import markdown

SHORT = 420
"""Characters of an answer or a prompt that a cell of the grid shows."""
_SIGNS = re.compile(r"\*\*|__|^\s*(?:#{1,6}\s+|```\w*$)")
_CHANGES = {1: "better", -1: "worse"}
Wire = dict[str, Any]


def summary(who: Who, run: str, baseline: str) -> Wire:
    """How far a run is, and what each column came to."""
    head, how = results.get_run(who, run), results.progress(who, run)
    found = look.summary(who, run, baseline)
    return {
        "progress": {**asdict(how), "cap": head.cap},
        "columns": [_column(one, head.models[one.model].paused) for one in found.columns],
        "judges": [one.sentence for one in judges.with_marks(who, run)],
    }


def _column(one: Column, paused: str) -> Wire:
    change = one.against
    against = change and {
        "value": change.difference.mean,
        "clear": change.difference.shown,
        "sentence": change.difference.sentence,
        "regressed": len(change.regressed),
    }
    return {
        "done": one.done,
        "passed": one.passed,
        "failed": one.failed,
        "errors": one.errors,
        "unjudged": one.unjudged,
        "pass": asdict(one.rate.interval) if one.rate else None,
        "p50": one.median_ms,
        "p95": one.p95_ms,
        "tokens": one.tokens_in + one.tokens_out,
        "cost": one.cost,
        "paused": paused,
        "against": against,
    }


def rows(who: Who, run: str, first: int, count: int, only: str, words: str, baseline: str) -> Wire:
    """One page of rows."""
    page = look.rows(who, run, first, count, only, words, baseline)
    return {"first": page.first, "size": page.size, "total": page.total, "rows": [_row(one) for one in page.rows]}


def _row(one: look.ShownRow) -> Wire:
    return {
        "row": one.number,
        "title": _title(one.content),
        "expected": (one.content.expected or "")[:SHORT],
        "tags": one.content.tags,
        "cells": [
            [_short(cell, change if cell.repeat == 0 else 0) for cell in column]
            for column, change in zip(one.cells, one.changes, strict=True)
        ],
    }


def _title(row: Row) -> str:
    text = row.turns[0] if row.turns else ""
    named = "\n".join(f"{name}: {value}" for name, value in row.vars.items())
    return (f"{text}\n{named}" if text and named else text or named)[:SHORT]


def _plain(text: str) -> str:
    """The beginning of an answer on few lines, without the signs of Markdown."""
    lines = (_SIGNS.sub("", line).strip() for line in text[: 2 * SHORT].splitlines())
    return "\n".join(filter(None, lines))[:SHORT]


def _short(cell: Cell, change: int = 0) -> Wire:
    return {
        "index": cell.index,
        "status": cell.status,
        "passed": cell.passed,
        "text": _plain(cell.text),
        "ms": cell.ms,
        "cost": cell.cost,
        "error": str(cell.error.get("message", "It failed without saying why.")) if cell.error else "",
        "cached": cell.cached,
        "mark": cell.mark is not None,
        "change": _CHANGES.get(change, ""),
    }


def cell(who: Who, run: str, index: int) -> Wire:
    """One cell with everything."""
    found = look.cell(who, run, index)
    one = found.cell
    return {
        **_short(one),
        "text": one.text,
        "row": one.row,
        "column": one.model * len(found.run.templates) + one.template,
        "repeats": [_short(other) for other in found.repeats],
        "facts": _facts(one),
        "system": found.asked.system,
        "turns": [
            {"asked": said, "html": markdown(one.answers[place]) if place < len(one.answers) else None}
            for place, said in enumerate(found.asked.turns)
        ],
        "reasoning": one.reasoning,
        "expected": found.row.expected or "",
        "verdicts": _verdicts(who, run, one),
        "error": one.error,
        "mark": asdict(one.mark) if one.mark else None,
        "request": _request(found.run, one, found),
    }


def _verdicts(who: Who, run: str, one: Cell) -> list[Wire]:
    """What the checks say of a cell; beside what judges say, how far they agree with the person."""
    asked = any(verdict.kind in KINDS and KINDS[verdict.kind].asks for verdict in one.verdicts)
    agrees = {judge.name: judge.agrees for judge in judges.agreements(who, run)} if asked else {}
    return [asdict(verdict) | {"agrees": agrees.get(verdict.name, "")} for verdict in one.verdicts]


def _facts(one: Cell) -> list[str]:
    told: list[str] = []
    if one.cached:
        told.append("from an earlier answer")
    if one.ms is not None:
        told.append(f"{one.ms / 1000:.2f} s")
    if one.first_ms is not None:
        told.append(f"first token {one.first_ms / 1000:.2f} s")
    if one.usage:
        told.append(f"{one.usage.input:,} + {one.usage.output:,} tokens")
    if one.cost:
        told.append(f"${one.cost:.4g}")
    if one.attempts > 1:
        told.append(f"{one.attempts} attempts")
    if one.finish not in ("", "stop"):
        told.append(f"ended by {one.finish}")
    return told


def _request(run: EvalRun, one: Cell, found: look.CellDetail) -> Wire:
    """What the last turn was asked with, without what belongs to the provider."""
    model = run.models[one.model]
    messages: list[Wire] = [{"role": "system", "content": found.asked.system}] if found.asked.system else []
    for place, said in enumerate(found.asked.turns):
        messages.append({"role": "user", "content": said})
        if place < len(one.answers) and place + 1 < len(found.asked.turns):
            messages.append({"role": "assistant", "content": one.answers[place]})
    params = {name: value for name, value in asdict(model.params).items() if value not in (None, (), False)}
    return {"model": model.model, **params, "messages": messages, **_files(found.row.files)}


def _files(files: Sequence[str]) -> Wire:
    return {"files": list(files)} if files else {}
