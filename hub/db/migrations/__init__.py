"""Numbered steps that bring a store to the form the code expects: each runs once, in order, under a lock.

A step is safe to run twice: a process that dies between the step and its record runs it again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Migration:
    """One step. `number` only grows; a step that was released is never changed."""

    number: int
    name: str
    run: Callable[[], None]
