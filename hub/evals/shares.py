"""What the workers of a run share: slots of every limit, money, what is watched.

One document, changed only by who names the revision that was read. A worker raises its share when the shares of all who
live leave room, and lowers it when its calls have really ended: so limits and the cap are never exceeded together.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from time import time
from typing import TypeVar

import orjson
import psutil

from hub.db.who import Who
from hub.evals import moment_store
from hub.evals.limits import Limit
from hub.evals.money import Cut

T = TypeVar("T")

DEAD_SECONDS = 10.0
"""A worker that was not heard for so long has no share any more."""
TOTAL = "total"
"""The limit over all models."""
MOST_WATCHED = 64
"""Cells that may be in sight."""
MOST_STREAMS = 12
"""Cells of a run that stream at once, over all workers."""


@dataclass(slots=True)
class Holder:
    """A worker: its process, when it was heard, its slots by limit, how many it could use, its calls under way, its
    money (part of the cap that it may spend) and how many cells a second it finishes."""

    host: str = ""
    pid: int = 0
    born: float = 0.0
    beat: float = 0.0
    have: dict[str, int] = field(default_factory=dict[str, int])
    want: dict[str, int] = field(default_factory=dict[str, int])
    busy: int = 0
    money: float = 0.0
    rate: float = 0.0


@dataclass(slots=True)
class State:
    """All that is shared. `spent` is in US dollars and `calls` are requests, as workers have told. `cut` is the part of
    `spent` that is only feared; `dead` is feared as well, of workers that were last heard with money in hand."""

    holders: dict[str, Holder] = field(default_factory=dict[str, Holder])
    limits: dict[str, Limit] = field(default_factory=dict[str, Limit])
    spent: float = 0.0
    calls: int = 0
    cut: Cut = field(default_factory=Cut)
    dead: dict[str, Cut] = field(default_factory=dict[str, Cut])
    watched: dict[str, float] = field(default_factory=dict[str, float])
    """Numbers of cells that somebody looks at, and until when."""

    @property
    def gone(self) -> float:
        """US dollars that are gone, at most: what was spent, and all that the dead could have spent unheard."""
        return self.spent + sum(one.money for one in self.dead.values())

    @property
    def feared(self) -> Cut:
        """All calls that were cut off."""
        found = Cut()
        for one in (self.cut, *self.dead.values()):
            found.add(one)
        return found

    def bury(self, now: float) -> None:
        """Takes the slots of workers that are dead, and forgets what nobody watches any more. Their money counts as
        gone: a call that was under way may have been charged, and those since they were heard are not known of."""
        for name in [name for name, one in self.holders.items() if not alive(one, now)]:
            one = self.holders.pop(name)
            if one.money > 0:
                self.dead[name] = Cut(one.have.get(TOTAL, 0), one.money)
        self.watched = {index: until for index, until in self.watched.items() if until > now}

    def join(self, worker: str) -> Holder:
        """The share of a worker. One that was taken for dead has its money in hand still, and is feared for no more."""
        self.dead.pop(worker, None)
        return self.holders.setdefault(worker, holder())

    def leave(self, worker: str) -> None:
        """A worker has told all and has nothing under way."""
        self.dead.pop(worker, None)
        self.holders.pop(worker, None)


def holder() -> Holder:
    """A worker in this process."""
    return Holder(socket.gethostname(), os.getpid(), psutil.Process().create_time())


def alive(holder: Holder, now: float) -> bool:
    """Whether a worker was heard lately, and its process lives as far as can be seen from here."""
    if now - holder.beat >= DEAD_SECONDS:
        return False
    if holder.host != socket.gethostname() or holder.pid == os.getpid():
        return True
    try:
        process = psutil.Process(holder.pid)
        return process.create_time() == holder.born and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def living(who: Who, run_id: str) -> frozenset[str]:
    """The workers of a run that live."""
    now = time()
    return frozenset(name for name, one in read(who, run_id).holders.items() if alive(one, now))


def read(who: Who, run_id: str) -> State:
    """What is shared of a run now."""
    return load(moment_store.shares(who, run_id)["state"])


def change(who: Who, run_id: str, act: Callable[[State], T]) -> T:
    """Applies `act` to what is shared, again when somebody was quicker; returns what it returned."""
    while True:
        found = moment_store.shares(who, run_id)
        state = load(found["state"])
        result = act(state)
        if moment_store.change_shares(who, run_id, found["rev"], dump(state)):
            return result


def load(data: bytes) -> State:
    """The state in its stored form."""
    found = orjson.loads(data)
    return State(
        holders={name: Holder(**one) for name, one in found.get("holders", {}).items()},
        limits={name: Limit(**one) for name, one in found.get("limits", {}).items()},
        spent=found.get("spent", 0.0),
        calls=found.get("calls", 0),
        cut=Cut(**found.get("cut", {})),
        dead={name: Cut(**one) for name, one in found.get("dead", {}).items()},
        watched=found.get("watched", {}),
    )


def dump(state: State) -> bytes:
    """The stored form."""
    return orjson.dumps(asdict(state))


def fair(limit: int, wants: Mapping[str, int]) -> dict[str, int]:
    """How many slots each worker should have: all that it wants where there are enough, else equal parts; what nobody
    wants now is shared equally, so that it is there when it is wanted."""
    given: dict[str, int] = {}
    left, order = limit, sorted(wants, key=lambda name: (wants[name], name))
    for place, name in enumerate(order):
        given[name] = min(wants[name], left // (len(order) - place))
        left -= given[name]
    return {name: got + left // len(order) for name, got in given.items()}


def slots(state: State, worker: str, key: str, limit: int, busy: int) -> tuple[int, int]:
    """(slots that `worker` holds from now on, calls it should have at most) under a limit. It holds more than it should
    have only while its calls are under way."""
    target = fair(limit, {name: one.want.get(key, 0) for name, one in state.holders.items()})[worker]
    others = sum(one.have.get(key, 0) for name, one in state.holders.items() if name != worker)
    aim = min(target, max(limit - others, 0))
    return max(aim, busy), aim


def money(state: State, worker: str, cap: float, reserved: float, wanted: float, least: float) -> float:
    """The allowance of `worker`: what it has reserved and as much of `wanted` as is its part of what is left. `least`
    is the smallest amount that is of any use to it."""
    others = sum(one.money for name, one in state.holders.items() if name != worker)
    left = max(0.0, cap - state.gone - others - reserved)
    part = left / max(1, len(state.holders))
    more = min(wanted, part if part >= least else left if left >= least else 0.0)
    return reserved + more
