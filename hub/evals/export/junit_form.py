"""JUnit XML, which build servers draw: a suite of cells; failures are answers that did not pass, errors are calls."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from hub.evals.export.report import Report, outcome, problem
from hub.evals.records import Cell, Row

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONGEST = 10_000


def write(report: Report) -> Iterator[bytes]:
    """One suite for the run, one case for a cell."""
    run, columns = report.run, report.summary.columns
    counts = {
        "tests": sum(one.cells for one in columns),
        "failures": sum(one.failed for one in columns),
        "errors": sum(one.errors for one in columns),
        "skipped": sum(one.cells - one.passed - one.failed - one.errors for one in columns),
    }
    told = " ".join(f'{name}="{count}"' for name, count in counts.items())
    stamp = run.created_at.strftime("%Y-%m-%dT%H:%M:%S")
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name={_attribute(run.name)} {told}>\n'.encode()
    yield f'<testsuite name={_attribute(run.name)} id={_attribute(run.id)} {told} timestamp="{stamp}">\n'.encode()
    for number, (row, cells) in enumerate(report.rows(), 1):
        yield "".join(_case(report, number, row, cell) for cell in cells).encode()
    yield b"</testsuite>\n</testsuites>\n"


def _case(report: Report, number: int, row: Row, cell: Cell) -> str:
    words = " ".join((row.turns[0] if row.turns else next(iter(row.vars.values()), "")).split())
    repeat = f" (repeat {cell.repeat + 1})" if report.run.repeats > 1 else ""
    seconds = f' time="{cell.ms / 1000:.3f}"' if cell.ms is not None else ""
    head = f"<testcase classname={_attribute(report.title(cell))} name={_attribute(f'{number} {words[:80]}{repeat}')}"
    inner = _inner(row, cell)
    return f"{head}{seconds}>{inner}</testcase>\n" if inner else f"{head}{seconds}/>\n"


def _inner(row: Row, cell: Cell) -> str:
    kind = outcome(cell)
    if kind == "passed":
        return ""
    if kind == "failed":
        said = "; ".join(f"{one.name}: {one.reason or 'failed'}" for one in cell.verdicts if one.passed is False)
        if cell.mark and not cell.mark.passed:
            said = f"marked by hand: {cell.mark.note}" if cell.mark.note else "marked by hand"
        expected = f"Expected: {row.expected}\n\n" if row.expected is not None else ""
        return f'<failure type="check" message={_attribute(said)}>{_text(f"{expected}Answer: {cell.text}")}</failure>'
    if kind == "error":
        error = cell.error or {}
        type_ = _attribute(str(error.get("kind", "error")))
        return f"<error type={type_} message={_attribute(problem(cell))}>{_text(str(error.get('hint', '')))}</error>"
    return f"<skipped message={_attribute(kind)}/>"


def _text(text: str) -> str:
    short = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return escape(_ILLEGAL.sub("�", short))


def _attribute(text: str) -> str:
    return quoteattr(_ILLEGAL.sub("�", text[:1000]))
