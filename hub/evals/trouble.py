"""What becomes of a call that failed: asked again, given up, or its model asked no more."""

from __future__ import annotations

from time import time

from hub.evals.beat import Refusal
from hub.evals.desk import Desk
from hub.evals.limits import LONGEST_WAIT, Limit, pause
from hub.models.errors import ModelError, RateLimited, duration

IN_A_ROW = 3
"""So many of the same error pause a model."""
OF_THE_CELL = frozenset({"refused_content", "context_too_long"})
"""Errors that say nothing of the next cell."""


class Trouble:
    """Counts errors in a row, for each model of a run and for its judge (None)."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._same: dict[int | None, tuple[tuple[str, str], int]] = {}

    def wait(self, key: str, began: float, error: ModelError, attempt: int) -> float | None:
        """Seconds until the next attempt, None when there should be none; the limit hears of refusals."""
        if isinstance(error, RateLimited):
            self._refuse(key, began, error.retry_after)
        return pause(error, attempt)

    def _refuse(self, key: str, began: float, retry_after: float | None) -> None:
        """Fewer calls at once from now on, before the others are told."""
        desk, moment = self._desk, time()
        desk.refused.append(Refusal(key, began, moment, retry_after))
        limit = desk.known.setdefault(key, Limit(desk.limits.start))
        limit.refuse(began, moment, retry_after)
        desk.gate.aims[key] = min(desk.gate.aims.get(key, 0), limit.now)
        desk.gate.blocked[key] = limit.blocked_until
        desk.beat_wanted.set()

    def went_well(self, model: int | None) -> None:
        """It has answered."""
        self._same.pop(model, None)

    def given_up(self, model: int | None, error: ModelError) -> str:
        """A question was given up. Why this is to be asked no more, empty while it is not."""
        if error.retry_after is not None and error.retry_after > LONGEST_WAIT:
            return f"{error.message} It wants {duration(error.retry_after)} of rest."
        name = (error.kind, error.message)
        before, count = self._same.get(model, (None, 0))
        count = count + 1 if before == name else 1
        self._same[model] = name, count
        if count < IN_A_ROW or error.kind in OF_THE_CELL:
            return ""
        return f"{error.message} That came {IN_A_ROW} times in a row."

    def pause(self, model: int, why: str) -> None:
        """Asks a model no more; its cells stay as they are."""
        desk = self._desk
        if model not in desk.paused:
            desk.paused[model] = desk.pausing[model] = why
            desk.rest(desk.queues.drop(model))
            desk.beat_wanted.set()
