"""Markdown: the summary as a table, then each row with its answers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hub.evals.export import words
from hub.evals.export.report import Report, outcome, problem
from hub.evals.records import Cell, Row

_FENCES = re.compile(r"`{3,}")
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|!])")


def write(report: Report) -> Iterator[bytes]:
    """The head, then a section for each row."""
    yield ("\n".join(_head(report)) + "\n").encode()
    for number, (row, cells) in enumerate(report.rows(), 1):
        yield ("\n".join(_section(report, number, row, cells)) + "\n").encode()


def _head(report: Report) -> Iterator[str]:
    yield f"# {_line(report.run.name)}\n"
    yield from (f"- {name}: {_line(value)}" for name, value in words.facts(report))
    yield "\n## Summary\n"
    yield f"| {' | '.join(words.HEADS)} |"
    yield f"|{'---|' * len(words.HEADS)}"
    yield from (f"| {' | '.join(map(_line, line))} |" for line in words.lines(report.summary))
    yield "".join(f"\n{_line(one)}\n" for one in report.summary.said)
    yield "## Answers\n"


def _section(report: Report, number: int, row: Row, cells: tuple[Cell, ...]) -> Iterator[str]:
    yield f"### {number}. {_line(row.id)}{f' ({_line(chr(44).join(row.tags))})' if row.tags else ''}\n"
    for turn in row.turns:
        yield f"{_fenced(turn)}\n"
    if row.vars:
        yield "".join(f"- {_line(name)}: {_line(value)}\n" for name, value in row.vars.items())
    if row.expected is not None:
        yield f"Expected: {_line(row.expected)}\n"
    for cell in cells:
        yield from _cell(report, cell)


def _cell(report: Report, cell: Cell) -> Iterator[str]:
    repeat = f", repeat {cell.repeat + 1}" if report.run.repeats > 1 else ""
    figures = words.figures(cell)
    yield f"**{_line(report.title(cell))}**{repeat}: {outcome(cell)}{f' · {figures}' if figures else ''}\n"
    if error := problem(cell):
        yield f"{_line(error)}\n"
    for answer in cell.answers:
        yield f"{_fenced(answer)}\n"
    for verdict in cell.verdicts:
        told = {True: "passed", False: "failed", None: "could not tell"}[verdict.passed]
        score = f", score {verdict.score:.2f}" if verdict.score is not None else ""
        reason = verdict.reason or verdict.error
        yield f"- {_line(verdict.name)}: {told}{score}{f' · {_line(reason)}' if reason else ''}"
    if cell.verdicts:
        yield ""
    if cell.mark:
        yield f"Marked by hand as {'passed' if cell.mark.passed else 'failed'}. {_line(cell.mark.note)}\n"


def _line(text: str) -> str:
    """Text on one line in which nothing is markup."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _fenced(text: str) -> str:
    """Text as it is, in a fence longer than any in it."""
    fence = "`" * max(3, *(len(found) + 1 for found in _FENCES.findall(text)), 3)
    return f"{fence}text\n{text}\n{fence}"
