"""How many calls a provider takes at once, found out while it answers, and when to try again what failed.

The size doubles with each round of answers until the first refusal (429), shrinks by 0.7 an episode and then grows
slowly. Refusals of calls that began before the last shrinking belong to the same episode.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from hub.models.errors import ModelError

ATTEMPTS = 4
LONGEST_WAIT = 600.0
"""Seconds; a provider that wants a longer pause is not waited for: its model is paused."""
SHRINK = 0.7
ROUNDS = 20
"""After a refusal, so many rounds of answers without another make room for one more call."""
MOST = 1000.0
_FIRST_BLOCK, _LONGEST_BLOCK = 0.5, 60.0


@dataclass(slots=True)
class Limit:
    """What is known of one limit. Times are seconds since the epoch, `most` is what a person allows."""

    size: float
    most: float = MOST
    answered: int = 0
    refused: bool = False
    changed_at: float = 0.0
    blocked_until: float = 0.0
    in_a_row: int = 0

    @property
    def now(self) -> int:
        """How many calls may be under way."""
        return max(1, int(min(self.size, self.most)))

    def allow(self, most: int | None, start: int) -> None:
        """A person's own limit, None to find it out; it may change while the run goes on."""
        if self.most != (wanted := float(most) if most else MOST):
            self.most = wanted
            self.size = min(self.size, wanted) if self.refused else float(most or start)

    def answer(self, count: int, *, wanted: bool) -> None:
        """So many calls were answered; with `wanted` more would have been made if they were allowed."""
        if not count:
            return
        self.in_a_row = 0
        self.answered += count
        if not wanted or self.size >= self.most:
            self.answered = min(self.answered, self.now)
        elif not self.refused and self.answered >= self.now:
            self.size, self.answered = min(self.size * 2, self.most), 0
        elif self.refused and self.answered >= ROUNDS * self.now:
            self.size, self.answered = min(self.size + 1, self.most), 0

    def refuse(self, began: float, now: float, retry_after: float | None) -> None:
        """A call that began then was refused now."""
        if retry_after is not None:
            self.blocked_until = max(self.blocked_until, now + min(retry_after, LONGEST_WAIT))
        if began <= self.changed_at:
            return
        self.in_a_row += 1
        if retry_after is None and self.in_a_row > 1:
            pause = min(_LONGEST_BLOCK, _FIRST_BLOCK * 2 ** (self.in_a_row - 1))
            self.blocked_until = max(self.blocked_until, now + pause)
        self.size = max(1.0, min(self.size, self.most) * SHRINK)
        self.refused, self.answered, self.changed_at = True, 0, now


def pause(error: ModelError, attempt: int) -> float | None:
    """Seconds until the next attempt, or None when there should be none. Without the provider's word 0.5, 1 and 2 s,
    each up to half longer or shorter. What timed out is not asked again: it may have been charged."""
    if not error.retryable or attempt >= ATTEMPTS or error.kind == "timeout":
        return None
    if error.retry_after is not None:
        return error.retry_after + random.uniform(0, 0.1) if error.retry_after <= LONGEST_WAIT else None
    return 0.5 * 2 ** (attempt - 1) * random.uniform(0.5, 1.5)
