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
    from hub.cli.migrate import wait_for_the_database
    from hub.jobs.worker import chosen, run

    served = chosen(queues)
    log.set_up("worker")
    wait_for_the_database()
    os.nice(10)  # where processors are few, somebody who waits for an answer comes first
    for name in TASKS:
        import_module(name)
    asyncio.run(run(served))
