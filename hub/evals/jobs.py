"""The background jobs of evaluations."""

from __future__ import annotations

import structlog

from hub.db.who import Who
from hub.errors import NotFound
from hub.evals import act
from hub.evals.work import run_slice
from hub.jobs import periodic, task
from hub.jobs.worker import stopping

log = structlog.get_logger(__name__)


@task("evals.work", queue="eval", attempts=5)
def work(*, owner: str, run: str) -> None:
    """One worker's part in a run."""
    who = Who(owner, "")
    try:
        run_slice(who, run, stopping)
    except NotFound:  # it was deleted while the job waited
        return
    if stopping():
        act.call_workers(who, run, most=1)


@periodic("evals.settle", cron="* * * * *", queue="eval")
def settle() -> None:
    """Goes on with runs that nobody works on, because their workers died, and removes what was deleted long ago."""
    if count := act.take_up():
        log.info("eval_runs_taken_up", count=count)
    act.purge()
