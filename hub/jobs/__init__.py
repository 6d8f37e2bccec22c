"""Durable background work.

@task("chat.title")                       # in the room, at import
def write_title(*, conversation: str) -> None: ...

defer("chat.title", once=f"title {id}", conversation=id)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hub.jobs.running import Late, Running, cancelled, running, still_mine
from hub.jobs.tasks import Queue, periodic, task

if TYPE_CHECKING:
    from hub.jobs.queue import Item

__all__ = [
    "Late",
    "Running",
    "cancel",
    "cancelled",
    "defer",
    "defer_many",
    "periodic",
    "running",
    "still_mine",
    "task",
]


def defer(
    name: str,
    /,
    *,
    once: str | None = None,
    lock: str | None = None,
    delay: float = 0,
    priority: int = 0,
    queue: Queue | None = None,
    **args: object,
) -> int | None:
    """Queues the job `name` with `args` (JSON values) and returns its number, None when `once` kept it out: see
    `hub.jobs.queue.Item` and `defer_many`. Raises StoreDown."""
    from hub.jobs.queue import Item

    return defer_many(name, [Item(args, once, lock, delay, priority)], queue=queue)[0]


def defer_many(name: str, items: Sequence[Item], *, queue: Queue | None = None) -> list[int | None]:
    """Queues a job `name` for each item at once; see `hub.jobs.queue.defer_many`, whose import is put off until a job
    is queued."""
    from hub.jobs import queue as jobs_queue

    return jobs_queue.defer_many(name, items, queue=queue)


def cancel(job: int) -> bool:
    """Takes a waiting job out of its queue, or asks a running one to end: whether there was one. Raises StoreDown."""
    from hub.jobs import queue as jobs_queue

    return jobs_queue.cancel(job)
