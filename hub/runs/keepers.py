"""What rooms do when a run of theirs ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor

import structlog

from hub.errors import HubError, NotFound, StoreDown
from hub.runs.records import Outcome, RunRecord

OnFinish = Callable[[RunRecord, list[Outcome]], None]
OnTarget = Callable[[RunRecord, Outcome], None]

log = structlog.get_logger(__name__)


class Keepers:
    """The callbacks by kind of run. Filled when rooms are imported, before the first run."""

    def __init__(self) -> None:
        self._finish: dict[str, OnFinish] = {}
        self._target: dict[str, OnTarget] = {}

    def on_finish(self, kind: str, callback: OnFinish) -> None:
        """`callback(run, outcomes)` stores what came out of a run; it may be called again with the same."""
        self._finish[kind] = callback

    def on_target(self, kind: str, callback: OnTarget) -> None:
        """`callback(run, outcome)` stores what came out of one target; it may be called again with the same."""
        self._target[kind] = callback

    def wants_targets(self, kind: str) -> bool:
        """Whether the room stores target by target."""
        return kind in self._target

    def finish(self, run: RunRecord, outcomes: list[Outcome]) -> None:
        """Hands a finished run to its room."""
        callback = self._finish.get(run.kind)
        if callback is not None:
            callback(run, outcomes)

    def target(self, run: RunRecord, outcome: Outcome) -> None:
        """Hands a finished target to its room."""
        callback = self._target.get(run.kind)
        if callback is not None:
            callback(run, outcome)


async def keep(
    pool: Executor, store: Callable[[], None], *, delayed: Callable[[], None], failed: Callable[[HubError], None]
) -> None:
    """Runs `store` in the pool until it has worked.

    While the store does not answer it is tried again, `delayed` being called first. Something that is gone (a deleted
    conversation) needs no keeping; any other error is final and goes to `failed`.
    """
    pause = 0.25
    while True:
        try:
            await asyncio.get_running_loop().run_in_executor(pool, store)
            return
        except StoreDown:
            delayed()
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5)
        except NotFound:
            log.info("run_owner_gone")
            return
        except HubError as error:
            log.warning("run_not_kept", kind=error.kind)
            failed(error)
            return
        except Exception as error:
            log.exception("run_not_kept")
            failed(HubError("The answer could not be saved.", hint="Copy its text now.", kind=type(error).__name__))
            return
