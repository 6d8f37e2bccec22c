"""What background jobs there are: rooms mark their functions, the worker reads the list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

Work = Callable[..., Any]
Queue = Literal["followups", "agents", "eval", "ingestion"]

QUEUES: tuple[Queue, ...] = ("followups", "agents", "eval", "ingestion")
"""followups: what an exchange leaves to do, soon over. agents: runs that nobody waits for. eval: runs of evaluations.
ingestion: reading documents. Each has room of its own in a worker, so none waits behind another."""


@dataclass(frozen=True, slots=True)
class Task:
    """A registered job. `cron` set means it runs by the clock, five fields in UTC."""

    name: str
    work: Work
    queue: Queue
    attempts: int
    cron: str | None = None


REGISTERED: dict[str, Task] = {}
"""Every task of this process by name, filled when the rooms' modules are imported."""


def task(name: str, *, queue: Queue = "followups", attempts: int = 3) -> Callable[[Work], Work]:
    """Marks a function, plain or async, as the job `name` ("chat.title") of a queue.

    Its keyword arguments are JSON values. An exception fails the attempt; `attempts` counts the first one too,
    with growing pauses between (about 10 s, 40 s, 90 s). A job may run twice, when a machine dies or is silent for
    long: see `hub.jobs.running`. An async one is cancelled when somebody cancels the job; a plain one asks
    `hub.jobs.cancelled` now and then.
    """
    return _register(name, queue, attempts, None)


def periodic(name: str, *, cron: str, queue: Queue = "followups") -> Callable[[Work], Work]:
    """Marks a function without arguments that runs by the clock, once over all workers ("*/5 * * * *", UTC)."""
    return _register(name, queue, 1, cron)


def _register(name: str, queue: Queue, attempts: int, cron: str | None) -> Callable[[Work], Work]:
    def mark(work: Work) -> Work:
        if name in REGISTERED and REGISTERED[name].work.__qualname__ != work.__qualname__:
            raise ValueError(f"Two jobs are called {name}.")
        REGISTERED[name] = Task(name, work, queue, attempts, cron)
        return work

    return mark
