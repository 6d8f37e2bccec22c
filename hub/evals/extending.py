"""A finished run with more models or rows, as a new one that takes over what was answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from hub.db.who import Who
from hub.errors import BadInput
from hub.evals import board
from hub.evals.checks import needs_row, parse_all
from hub.evals.estimate import estimate
from hub.evals.plan import plan
from hub.evals.records import Asked, Estimate, EvalRun, Row, RunRequest
from hub.evals.results import boards, get_run, run_rows
from hub.evals.sets import every_row, get_set


def extended(
    who: Who,
    before: EvalRun,
    models: Sequence[Asked],
    row_ids: Sequence[str],
    *,
    cap: float | None = None,
    unpriced: bool | None = None,
) -> RunRequest:
    """What asks for a run again with more models, or with more rows of the newest version of its set. Raises BadInput
    for a run that judges the answers of another one, and for a `cap` where there was none: with a cap every request
    says how long its answer may be, so none would be the same."""
    if before.rejudges:
        raise BadInput("This run judges the answers of another one again.", hint="Extend that one, or start a new one.")
    if cap is not None and before.cap is None:
        raise BadInput("This run was started without a cap.", hint="Start another with one.")
    asked = [Asked(one.model, one.params, one.label, one.endpoint) for one in before.models]
    judge = before.judge
    known = [row.id for row in run_rows(who, before.id)]
    return RunRequest(
        set_id=before.set_id,
        models=(*asked, *models),
        version=None if row_ids else before.set_version,
        name=before.name,
        repeats=before.repeats,
        checks=before.checks[len(get_set(who, before.set_id, before.set_version).checks) :],
        judge=None if judge is None else Asked(judge.model, judge.params, judge.label, judge.endpoint),
        cap=before.cap if cap is None else cap,
        unpriced=bool(before.estimate.unpriced) if unpriced is None else unpriced,
        order=before.order,
        limits=before.limits,
        cache=before.cache,
        baseline=before.baseline,
        row_ids=tuple(dict.fromkeys((*known, *row_ids))),
        tags=before.tags,
        extends=before.id,
    )


def more_rows(who: Who, run_id: str) -> tuple[Row, ...]:
    """The rows of the newest version of a run's set that the run does not have."""
    before = get_run(who, run_id)
    known = {row.id for row in run_rows(who, run_id)}
    return tuple(row for row in every_row(who, before.set_id) if row.id not in known)


def plan_extend(
    who: Who,
    run_id: str,
    models: Sequence[Asked] = (),
    row_ids: Sequence[str] = (),
    *,
    cap: float | None = None,
    unpriced: bool = False,
) -> Estimate:
    """What that would take, without the answers that are taken over."""
    before = get_run(who, run_id)
    whole = plan(who, extended(who, before, models, row_ids, cap=cap, unpriced=unpriced))
    done = int(np.count_nonzero(boards(who, run_id)["status"] == board.DONE))
    share = done / max(1, before.cells)
    checks = tuple(check for check in parse_all(before.checks) if not needs_row(check))
    rows = list(run_rows(who, run_id))
    old = estimate(before, rows, [checks] * len(rows), (), ())
    left = 1 - done / max(1, whole.cells)
    return replace(
        whole,
        calls=max(0, whole.calls - round(share * old.calls)),
        tokens_in=max(0, whole.tokens_in - round(share * old.tokens_in)),
        tokens_out=max(0, whole.tokens_out - round(share * old.tokens_out)),
        cost=None if whole.cost is None or old.cost is None else max(0.0, whole.cost - share * old.cost),
        seconds=None if whole.seconds is None else whole.seconds * left,
    )
