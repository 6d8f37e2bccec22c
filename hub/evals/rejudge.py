"""Judging a run again, with other checks or another judge, without asking the models again.

Runs do not change. So this makes a new run with the same rows, models and answers, with their times, costs and marks,
and has its cells judged by the same workers under the same limits and a cap of their own: it can be paused, it goes on
after a crash, and the two runs can be compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hub.db.mongo import now
from hub.db.who import Who
from hub.errors import BadInput
from hub.evals import act, endpoints
from hub.evals.checks import PROMPTS, questions
from hub.evals.estimate import estimate, priced
from hub.evals.plan import speeds, stored, versions
from hub.evals.problems import parsed
from hub.evals.records import Asked, CheckData, Estimate, EvalRun, Row, RunModel
from hub.evals.results import get_run, run_rows

_AGAIN = " (judged again)"


def rejudge(
    who: Who,
    run_id: str,
    checks: Sequence[CheckData] | None = None,
    judge: Asked | None = None,
    *,
    cap: float | None = None,
    unpriced: bool | None = None,
    fresh: bool = False,
) -> str:
    """Judges the answers of a run that is not under way by `checks` (None: by the same ones; rows keep their own) with
    `judge` (None: the same one); the id of the new run. `cap` is in US dollars, None is the old run's. `unpriced` says
    that a judge without a known price may be asked, None that it may where the old run asked such a model. What the
    judge has said to the same question before stands, and costs nothing; `fresh` has it asked again. Raises BadInput
    with the first thing that keeps it from starting; then nothing was asked."""
    new = begin_again(who, run_id, checks, judge, cap=cap, unpriced=unpriced, fresh=fresh)
    act.call_workers(who, new)
    return new


def begin_again(
    who: Who,
    run_id: str,
    checks: Sequence[CheckData] | None = None,
    judge: Asked | None = None,
    *,
    cap: float | None = None,
    unpriced: bool | None = None,
    fresh: bool = False,
) -> str:
    """As `rejudge`, ready to be worked on."""
    made, rows = _planned(who, run_id, checks, judge, cap, unpriced)
    made = replace(made, cache=not fresh)
    if made.estimate.problems:
        raise BadInput(made.estimate.problems[0], hint="Nothing was asked or charged.")
    return stored(who, made, rows)


def plan_rejudge(
    who: Who, run_id: str, checks: Sequence[CheckData] | None = None, judge: Asked | None = None
) -> Estimate:
    """What that would take: questions to the judge alone."""
    return _planned(who, run_id, checks, judge, None, True)[0].estimate


def _planned(
    who: Who,
    run_id: str,
    given: Sequence[CheckData] | None,
    judge: Asked | None,
    cap: float | None,
    unpriced: bool | None,
) -> tuple[EvalRun, list[Row]]:
    before, rows = get_run(who, run_id), list(run_rows(who, run_id))
    problems: list[str] = []
    if before.status == "running":
        problems.append("The run is under way: let it end, or pause it.")
    wanted = before.checks if given is None else tuple(given)
    checks = parsed(wanted, rows, before.models, problems)
    asks = any(questions(one, len(before.models)) for one in checks)
    chosen = _judge(who, before, judge) if asks else None
    if asks and chosen is None:
        problems.append("A check asks a judge: choose the model that judges.")
    if not any(checks):
        problems.append("There is no check to judge by.")
    lacking = (chosen.label,) if chosen is not None and not priced(chosen) else ()
    if lacking and not (before.estimate.unpriced if unpriced is None else unpriced):
        problems.append(
            f"The price of {lacking[0]} is not known, so what judging costs cannot be told or limited. "
            "Say that unpriced models may be asked, or choose another judge."
        )
    made = replace(
        before,
        id="",
        name=f"{before.name.removesuffix(_AGAIN)}{_AGAIN}",
        status="running",
        models=tuple(replace(one, paused="") for one in before.models),
        checks=wanted,
        judge=chosen,
        judge_prompts=dict(PROMPTS) if asks else {},
        cap=before.cap if cap is None else cap,
        versions=versions(),
        created_at=now(),
        ended_at=None,
        baseline=before.id,
        extends=None,
        rejudges=before.id,
        spent=0.0,
        calls=0,
        said="",
    )
    return replace(made, estimate=estimate(made, rows, checks, lacking, problems, speeds(who))), rows


def _judge(who: Who, before: EvalRun, judge: Asked | None) -> RunModel | None:
    """As it is today: its price may have changed."""
    same = before.judge
    if judge is None and same is not None:
        judge = Asked(same.model, same.params, same.label, same.endpoint)
    return None if judge is None else endpoints.copied(who, judge)
