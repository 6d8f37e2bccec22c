"""Money: what a call can cost at most, and an allowance that calls are paid from.

Before a call its worst case is reserved; afterwards what it cost is settled. What a worker has reserved and spent never
exceeds its allowance, and all allowances with what was spent never exceed the cap (`hub.evals.shares`). What nobody can
tell the price of, because it was cut off, counts as its worst case.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace

from hub.evals.ask import Script
from hub.evals.records import RunModel
from hub.models.errors import StreamEnded, TimedOut
from hub.models.types import Params

LONGEST_ANSWER = 4096
"""Tokens that an answer may have in a run with a cap, where neither a person nor the model says less."""
_MESSAGE = 32
"""Tokens that a message may take beside its text."""


def capped(model: RunModel) -> Params:
    """The parameters of a model in a run with a cap: every request says how long the answer may be."""
    if model.params.max_tokens is not None:
        return model.params
    return replace(model.params, max_tokens=min(model.output_limit or LONGEST_ANSWER, LONGEST_ANSWER))


def worst(model: RunModel, script: Script, more: int = 0) -> float:
    """US dollars that a cell costs at most, all turns together; 0 for a model without a known price, which is asked
    outside of the cap. `more` are tokens of files. A token has at least two bytes in this reckoning; on average it has
    four."""
    price = model.price
    if price.input is None or price.output is None:
        return 0.0
    longest = capped(model).max_tokens or LONGEST_ANSWER
    tokens_in, said = 0, _tokens(script.system) + more
    for place, turn in enumerate(script.turns):
        said += _tokens(turn) + (longest if place else 0)
        tokens_in += said
    return (tokens_in * price.input + len(script.turns) * longest * price.output) / 1_000_000


def may_be_charged(error: BaseException) -> bool:
    """Whether a call that failed so may have been charged all the same: it was cut off while it was under way."""
    if isinstance(error, TimedOut):
        return error.which != "connect"
    return isinstance(error, StreamEnded | asyncio.CancelledError)


def _tokens(text: str) -> int:
    return len(text.encode()) // 2 + _MESSAGE


@dataclass(slots=True)
class Cut:
    """Calls that were cut off, so that nobody knows what they have cost: at most so many, at most so many dollars."""

    calls: int = 0
    money: float = 0.0

    def add(self, more: Cut) -> None:
        """Some more."""
        self.calls += more.calls
        self.money += more.money

    @property
    def sentence(self) -> str:
        """A word on them for whoever reads what was spent; "" for none."""
        if self.money <= 0:
            return ""
        calls = f"at most {self.calls:,} calls that were" if self.calls != 1 else "a call that was"
        return f"Up to ${self.money:,.4f} of what was spent is for {calls} cut off."


@dataclass(slots=True)
class Purse:
    """A worker's part of the money of a run. `allowance` None: there is no cap. `spent` is what the other workers have
    not been told of yet, and `cut` the part of it that is only feared."""

    allowance: float | None = None
    reserved: float = 0.0
    spent: float = 0.0
    cut: Cut = field(default_factory=Cut)

    def reserve(self, amount: float) -> bool:
        """Takes the worst case of a call from the allowance, if it is there."""
        if self.allowance is not None and amount > 0 and self.spent + self.reserved + amount > self.allowance + 1e-12:
            return False
        self.reserved += amount
        return True

    def settle(self, reserved: float, cost: float) -> None:
        """Gives back what was reserved and pays what it cost."""
        self.reserved = max(0.0, self.reserved - reserved)
        self.spent += cost

    def fear(self, worst: float) -> None:
        """A call was cut off: it may have been charged in full."""
        self.spent += worst
        self.cut.add(Cut(1, worst))
