"""The background jobs of memory."""

from __future__ import annotations

import structlog

from hub.db.who import Who
from hub.errors import HubError
from hub.jobs import periodic, task
from hub.memory import change, summaries
from hub.memory.extract import extract

log = structlog.get_logger(__name__)


@task("memory.extract")
def learn(*, owner: str, answer: str) -> None:
    """Learns from the exchange that `answer` ended."""
    extract(Who(owner, ""), answer)


@periodic("memory.settle", cron="* * * * *")
def settle() -> None:
    """Finishes what a process that died left, and what the index could not take."""
    if count := change.finish_all():
        log.info("memory_settled", count=count)


@periodic("memory.summaries", cron="41 3 * * *")
def nightly() -> None:
    """Writes the summaries anew whose facts have changed."""
    for who, scope in summaries.stale():
        try:
            summaries.rewrite(who, scope)
        except HubError as error:
            log.warning("memory_summary_waits", kind=error.kind)
