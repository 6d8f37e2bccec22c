"""Durable background work.

@task("chat.title")                       # in the room, at import
def write_title(*, conversation: str) -> None: ...

defer("chat.title", once=f"title {id}", conversation=id)
"""

from hub.jobs.tasks import periodic, task

__all__ = ["defer", "periodic", "task"]


def defer(
    name: str, /, *, once: str | None = None, lock: str | None = None, delay: float = 0, **args: object
) -> int | None:
    """Queues the job `name`; see `hub.jobs.queue.defer`, whose import is put off until a job is queued."""
    from hub.jobs import queue

    return queue.defer(name, once=once, lock=lock, delay=delay, **args)
