"""A run that was: three rows, two models, two templates, hostile texts, an error, a mark, a judge's verdict."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from hub.evals import board
from hub.evals.export.report import Report, RowCells
from hub.evals.order import grid
from hub.evals.records import AS_WRITTEN, Cell, Estimate, EvalRun, Limits, Mark, Row, RunModel, Template, Verdict
from hub.evals.summary import summarise
from hub.models.types import Params, Usage

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
NASTY = '=HYPERLINK("http://x")</td><script>alert(1)</script>\n```\n| a | b |\n\x0b "quoted", ]]> 東京'
ROWS = (
    Row("a", ("What is 2 + 2?",), {"n": "2"}, expected="4", tags=("easy",)),
    Row("b", (NASTY, "And then?"), expected=NASTY),
    Row("c", (), {"city": "Lima"}),
)


def model(label: str) -> RunModel:
    return RunModel(f"env-openai/{label}", label, Params(temperature=0.5), label)


RUN = EvalRun(
    id="65f0c0ffee65f0c0ffee65f0",
    name="Sums & <more>",
    status="done",
    set_id="s",
    set_name="Sums",
    set_version=3,
    models=(model("Alpha"), model("Beta")),
    templates=(AS_WRITTEN, Template("Short", ("{{prompt}} Briefly.",))),
    rows=3,
    repeats=2,
    order="rows",
    checks=({"kind": "equals"}, {"kind": "rubric", "value": "kind", "name": "friendly"}),
    judge=model("Judge"),
    judge_prompts={},
    cap=None,
    limits=Limits(),
    cache=True,
    seed=1,
    estimate=Estimate(24, 24, 0, 0, 0.1, (), None),
    versions={"llm-hub": "0.1.0"},
    created_at=AT,
    spent=0.0123,
)


def cell(index: int) -> Cell:
    row, repeat, template, model = grid(RUN).place(index)
    if index == 1:
        wrong = {"kind": "rate_limited", "message": "Beta is busy <now>.", "hint": "Wait."}
        return Cell(index, row, template, model, repeat, "error", attempts=4, error=wrong, at=AT)
    if index == 23:
        return Cell(index, row, template, model, repeat, "queued")
    answer = NASTY if row == 1 else "-4" if row == 0 else "Lima"
    verdicts = (
        Verdict("equals", "equals", row == 0, reason="" if row == 0 else f"It is not {answer}"),
        Verdict("rubric", "friendly", True, 0.8, "Kind.", raw="9", prompt="Grade", usage=Usage(9, 1), cost=0.001),
    )
    answers = ("first", answer) if row == 1 else (answer,)
    mark = Mark(False, "no, really", AT) if index == 0 else None
    cached = index == 2
    times = {} if cached else {"ms": 100.0 + index, "first_ms": 20.0}
    return Cell(
        index,
        row,
        template,
        model,
        repeat,
        "done",
        answers,
        usage=Usage(10, 5),
        cost=0.0001,
        waited_ms=0.0,
        attempts=1,
        finish="stop",
        cached=cached,
        verdicts=verdicts,
        mark=mark,
        at=AT,
        **times,
    )


def report() -> Report:
    cells = [cell(index) for index in range(RUN.cells)]
    counted = board.empty(RUN.cells)
    for place, one in enumerate(cells):
        counted[place] = board.entry(one)

    def rows() -> Iterator[RowCells]:
        width = RUN.cells // RUN.rows
        for number, row in enumerate(ROWS):
            yield row, tuple(cells[number * width : (number + 1) * width])

    return Report(RUN, lambda: summarise(RUN, counted), ("equals", "friendly"), rows)
