"""What a run came to, for programs and on a terminal, and the exit status that says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from hub.evals.figures import Column, Summary
    from hub.evals.records import EvalRun

OK, WORSE, ERRORS, CAPPED = range(4)
"""Exit status: all well; regressed or below the threshold; errors, or the run did not end; the cap was reached."""


def status(run: EvalRun, summary: Summary, *, fail_on_regression: bool, threshold: float | None) -> int:
    """The exit status for a run."""
    if run.status == "capped":
        return CAPPED
    if run.status != "done" or any(one.errors for one in summary.columns):
        return ERRORS
    low = threshold is not None and any(one.rate is None or one.rate.value < threshold for one in summary.columns)
    return WORSE if low or (fail_on_regression and summary.regressed) else OK


def record(run: EvalRun, summary: Summary, seconds: float) -> dict[str, Any]:
    """The run as one JSON object. `cost` is what was spent, judges included, null when a price is unknown."""
    columns = summary.columns
    costs = [one.cost for one in columns]
    return {
        "run": run.id,
        "name": run.name,
        "status": run.status,
        "said": run.said,
        "set": run.set_id,
        "version": run.set_version,
        "cells": run.cells,
        "passed": sum(one.passed for one in columns),
        "failed": sum(one.failed for one in columns),
        "unjudged": sum(one.unjudged for one in columns),
        "errors": sum(one.errors for one in columns),
        "cached": sum(one.cached for one in columns),
        "tokens": {"in": sum(one.tokens_in for one in columns), "out": sum(one.tokens_out for one in columns)},
        "cost": None if None in costs else run.spent,
        "seconds": round(seconds, 3),
        "calls": run.calls,
        "regressed": summary.regressed,
        "columns": [_column(one) for one in columns],
        "sentences": list(summary.said),
    }


def _column(column: Column) -> dict[str, Any]:
    rate = column.rate
    return {
        "name": column.name,
        "passed": column.passed,
        "failed": column.failed,
        "unjudged": column.unjudged,
        "errors": column.errors,
        "rate": {"value": rate.value, "low": rate.low, "high": rate.high} if rate else None,
        "median_ms": column.median_ms,
        "p95_ms": column.p95_ms,
        "tokens": {"in": column.tokens_in, "out": column.tokens_out},
        "cost": column.cost,
        "regressed": [row + 1 for row in column.against.regressed] if column.against else None,
        "improved": [row + 1 for row in column.against.improved] if column.against else None,
    }


def show(run: EvalRun, summary: Summary) -> None:
    """The summary as a table with its sentences."""
    from hub.cli.lists import table
    from hub.evals.export import words

    table(words.HEADS, words.lines(summary))
    for sentence in summary.said:
        typer.echo(sentence)
    if run.said:
        typer.echo(run.said)
    typer.echo(f"Run {run.id}")
