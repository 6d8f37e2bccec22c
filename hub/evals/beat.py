"""What a worker tells the others about twice a second, and what it hears from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import time

from hub.db.mongo import Document
from hub.evals import shares
from hub.evals.limits import Limit
from hub.evals.money import Cut
from hub.evals.records import EvalRun, Limits
from hub.evals.shares import TOTAL, State

MOST_BUSY = 64
"""Calls that one worker has under way at most."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A call that the provider refused (429): under which limit, when it began, when it was refused."""

    key: str
    began: float
    at: float
    retry_after: float | None


@dataclass(slots=True)
class News:
    """What happened since the last beat: answers by limit, refusals, requests, money with that of calls cut off."""

    answered: Mapping[str, int] = field(default_factory=dict[str, int])
    refused: Sequence[Refusal] = ()
    calls: int = 0
    spent: float = 0.0
    cut: Cut = field(default_factory=Cut)


@dataclass(frozen=True, slots=True)
class Situation:
    """How a worker stands: calls it may have and has under way by limit, how many it could use, its money."""

    aims: Mapping[str, int]
    busy: Mapping[str, int]
    want: Mapping[str, int]
    reserved: float
    allowance: float
    wanted: float
    least: float
    rate: float


@dataclass(frozen=True, slots=True)
class Part:
    """What is this worker's from now on. `room` is money that nobody has reserved or been allowed but this worker,
    `streams` how many of the `watched` cells it may stream at once."""

    aims: dict[str, int]
    limits: dict[str, Limit]
    allowance: float
    room: float
    others_busy: bool
    watched: frozenset[int]
    streams: int
    spent: float
    feared: Cut


def limits_of(changed: Document) -> Limits:
    """The limits of a run as a person has set them now."""
    return Limits(**changed["limits"])


@dataclass(frozen=True, slots=True)
class Taking:
    """What a worker does to what is shared at a beat; it can be done again when somebody was quicker."""

    worker: str
    run: EvalRun
    allowed: Limits
    me: Situation
    news: News

    def __call__(self, state: State) -> Part:
        """Takes this worker's part."""
        return take_part(state, self.worker, self.run, self.allowed, self.me, self.news)


def take_part(state: State, worker: str, run: EvalRun, allowed: Limits, me: Situation, news: News) -> Part:
    """Applies the news to what is shared and takes this worker's part of slots and money."""
    now = time()
    state.bury(now)
    mine = state.join(worker)
    mine.beat, mine.rate, mine.busy = now, me.rate, me.busy.get(TOTAL, 0)
    mine.want = {**me.want, TOTAL: min(MOST_BUSY, me.want.get(TOTAL, 0))}
    state.spent += news.spent
    state.calls += news.calls
    state.cut.add(news.cut)
    keys = {*mine.want, *news.answered, *(one.key for one in news.refused)} - {TOTAL}
    for key in keys:
        state.limits.setdefault(key, Limit(allowed.per_model or allowed.start)).allow(allowed.per_model, allowed.start)
    for one in sorted(news.refused, key=lambda one: one.at):  # before answers, which would have it grow
        state.limits[one.key].refuse(one.began, one.at, one.retry_after)
    for key in keys:
        wanted = sum(one.want.get(key, 0) for one in state.holders.values())
        state.limits[key].answer(news.answered.get(key, 0), wanted=wanted > state.limits[key].now)
    aims = {key: _slots(state, worker, key, limit.now, me) for key, limit in state.limits.items()}
    aims[TOTAL] = min(MOST_BUSY, _slots(state, worker, TOTAL, allowed.total, me))
    others = [one for name, one in state.holders.items() if name != worker]
    allowance = room = 0.0
    if run.cap is not None:
        left = me.allowance - news.spent
        room = run.cap - state.gone - sum(one.money for one in others)
        mine.money = 0.0
        allowance = shares.money(state, worker, run.cap, me.reserved, me.wanted, me.least)
        mine.money = max(allowance, left)
    return Part(
        aims=aims,
        limits=state.limits,
        allowance=allowance,
        room=room,
        others_busy=any(one.busy for one in others),
        watched=frozenset(map(int, state.watched)),
        streams=max(1, shares.MOST_STREAMS // len(state.holders)),
        spent=state.gone,
        feared=state.feared,
    )


def _slots(state: State, worker: str, key: str, limit: int, me: Situation) -> int:
    """Until it has heard of fewer, a worker goes by what it had: so that is still its own in this round."""
    have, aim = shares.slots(state, worker, key, limit, max(me.busy.get(key, 0), me.aims.get(key, 0)))
    state.holders[worker].have[key] = have
    return aim
