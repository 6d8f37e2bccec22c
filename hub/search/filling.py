"""The background job that gives vectors to rows that have none of the wanted model."""

from __future__ import annotations

from hub.jobs import periodic, task
from hub.search import serving


@periodic("search.embed_due", cron="* * * * *")
def catch_up() -> None:
    """Looks for rows that nobody embeds, since the queue was away, somebody died or the model is another one."""
    if serving.due():
        serving.fill_soon()


@task("search.embed", attempts=1)
def fill() -> int:
    """Works until no row waits; how many got vectors. A model that does not answer is asked again within a minute."""
    count = 0
    while done := serving.step():
        count += done
    return count
