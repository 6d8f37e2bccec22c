"""Trying again: the only place where a request to a model is repeated."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import TypeVar

from hub.models.errors import ModelError, duration
from hub.models.types import ModelEvent, Notice

T = TypeVar("T")

ATTEMPTS = 4
LONGEST_WAIT = 60.0
"""Seconds; a provider that wants a longer pause is not waited for, the person is told."""


async def stream_patiently(attempt: Callable[[], AsyncGenerator[ModelEvent]]) -> AsyncGenerator[ModelEvent]:
    """The events of the first attempt that begins. Once anything of the answer came, an error is final."""
    for number in range(1, ATTEMPTS + 1):
        begun = False
        try:
            async with aclosing(attempt()) as events:
                async for event in events:
                    begun = begun or not isinstance(event, Notice)
                    yield event
            return
        except ModelError as error:
            wait = None if begun else pause(error, number)
            if wait is None:
                raise
            reason = error
        if wait >= 3:
            cause = reason.message.partition(":")[0].rstrip(".")
            yield Notice(f"{cause}; trying again in {duration(wait)}.")
        await asyncio.sleep(wait)


async def ask_patiently(attempt: Callable[[], Awaitable[T]]) -> T:
    """The result of the first attempt that succeeds."""
    number = 1
    while True:
        try:
            return await attempt()
        except ModelError as error:
            wait = pause(error, number)
            if wait is None:
                raise
        await asyncio.sleep(wait)
        number += 1


def pause(error: ModelError, attempt: int) -> float | None:
    """Seconds to wait before the next attempt, or None when there should be none. Without the provider's word:
    0.5, 1 and 2 s, each up to half longer or shorter so that many callers do not return at once. A request that
    timed out is not repeated: the person has waited long enough, and it may have been charged."""
    if not error.retryable or attempt >= ATTEMPTS or error.kind == "timeout":
        return None
    if error.retry_after is not None:
        return error.retry_after + random.uniform(0, 0.1) if error.retry_after <= LONGEST_WAIT else None
    return 0.5 * 2 ** (attempt - 1) * random.uniform(0.5, 1.5)
