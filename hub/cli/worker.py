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

    from hub import log, runs
    from hub.jobs.worker import chosen, run

    served = chosen(queues)
    log.set_up("worker")
    os.nice(10)  # where processors are few, somebody who waits for an answer comes first
    for name in TASKS:
        import_module(name)
    agents_too = "agents" in served
    if agents_too:
        _begin()
    try:
        asyncio.run(run(served))
    finally:
        if agents_too:
            runs.shut_down(1)


def _begin() -> None:
    """Makes the process one that asks models, and that finishes what others left when they died."""
    from hub import agents, chat, runs

    chat.start()
    agents.start()
    runs.start_up()
