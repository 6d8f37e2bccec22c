"""`hub worker`."""

from __future__ import annotations

from typing import Annotated

import typer

TASKS: tuple[str, ...] = (
    "hub.chat.index",
    "hub.documents.jobs",
    "hub.evals.jobs",
    "hub.memory.jobs",
    "hub.search.filling",
)
"""Every module that marks background jobs with `hub.jobs.task` or `hub.jobs.periodic`."""


def worker(
    queues: Annotated[
        str, typer.Option(help="Only these, separated by commas: followups, agents, eval, ingestion.")
    ] = "",
) -> None:
    """Do background jobs until stopped; any number of workers may run, on any machine."""
    import asyncio
    import os
    from importlib import import_module

    from hub import log
    from hub.jobs.worker import chosen, run

    served = chosen(queues)
    log.set_up("worker")
    _wait_for_the_database()
    os.nice(10)  # where processors are few, somebody who waits for an answer comes first
    for name in TASKS:
        import_module(name)
    asyncio.run(run(served))


def _wait_for_the_database() -> None:
    """Returns when Mongo answers and is in the form that this version knows; raises NewerSchema, HalfRestored."""
    import time

    import structlog

    from hub.db.migrations import mongo
    from hub.errors import StoreDown

    while True:
        try:
            mongo.check()
            return
        except StoreDown as error:
            structlog.get_logger(__name__).warning("waiting_for_mongo", says=error.message)
            time.sleep(1)
