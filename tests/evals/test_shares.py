"""What workers share: whatever they do and in whatever order, limits and the cap hold for all of them together."""

from __future__ import annotations

from dataclasses import dataclass
from time import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.evals import beat, shares
from hub.evals.ask import fill
from hub.evals.beat import News, Situation
from hub.evals.limits import MOST, Limit, pause
from hub.evals.money import Purse
from hub.evals.order import Grid
from hub.evals.pages import layout
from hub.evals.records import EvalRun, Limits
from hub.evals.shares import State, fair
from hub.models.errors import NoCredit, RateLimited, TimedOut

KEY = "c/m"


@dataclass
class Worker:
    """A worker that begins and ends calls and beats when a test says so."""

    name: str
    busy: int = 0
    aim: int = 0
    spent: float = 0.0
    """What it has really spent."""

    def __post_init__(self) -> None:
        self.purse = Purse(0.0)

    def beat(self, state: State, run: EvalRun, want: int, price: float) -> None:
        """Tells and hears; calls may begin while it is told."""
        counts = {KEY: self.aim, shares.TOTAL: self.aim}
        busy = {KEY: self.busy, shares.TOTAL: self.busy}
        wanted = {KEY: self.busy + want, shares.TOTAL: self.busy + want}
        allowance = self.purse.allowance or 0.0
        me = Situation(counts, busy, wanted, self.purse.reserved, allowance, want * price, price, 0.0)
        spent = self.purse.spent
        while self.begin(price):
            pass  # what begins meanwhile goes by what was known before
        part = beat.take_part(state, self.name, run, run.limits, me, News(spent=spent))
        self.aim = min(part.aims[KEY], part.aims[shares.TOTAL])
        self.purse.spent -= spent
        self.purse.allowance = part.allowance

    def begin(self, price: float) -> bool:
        if self.busy >= self.aim or not self.purse.reserve(price):
            return False
        self.busy += 1
        return True

    def end(self, price: float, share: float) -> None:
        if self.busy:
            self.busy -= 1
            self.purse.settle(price, price * share)
            self.spent += price * share


@settings(max_examples=150, deadline=None)
@given(
    limit=st.integers(1, 12),
    cap=st.floats(0.5, 20),
    acts=st.lists(
        st.tuples(
            st.sampled_from("abc"), st.sampled_from(["beat", "begin", "end", "die"]), st.floats(0, 1), st.integers(0, 9)
        ),
        max_size=80,
    ),
)
def test_limit_and_cap_hold_for_all_workers_together_and_for_those_that_die(
    limit: int, cap: float, acts: list[tuple[str, str, float, int]], a_run: EvalRun
) -> None:
    run = EvalRun(**{**fields(a_run), "cap": cap, "limits": Limits(total=limit + 3, per_model=limit)})
    state, workers, price = State(), {name: Worker(name) for name in "abc"}, 1.0
    charged = 0.0  # of the dead, each call that was under way in full
    for name, act, share, want in acts:
        worker = workers[name]
        if act == "die" and worker.name in state.holders:
            charged += worker.spent + worker.purse.reserved
            state.holders[worker.name].beat = 0.0
            workers[name] = Worker(f"{worker.name}'")
            continue
        if act == "beat":
            worker.beat(state, run, want, price)
        elif act == "begin":
            worker.begin(price)
        elif act == "die":
            continue
        else:
            worker.end(price, share)
        assert sum(one.busy for one in workers.values()) <= limit
        spent = charged + sum(one.spent + one.purse.reserved for one in workers.values())
        assert spent <= cap + 1e-9
        told = state.gone + sum(one.money for one in state.holders.values())
        assert told >= spent - 1e-9


def test_who_was_taken_for_dead_is_feared_for_no_more(a_run: EvalRun) -> None:
    run = EvalRun(**{**fields(a_run), "cap": 10.0, "limits": Limits(total=4, per_model=4)})
    state, worker = State(), Worker("a")
    for _ in range(2):
        worker.beat(state, run, 4, 1.0)
    assert (worker.busy, state.gone) == (4, 0.0)
    state.holders["a"].beat = 0.0
    state.bury(time())
    assert state.gone >= 4.0
    assert state.feared.sentence == "Up to $4.0000 of what was spent is for at most 4 calls that were cut off."
    worker.beat(state, run, 4, 1.0)
    assert (state.gone, state.feared.sentence) == (0.0, "")


def fields(run: EvalRun) -> dict[str, object]:
    return {name: getattr(run, name) for name in run.__slots__}


@given(st.integers(0, 100), st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 200), min_size=1))
def test_slots_are_shared_out_fairly(limit: int, wants: dict[str, int]) -> None:
    given_ = fair(limit, wants)
    assert sum(given_.values()) <= limit
    wanted = [min(given_[name], want) for name, want in wants.items()]
    assert sum(wanted) == min(limit, sum(wants.values())) or limit - sum(wanted) < len(wants)


def test_a_limit_doubles_until_it_is_refused_and_then_grows_slowly() -> None:
    limit = Limit(8)
    limit.answer(8, wanted=True)
    assert limit.now == 16
    limit.answer(16, wanted=False)
    assert limit.now == 16
    limit.refuse(10.0, 11.0, None)
    assert limit.now == 11
    limit.refuse(10.5, 11.5, None)
    assert limit.now == 11, "it began before the limit shrank: the same episode"
    limit.refuse(12.0, 12.1, None)
    assert limit.now == 7
    limit.answer(7 * 20, wanted=True)
    assert limit.now == 8


def test_rest_is_obeyed_and_a_persons_own_limit_holds() -> None:
    limit = Limit(8)
    limit.allow(5, 8)
    assert limit.now == 5
    limit.answer(100, wanted=True)
    assert limit.now == 5
    limit.refuse(1.0, 100.0, 30.0)
    assert limit.blocked_until == 130.0
    limit.allow(None, 8)
    assert limit.most == MOST


def test_what_is_asked_again() -> None:
    assert pause(RateLimited("P", 2.0), 1) == pytest.approx(2.05, abs=0.06)
    assert pause(RateLimited("P", 3600.0), 1) is None
    assert pause(NoCredit("P"), 1) is None
    assert pause(TimedOut("P", "first_token", 60), 1) is None
    assert pause(RateLimited("P"), 4) is None


@given(
    st.builds(
        Grid,
        st.integers(1, 60),
        st.integers(1, 3),
        st.integers(1, 3),
        st.integers(1, 7),
        st.sampled_from(["rows", "models"]),
    )
)
def test_pages_cover_every_cell_once_and_end_with_whole_rows(grid: Grid) -> None:
    laid = layout(grid)
    spans = [laid.span(page) for page in range(laid.count)]
    covered = [index for first, count in spans for index in range(first, first + count)]
    assert covered == list(range(grid.cells))
    assert all(
        laid.page(index) == page for page, (first, count) in enumerate(spans) for index in (first, first + count - 1)
    )
    for first, count in spans:
        if grid.order == "rows":
            assert first % grid.models == 0 and count % grid.models == 0
        else:
            assert len({grid.place(index)[3] for index in (first, first + count - 1)}) == 1


def test_templates_are_filled_once() -> None:
    assert fill("{{a}} {{ b }} {{c}}", {"a": "{{b}}", "b": "2"}) == "{{b}} 2 {{c}}"
