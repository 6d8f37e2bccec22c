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
_SAME = "Both are the same text."
_TURNED: Mapping[Outcome, Outcome] = {"win": "loss", "tie": "tie", "loss": "win"}
_SCORE: Mapping[Outcome, float] = {"win": 1.0, "tie": 0.5, "loss": 0.0}


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of it for the first of the two answers. `agreed` is whether both orders said the same. `reasons` and
    `raws` are the judge's: those with the answer as A, and those with it as B."""

    outcome: Outcome
    agreed: bool
    reasons: tuple[str, str]
    raws: tuple[str, str]
    prompt: str
    usage: Usage | None
    cost: float | None
    error: str = ""
    cached: bool = True
    """Nothing of it was asked anew."""

    @property
    def score(self) -> float:
        """1, 0.5 or 0."""
        return _SCORE[self.outcome]

    @property
    def reason(self) -> str:
        """In which the answer is called A."""
        return self.reasons[0] if self.agreed else f"The judge changed its mind with the order. {self.reasons[0]}"

    def turned(self) -> Compared:
        """The same for the other answer. What was spent is counted once."""
        reasons, raws = (self.reasons[1], self.reasons[0]), (self.raws[1], self.raws[0])
        return Compared(
            _TURNED[self.outcome], self.agreed, reasons, raws, self.prompt, None, 0.0, self.error, self.cached
        )


async def both_ways(
    ask: Ask, prompts: Mapping[str, str], criteria: str, seen: Material, answer: str, other: str
) -> Compared:
    """Compares `answer` with `other`. Equal texts tie without a question."""
    if answer.strip() == other.strip():
        return Compared("tie", True, (_SAME, _SAME), ("", ""), "", None, 0.0)
    first = await compare(ask, prompts, criteria, seen, answer, other)
    if first.error:
        return _failed(first, None)
    second = await compare(ask, prompts, criteria, seen, other, answer)
    if first.said is None or second.said is None:
        return _failed(first, second)
    as_first, as_second = _seen_as(first.said, "A"), _seen_as(second.said, "B")
    agreed = as_first == as_second
    reasons, raws = (first.said[1], second.said[1]), (first.raw, second.raw)
    said, asked = as_first if agreed else "tie", (first, second)
    cached = first.cached and second.cached
    return Compared(said, agreed, reasons, raws, _prompts(*asked), *_spent(asked), cached=cached)


def recorded(found: Iterable[tuple[str, Compared]]) -> str:
    """Comparisons as JSON text: who with, what came of it, and the judge's own words in both orders."""
    return orjson.dumps(
        [
            {"against": name, "outcome": one.outcome, "agreed": one.agreed, "as_a": one.raws[0], "as_b": one.raws[1]}
            | ({"error": one.error} if one.error else {})
            for name, one in found
        ],
        option=orjson.OPT_INDENT_2,
    ).decode()


def read(raw: str) -> list[dict[str, Any]]:
    """What `recorded` wrote."""
    return orjson.loads(raw) if raw else []


def together(found: Iterable[Compared]) -> tuple[Usage | None, float | None]:
    """Tokens and US dollars of several."""
    return _spent(list(found))


def _failed(first: Told[Winner], second: Told[Winner] | None) -> Compared:
    asked = [first] if second is None else [first, second]
    raws = (first.raw, second.raw if second else "")
    return Compared("tie", False, ("", ""), raws, _prompts(*asked), *_spent(asked), asked[-1].error, cached=False)


def _seen_as(said: Winner, letter: str) -> Outcome:
    return "tie" if said[0] == "tie" else "win" if said[0] == letter else "loss"


def _prompts(*asked: Told[Winner]) -> str:
    return "\n\n[the other way round]\n".join(one.prompt for one in asked)


def _spent(asked: Iterable[Told[Winner] | Compared]) -> tuple[Usage | None, float | None]:
    usage: Usage | None = None
    cost: float | None = 0.0
    for one in asked:
        usage = one.usage if usage is None else usage if one.usage is None else usage + one.usage
        cost = None if cost is None or one.cost is None else cost + one.cost
    return usage, cost
