"""Two answers before a judge, in both orders, as judges favour what stands first even where nothing else differs.

Zheng et al., "Judging LLM-as-a-Judge with MT-Bench and Chatbot Arena" (2023), section 3.4: call both orders, and a win
only when both agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from hub.evals.judge import Ask, Material, Told, compare
from hub.evals.replies import Winner
from hub.models.types import Usage

Outcome = Literal["win", "tie", "loss"]
_SCORE: Mapping[Outcome, float] = {"win": 1.0, "tie": 0.5, "loss": 0.0}


@dataclass(frozen=True, slots=True)
class Duel:
    """What came of it for the first of the two answers. `agreed` is whether both orders said the same. `raws` are the
    judge's replies: that with the answer as A, and that with it as B."""

    outcome: Outcome
    agreed: bool
    reason: str
    raws: tuple[str, str]
    prompt: str
    usage: Usage | None
    cost: float | None
    error: str = ""

    @property
    def score(self) -> float:
        """1, 0.5 or 0."""
        return _SCORE[self.outcome]


async def duel(ask: Ask, prompts: Mapping[str, str], criteria: str, seen: Material, answer: str, other: str) -> Duel:
    """Compares `answer` with `other`. Equal texts tie without a question."""
    if answer.strip() == other.strip():
        return Duel("tie", True, "Both are the same text.", ("", ""), "", None, 0.0)
    first = await compare(ask, prompts, criteria, seen, answer, other)
    if first.error:
        return _failed(first, None)
    second = await compare(ask, prompts, criteria, seen, other, answer)
    if first.said is None or second.said is None:
        return _failed(first, second)
    as_first, as_second = _seen_as(first.said, "A"), _seen_as(second.said, "B")
    agreed = as_first == as_second
    reason = first.said[1] if agreed else f"The judge changed its mind with the order. {first.said[1]}"
    usage, cost = _spent([first, second])
    outcome = as_first if agreed else "tie"
    return Duel(outcome, agreed, reason, (first.raw, second.raw), _prompts(first, second), usage, cost)


def recorded(duels: Iterable[tuple[str, Duel]]) -> str:
    """Comparisons as JSON text: who with, what came of it, and the judge's own words in both orders."""
    return orjson.dumps(
        [
            {"against": name, "outcome": one.outcome, "agreed": one.agreed, "as_a": one.raws[0], "as_b": one.raws[1]}
            | ({"error": one.error} if one.error else {})
            for name, one in duels
        ],
        option=orjson.OPT_INDENT_2,
    ).decode()


def read(raw: str) -> list[dict[str, Any]]:
    """What `recorded` wrote."""
    return orjson.loads(raw) if raw else []


def together(duels: Iterable[Duel]) -> tuple[Usage | None, float | None]:
    """Tokens and US dollars of several."""
    return _spent(list(duels))


def _failed(first: Told[Winner], second: Told[Winner] | None) -> Duel:
    asked = [first] if second is None else [first, second]
    usage, cost = _spent(asked)
    error = first.error or asked[-1].error
    return Duel("tie", False, "", (first.raw, asked[-1].raw if second else ""), _prompts(*asked), usage, cost, error)


def _seen_as(said: Winner, letter: str) -> Outcome:
    return "tie" if said[0] == "tie" else "win" if said[0] == letter else "loss"


def _prompts(*asked: Told[Winner]) -> str:
    return "\n\n[the other way round]\n".join(one.prompt for one in asked)


def _spent(asked: Iterable[Told[Winner] | Duel]) -> tuple[Usage | None, float | None]:
    usage: Usage | None = None
    cost: float | None = 0.0
    for one in asked:
        usage = one.usage if usage is None else usage if one.usage is None else usage + one.usage
        cost = None if cost is None or one.cost is None else cost + one.cost
    return usage, cost
