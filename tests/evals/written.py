"""Runs that nobody worked on: answers, verdicts and boards are written straight to the stores."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bson import ObjectId

from hub.db.mongo import now
from hub.db.who import Who
from hub.evals import act, board, pages, results, run_content, runs_store, shares
from hub.evals.order import grid
from hub.evals.records import (
    AS_WRITTEN,
    Cell,
    Estimate,
    EvalRun,
    Limits,
    PromptSet,
    Row,
    RunModel,
    RunStatus,
    Verdict,
)
from hub.models.types import Params, Price, Usage

REFUSED = {
    "kind": "rate_limit",
    "message": "The provider refused: more than 60 requests a minute (429).",
    "hint": "Retry the errors when the limit is free again. Nothing was charged.",
}
JUDGED = '{"reason": "The steps are stated, and the result stands at the end.", "score": 8, "pass": true}'
CHECKS = ({"kind": "number", "after": "####"}, {"kind": "rubric", "value": "Shows every step.", "name": "Steps"})


@dataclass(frozen=True)
class Wanted:
    """What a written run is like: `rates` says of each model how often it passes, `faulty` are models (by number) of
    which `fault` of all answers are errors, `share` how much of it is answered."""

    name: str
    labels: tuple[str, ...]
    rates: tuple[float, ...]
    repeats: int = 1
    seed: int = 1
    faulty: tuple[int, ...] = ()
    fault: float = 0.0
    share: float = 1.0
    status: RunStatus = "done"
    said: str = ""
    cap: float | None = 5.0


def write_run(who: Who, of: PromptSet, rows: tuple[Row, ...], wanted: Wanted) -> str:
    """Stores such a run over `rows`; its id."""
    identity = ObjectId()
    run = replace(_planned(of, len(rows), wanted), id=str(identity))
    runs_store.insert_rows([run_content.row_document(who, run.id, number, row) for number, row in enumerate(rows)])
    runs_store.insert_run({"_id": identity, **run_content.document(who, run), "spent": run.spent})
    laid, answered = pages.layout(grid(run)), int(run.cells * wanted.share)
    answers = _answers(run, rows, wanted)
    for number in range(laid.count):
        first, count = laid.span(number)
        cells = [next(answers) for _ in range(first, min(first + count, answered))]
        entries = board.empty(count)
        for place, cell in enumerate(cells):
            entries[place] = board.entry(cell)
        if cells:
            documents = [run_content.cell_document(who, run.id, one, f"{run.id}-{one.index}") for one in cells]
            runs_store.put_cells(who, documents)
        runs_store.insert_page(_page(who, run.id, number, first, entries))
    shares.change(who, run.id, lambda state: setattr(state, "spent", run.spent))
    return run.id


def _page(who: Who, run: str, number: int, first: int, entries: board.Board) -> dict[str, object]:
    place = {"_id": f"{run}:{number}", "owner": who.id, "run": run, "page": number, "first": first}
    return {**place, "count": len(entries), "status": "done", "worker": "", "board": entries.tobytes(), "rev": 0}


def _planned(of: PromptSet, rows: int, wanted: Wanted) -> EvalRun:
    models = tuple(
        RunModel(
            f"router/{label}",
            label,
            Params(temperature=0.2) if number == 1 else Params(),
            f"router/{label}",
            Price(0.2 * (number + 1), 0.8 * (number + 1)),
        )
        for number, label in enumerate(wanted.labels)
    )
    cells = rows * len(models) * wanted.repeats
    return EvalRun(
        id="",
        name=wanted.name,
        status=wanted.status,
        set_id=of.id,
        set_name=of.name,
        set_version=of.version,
        models=models,
        templates=(AS_WRITTEN,),
        rows=rows,
        repeats=wanted.repeats,
        order="rows",
        checks=CHECKS,
        judge=models[0],
        judge_prompts={"rubric": "You grade an answer. Give your reason first."},
        cap=wanted.cap,
        limits=Limits(),
        cache=True,
        seed=wanted.seed,
        estimate=Estimate(cells, cells * 2, cells * 120, cells * 90, 1.4, (), 340.0),
        versions={"hub": "0.1.0", "python": "3.11.7"},
        created_at=now(),
        ended_at=None if wanted.status == "running" else now(),
        spent=round(cells * wanted.share * 0.00011, 4),
        said=wanted.said,
    )


def _answers(run: EvalRun, rows: tuple[Row, ...], wanted: Wanted) -> Iterator[Cell]:
    chance = random.Random(wanted.seed)
    hard = [chance.random() for _ in rows]
    numbers = grid(run)
    for index in range(run.cells):
        row, repeat, template, model = numbers.place(index)
        place = {"index": index, "row": row, "template": template, "model": model, "repeat": repeat, "at": now()}
        if model in wanted.faulty and chance.random() < wanted.fault:
            yield Cell(**place, status="error", error=REFUSED, attempts=4)
        else:
            right = chance.random() < wanted.rates[model] + 0.35 * (0.5 - hard[row])
            yield _answer(place, rows[row], right, model, chance)


def _steps(right: bool, chance: random.Random) -> Verdict:
    """What a judge says who mostly likes what is right."""
    shown = chance.random() < (0.98 if right else 0.35)
    score, reason = (0.8, "Every step is shown.") if shown else (0.3, "The result stands there without its steps.")
    return Verdict("rubric", "Steps", shown, score, reason, raw=JUDGED, prompt="You grade an answer …")


def mark_some(who: Who, run_id: str, count: int, seed: int = 1) -> None:
    """Has a person mark the first answers of a run, mostly as they are right."""
    chance, left = random.Random(seed), count
    for cell in results.cells(who, run_id):
        if left and cell.status == "done":
            right = bool(cell.verdicts[0].passed)
            act.mark(who, run_id, cell.index, right if chance.random() < 0.93 else not right)
            left -= 1


def _answer(place: dict[str, object], row: Row, right: bool, model: int, chance: random.Random) -> Cell:
    steps = chance.choice((2, 3, 5))
    lines = []
    for _ in range(steps):
        one, two = chance.randint(2, 90), chance.randint(2, 90)
        lines.append(f"{one} + {two} = **{one + two}**")
    result = row.expected if right else str(chance.randint(1, 500))
    text = "First I add what is given.\n\n" + "; ".join(lines) + f".\n\n#### {result}"
    cached = chance.random() < 0.03
    verdicts = (
        Verdict("number", "number", right, reason=f"It says {result}."),
        _steps(right, chance),
    )
    return Cell(
        **place,  # type: ignore[arg-type]
        status="done",
        answers=(text,),
        usage=Usage(120, 60 + 12 * steps),
        cost=0.00004 * (model + 1) * steps,
        ms=None if cached else chance.lognormvariate(7 - 0.3 * model, 0.4),
        first_ms=None if cached else 180.0,
        attempts=1,
        finish="stop",
        cached=cached,
        verdicts=verdicts,
    )
