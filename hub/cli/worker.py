"""`hub worker`."""

from __future__ import annotations

from typing import Annotated

import typer

TASKS: tuple[str, ...] = (
    "hub.chat.index",
    "hub.documents.jobs",
    "hub.evals.jobs",
    "hub.memory.jobs",
    "hub.schedules.work",
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

    from hub import log, tracing
    from hub.cli.migrate import wait_for_the_database
    from hub.jobs.worker import chosen, run

    served = chosen(queues)
    log.set_up("worker")
    tracing.set_up("worker")
    wait_for_the_database()
    os.nice(10)  # where processors are few, somebody who waits for an answer comes first
    for name in TASKS:
        import_module(name)
    if "agents" in served:
        _begin()
    asyncio.run(run(served, _end))


def _begin() -> None:
    """Makes the process one that asks models, and that finishes what others left when they died."""
    from hub import agents, chat, runs

    chat.start()
    agents.start()
    runs.start_up()


def _end() -> None:
    """Ends the runs that are left, whose jobs were given back, and sends the last traces."""
    from hub import runs, tracing

    runs.shut_down(1)
    tracing.shut_down()
