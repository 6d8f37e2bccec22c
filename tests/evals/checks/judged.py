"""One check on one answer."""

from __future__ import annotations

import asyncio
from typing import Any

from hub.evals.checks import Subject, judge_cell, parse
from hub.evals.records import Verdict
from hub.models.types import Answer, ChatRequest


async def nobody(purpose: str, request: ChatRequest) -> tuple[Answer, float | None]:
    """A judge for checks that must not ask one."""
    raise AssertionError(f"{purpose} asked: {request}")


def verdict(check: dict[str, Any], text: str, expected: str | None = None, **more: Any) -> Verdict:
    """What a check says of a text, as a run hears it."""
    return asyncio.run(judge_cell([parse(check)], Subject(text, (text,), expected=expected, **more), nobody))[0]


def passes(check: dict[str, Any], text: str, expected: str | None = None, **more: Any) -> bool | None:
    """Whether it passes; an error is None and must say why."""
    said = verdict(check, text, expected, **more)
    assert (said.passed is None) == bool(said.error), said
    return said.passed
