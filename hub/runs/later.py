"""Adding what came out of a further run to what there was of the same answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import orjson

from hub.models import estimate
from hub.models.types import Price, Usage
from hub.runs.records import Call, Outcome, Step, ToolAnswer


def calls(outcome: Outcome, length: int, rounds: int) -> list[Call]:
    """The calls of an answer that had `length` characters and `rounds` rounds before: where they stand counts from its
    beginning."""
    return [replace(call, round=call.round + rounds, at=call.at + length) for call in outcome.tool_calls]


def steps(outcome: Outcome, number: int, ended: int) -> list[Step]:
    """The requests of an answer that had `number` of them before, the last of which ended after so many ms."""
    return [
        replace(
            step,
            number=step.number + number,
            began_ms=step.began_ms + ended,
            first_token_ms=None if step.first_token_ms is None else step.first_token_ms + ended,
            ended_ms=step.ended_ms + ended,
        )
        for step in outcome.steps
    ]


def elapsed(steps: Iterable[Step], total: int | None) -> int:
    """Milliseconds that an answer had taken before, also one whose last run never said so."""
    return max([total or 0, *(step.ended_ms for step in steps)])


def answers(outcome: Outcome, ended: int) -> list[ToolAnswer]:
    """What tools gave to an answer that had taken `ended` milliseconds before."""
    return [
        replace(one, began_ms=None if one.began_ms is None else one.began_ms + ended) for one in outcome.tool_answers
    ]


def counted(outcome: Outcome) -> Usage | None:
    """The usage; our own count, marked as estimated, for an answer that ended before the provider sent its numbers."""
    if outcome.usage is not None or not outcome.answered:
        return outcome.usage
    asked = orjson.dumps((outcome.payload or {}).get("messages", [])).decode()
    reasoning = estimate.tokens(outcome.reasoning)
    output = estimate.tokens(outcome.text) + reasoning
    return Usage(estimate.tokens(asked), output, reasoning=reasoning, estimated=True)


def cost(usage: Usage | None, outcome: Outcome) -> float | None:
    """US dollars of an outcome with what its tools have cost, by the price in its context; None when any is unknown."""
    own = None if usage is None else Price(*outcome.context["price"]).cost(usage)
    return _sum([own, *(answer.cost for answer in outcome.tool_answers)])


def _sum(costs: Iterable[float | None]) -> float | None:
    known = list(costs)
    return None if None in known else sum(one for one in known if one is not None)
