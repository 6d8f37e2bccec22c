"""Waiting for the asynchronous functions of this layer from plain code: pages and commands."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from hub.models import http

T = TypeVar("T")


def wait_for(work: Coroutine[Any, Any, T]) -> T:
    """Runs `work` on an event loop of its own and closes its HTTP client afterwards; never call it on a loop."""

    async def run() -> T:
        try:
            return await work
        finally:
            await http.close()

    return asyncio.run(run())
