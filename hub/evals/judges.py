"""The judges of a run beside the person: what is shown next to their scores, and their leaderboard."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from hub import votes
from hub.db.who import Who
from hub.evals import agree, pairwise
from hub.evals.agree import Agreement
from hub.evals.ask import script
from hub.evals.checks import needs_row, parse_all
from hub.evals.order import grid
from hub.evals.pairwise import Prompts
from hub.evals.records import EvalRun, Row
from hub.evals.results import boards, cells, get_run, run_rows, some_cells
from hub.votes.prompts import first_question
from hub.votes.records import Leaderboard


@dataclass(frozen=True, slots=True)
class Judged:
    """A check that asks a judge: how far it agrees with the person's marks, and with their votes where it compares the
    models of the run."""

    name: str
    marks: Agreement
    votes: Agreement | None = None

    @property
    def sentence(self) -> str:
        """How far it agrees, with the name of the check."""
        return f"Judge of “{self.name}”: {self.agrees[0].lower()}{self.agrees[1:]}"

    @property
    def agrees(self) -> str:
        """How far it agrees, by what rests on more judgements."""
        return (self.marks if self.votes is None or self.votes.n < self.marks.n else self.votes).sentence


def with_marks(who: Who, run_id: str) -> tuple[Judged, ...]:
    """The checks of a run that ask a judge, beside the person's marks; reads only marked cells. Raises NotFound."""
    run = get_run(who, run_id)
    asking = [check for check in parse_all(run.checks) if check.ASKS]
    if not asking:
        return ()
    marked = np.flatnonzero(boards(who, run_id)["mark"]).tolist()
    found = list(some_cells(who, run_id, marked).values())
    return tuple(Judged(check.label, agree.with_marks(found, check.label)) for check in asking)


def agreements(who: Who, run_id: str) -> tuple[Judged, ...]:
    """As `with_marks`, and beside the person's votes on the same prompts and models."""
    run, judged = get_run(who, run_id), with_marks(who, run_id)
    comparing = {check.label for check in parse_all(run.checks) if needs_row(check)}
    own = [vote for vote in votes.votes(who) if vote.source != pairwise.SOURCE] if comparing else []
    if not own:
        return judged
    prompts = _prompts(run, run_rows(who, run_id), {vote.prompt for vote in own})
    found = list(some_cells(who, run_id, _cells(run, prompts)).values())
    return tuple(
        replace(one, votes=agree.with_votes(pairwise.votes(run, found, one.name, prompts), own))
        if one.name in comparing
        else one
        for one in judged
    )


def compares(run: EvalRun) -> bool:
    """Whether a judge compares the models of a run with each other, so that there is a leaderboard of its."""
    return any(needs_row(check) for check in parse_all(run.checks))


def leaderboard(who: Who, run_id: str, name: str = "") -> Leaderboard:
    """How the judge ranks the models of a run by the comparisons of the check called `name` ("": of all)."""
    return pairwise.leaderboard(get_run(who, run_id), cells(who, run_id), name)


def _prompts(run: EvalRun, rows: Iterable[Row], wanted: set[str]) -> Prompts:
    """Those of rows that the person has voted on somewhere else."""
    found: dict[tuple[int, int], str] = {}
    for number, row in enumerate(rows):
        for at, template in enumerate(run.templates):
            asked = script(row, template)
            if len(asked.turns) == 1 and not asked.system and (name := first_question(asked.turns[0])) in wanted:
                found[number, at] = name
    return found


def _cells(run: EvalRun, prompts: Prompts) -> list[int]:
    placed = grid(run)
    return [
        placed.index(row, repeat, template, model)
        for row, template in prompts
        for repeat in range(placed.repeats)
        for model in range(placed.models)
    ]
