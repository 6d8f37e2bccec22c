"""Where routes run what blocks. Short look-ups have threads of their own, so that they never wait behind long work."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_work = ThreadPoolExecutor(8, "web-work")
_turns = ThreadPoolExecutor(3, "web-turn")
_lookups = ThreadPoolExecutor(4, "web-lookup")


async def off_loop(call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """The result of `call(...)`, run on a thread: storing, reading files, hashing passwords."""
    return await _on(_work, partial(call, *args, **kwargs))


async def look_up(call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """As `off_loop`, for what takes a few milliseconds: sessions, a run's row."""
    return await asyncio.get_running_loop().run_in_executor(
        _lookups, partial(copy_context().run, call, *args, **kwargs)
    )


async def in_turn(call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """As `off_loop`, for storing a turn. Few threads on purpose: the store is the narrow place, and when many turns
    come at once, those in front get through sooner if the others wait outside."""
    return await _on(_turns, partial(call, *args, **kwargs))


async def _on(threads: ThreadPoolExecutor, call: Callable[[], R]) -> R:
    return await asyncio.get_running_loop().run_in_executor(threads, copy_context().run, call)
