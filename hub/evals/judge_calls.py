"""Calls to the judge of a run: under the limits and with the money of the run, and none for what it has said before."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from time import time

from hub.evals import replies_store
from hub.evals.desk import Desk
from hub.evals.endpoints import open_asked
from hub.evals.judge import Purpose, Reply, readable
from hub.evals.limits import ATTEMPTS
from hub.evals.money import may_be_charged
from hub.evals.records import RunModel
from hub.evals.trouble import Trouble
from hub.models.errors import ModelError
from hub.models.types import Answer, ChatModel, ChatRequest, Params

LONGEST_REPLY = 1024
"""Tokens that a judge's reply may have in a run with a cap."""


class NoMoney(ModelError):
    """The cap leaves nothing for the judge."""

    kind = "cap_reached"

    def __init__(self) -> None:
        super().__init__("The cap of the run leaves no money for it.", hint="Judge again with a higher cap.")


@dataclass(slots=True)
class Bill:
    """What judges have cost of what was set aside for a cell, and what is left of that."""

    reserved: float = 0.0
    cost: float = 0.0


class JudgeCalls:
    """Asks the judge of one worker's run."""

    def __init__(self, desk: Desk, trouble: Trouble) -> None:
        self._desk = desk
        self._trouble = trouble
        self._model: ChatModel | None = None

    async def ask(self, purpose: Purpose, request: ChatRequest, repeat: int, bill: Bill) -> Reply:
        """What the judge says; what it has said to the same question before, unless the run wants all anew."""
        desk, judge = self._desk, self._desk.run.judge
        if judge is None:
            raise ValueError("A run with checks that ask needs a judge.")
        params = _params(judge, request.params, capped=desk.run.cap is not None)
        sent = replace(request, params=params)
        key = replies_store.key(judge, sent, repeat)
        before = await desk.patiently(lambda: replies_store.find(desk.who, key)) if desk.run.cache else None
        if before is not None:
            return Reply(before, 0.0, cached=True)
        answer, cost = await self._pay(judge, sent, bill)
        if readable(purpose, answer.text):
            await desk.patiently(lambda: replies_store.keep(desk.who, desk.run.id, key, answer))
        return Reply(answer, cost)

    async def _pay(self, judge: RunModel, sent: ChatRequest, bill: Bill) -> tuple[Answer, float | None]:
        desk = self._desk
        worst = price(judge, sum(len(one.text.encode()) // 2 + 32 for one in sent.messages)) if desk.run.cap else 0.0
        aside = worst <= bill.reserved
        if aside:
            bill.reserved -= worst
        else:
            await self._afford(worst)
        cost: float | None = 0.0
        try:
            answer = await self._patiently(judge, sent, worst)
            cost = judge.price.cost(answer.usage) if answer.usage is not None else None
        finally:
            if aside:
                bill.cost += cost or 0.0
            else:
                desk.purse.settle(worst, cost or 0.0)
        return answer, cost

    async def _afford(self, worst: float) -> None:
        """Reserves money, waiting for what others give back; raises NoMoney when there is none."""
        desk = self._desk
        desk.owed += worst
        try:
            while not desk.purse.reserve(worst):
                desk.beat_wanted.set()
                await desk.beaten.wait()
                if desk.room < worst and not desk.others_busy:
                    raise NoMoney()
        finally:
            desk.owed -= worst

    async def _patiently(self, judge: RunModel, request: ChatRequest, worst: float) -> Answer:
        desk = self._desk
        for attempt in range(1, ATTEMPTS + 1):
            await desk.gate.enter(judge.key, time())
            began = time()
            try:
                if self._model is None:
                    self._model = await desk.patiently(lambda: open_asked(desk.who, judge))
                answer = await self._sent(self._model, request, worst)
            except ModelError as error:
                wait = self._trouble.wait(judge.key, began, error, attempt)
                if wait is None:
                    if why := self._trouble.given_up(None, error):
                        desk.pause_run(f"The judge {judge.label} could not be asked further. {why}")
                    raise
            else:
                desk.answered[judge.key] += 1
                self._trouble.went_well(None)
                return answer
            finally:
                desk.gate.give(judge.key)
            await asyncio.sleep(wait)
        raise AssertionError("the last attempt raises")

    async def _sent(self, model: ChatModel, request: ChatRequest, worst: float) -> Answer:
        self._desk.calls += 1
        try:
            return await model.ask_once(request)
        except (ModelError, asyncio.CancelledError) as error:
            if may_be_charged(error):
                self._desk.purse.fear(worst)
            raise


def _params(judge: RunModel, wanted: Params, *, capped: bool) -> Params:
    """What the person says of the judge's parameters stands above what the check wants."""
    own = judge.params
    longest = own.max_tokens or (min(judge.output_limit or LONGEST_REPLY, LONGEST_REPLY) if capped else None)
    temperature = own.temperature if own.temperature is not None else wanted.temperature
    return replace(own, temperature=temperature, max_tokens=longest, json_mode=wanted.json_mode)


def price(judge: RunModel, tokens_in: int) -> float:
    """US dollars that a question of so many tokens costs at most; 0 without a known price."""
    if judge.price.input is None or judge.price.output is None:
        return 0.0
    longest = judge.params.max_tokens or min(judge.output_limit or LONGEST_REPLY, LONGEST_REPLY)
    return (tokens_in * judge.price.input + longest * judge.price.output) / 1_000_000
