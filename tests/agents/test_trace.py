"""Agents that asked each other, in the trace of the answer that it all belongs to."""

from __future__ import annotations

import json
from itertools import pairwise

from hub import chat
from hub.agents import trace as asked
from hub.agents.records import Agent
from hub.traces import Span, Trace
from tests.agents.conftest import Shed, said
from tests.agents.test_ask import WIPE, chain, deep, reply
from tests.chat.conftest import ANNA, BERT

__all__ = ["chain"]


def traced(message: str) -> Trace:
    return chat.trace(ANNA, message, asked.below(ANNA, message))


def agent(rows: tuple[Span, ...]) -> Span:
    return next(row for row in rows if row.kind == "agent")


def test_each_stands_inside_the_one_that_asked_it_in_its_time(chain: Agent, shed: Shed) -> None:
    got = said(chain.id, f"Look.\n{deep('call look ' + json.dumps({'path': 'x'}))}")
    trace = traced(got.id)
    assert trace.agent.startswith("Top") and (trace.count("agent"), trace.count("step")) == (3, 8)
    rows, nested = trace.spans, []
    for name in ("Bob", "Carl", "Dora"):
        nested.append(agent(rows))
        assert nested[-1].label == name and nested[-1].parts[0].title == "Task"
        rows = nested[-1].spans
    assert [row.label for row in rows if row.kind == "tool"] == ["look"]
    for outer, inner in pairwise(nested):
        assert (
            outer.began_ms is not None and inner.began_ms is not None and outer.ms is not None and inner.ms is not None
        )
        assert outer.began_ms <= inner.began_ms and inner.ms <= outer.ms
    assert len({row.id for row in trace.all()}) == len(list(trace.all()))
    assert trace.usage is not None and trace.usage.input > (got.usage.input if got.usage else 0)
    assert asked.below(BERT, got.id) == ()


def test_a_pause_inside_leaves_each_where_it_began(chain: Agent, shed: Shed) -> None:
    got = said(chain.id, f"Clean up.\n{deep(WIPE)}")
    waits = traced(got.id)
    assert waits.status == "waiting" and agent(waits.spans).status == "waiting"
    done = reply(got)
    trace = traced(done.id)
    assert trace.status == "done" and [row.kind for row in trace.spans] == ["step", "pause", "agent", "step"]
    bob = agent(trace.spans)
    first, last = trace.spans[0], trace.spans[-1]
    begins = [row.began_ms for row in (first, bob, last)]
    assert begins == sorted(at for at in begins if at is not None)
    dora = agent(agent(bob.spans).spans)
    inner = [row.began_ms for row in dora.spans if row.kind in {"step", "tool"}]
    assert inner == sorted(at for at in inner if at is not None), "its time goes on where it stopped"
