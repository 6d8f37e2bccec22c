"""Figures of a report as people read them."""

from __future__ import annotations

from hub.evals.export.report import Report
from hub.evals.figures import Column, Summary
from hub.evals.records import Cell

HEADS = ("Model", "Passed", "95 % interval", "Errors", "Median", "p95", "Tokens in / out", "Cost")


def lines(summary: Summary) -> list[tuple[str, ...]]:
    """The table of columns, in the order of `HEADS`."""
    return list(map(_line, summary.columns))


def facts(report: Report) -> list[tuple[str, str]]:
    """What the run was, as (name, value)."""
    run = report.run
    found = [
        ("Prompt set", f"{run.set_name}, version {run.set_version}"),
        ("Rows", f"{run.rows:,}" + (f", each asked {run.repeats} times" if run.repeats > 1 else "")),
        ("Started", f"{run.created_at:%Y-%m-%d %H:%M} UTC"),
        ("Spent", _spent(report)),
        ("Run", run.id),
        ("Versions", ", ".join(f"{name} {version}" for name, version in sorted(run.versions.items()))),
    ]
    if run.status != "done":
        found.insert(0, ("Status", " ".join((run.status, run.said)).strip()))
    if run.judge is not None:
        found.append(("Judge", run.judge.label))
    return [(name, value) for name, value in found if value]


def figures(cell: Cell) -> str:
    """Time, tokens and cost of a cell."""
    parts = ["from the cache" if cell.cached else duration(cell.ms)]
    if cell.usage is not None:
        parts.append(f"{cell.usage.output:,} tokens")
    if cell.cost is not None:
        parts.append(money(cell.cost))
    return " · ".join(part for part in parts if part)


def money(dollars: float | None) -> str:
    """US dollars with as many digits as tell something."""
    if dollars is None:
        return "unknown"
    return f"${dollars:,.2f}" if dollars >= 1 or dollars == 0 else f"${dollars:.6f}".rstrip("0")


def duration(ms: float | None) -> str:
    """Milliseconds, or seconds where they are many; "" for none."""
    if ms is None:
        return ""
    return f"{ms:,.0f} ms" if ms < 10_000 else f"{ms / 1000:,.1f} s"


def _spent(report: Report) -> str:
    """What the run cost; with a price unknown, what is known of it."""
    known = all(one.cost is not None for one in report.summary.columns)
    return money(report.run.spent) if known or report.run.spent else "unknown"


def _line(column: Column) -> tuple[str, ...]:
    rate = column.rate
    return (
        column.name,
        f"{column.passed:,} of {column.passed + column.failed:,}" + (f" ({rate.value:.1%})" if rate else ""),
        f"{rate.low:.1%} to {rate.high:.1%}" if rate else "",
        f"{column.errors:,}",
        duration(column.median_ms),
        duration(column.p95_ms),
        f"{column.tokens_in:,} / {column.tokens_out:,}",
        money(column.cost),
    )
