"""`hub scheduler`."""

from __future__ import annotations


def scheduler() -> None:
    """Start schedules when they are due, until stopped. Any number may run: nothing is started twice."""
    import signal
    from contextlib import suppress
    from functools import partial

    from hub import log
    from hub.cli.migrate import wait_for_the_database
    from hub.db import beats
    from hub.errors import StoreDown
    from hub.schedules.clock import Clock

    log.set_up("scheduler")
    wait_for_the_database()
    clock = Clock(partial(beats.beat, "scheduler"))

    def end(number: int, frame: object) -> None:
        clock.stop()

    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, end)
    clock.run()
    with suppress(StoreDown):
        beats.leave("scheduler")
