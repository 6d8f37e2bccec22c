"""Agents outside of any chat: run by programs, where nobody is there to be asked; and by whoever waits for them."""

from __future__ import annotations

import pytest

from hub import agents, hooks
from hub.agents.records import AgentSpec
from hub.errors import BadInput, HubError, NotFound
from hub.served import ServedTool
from hub.tools import Reply
from tests.agents.conftest import Shed
from tests.agents.test_ask import WIPE, calls, made
from tests.chat.conftest import ANNA, BERT
from tests.chat.test_given import able


def tool() -> ServedTool:
    return next(one for one in hooks.served_tools(ANNA) if one.name == "run_agent")


def test_a_program_runs_an_agent_and_what_must_be_asked_is_refused(model: str, shed: Shed) -> None:
    assert not any(one.name == "run_agent" for one in hooks.served_tools(ANNA))
    bob = made(model, "Bob", asks=True)
    made(model, "Top", bob, description="Does all.")
    one = tool()
    assert "- Top: Does all." in one.description and not one.reads
    said = one.call({"agent": "top", "task": calls("bob", f'{WIPE}\ncall look {{"path": "b"}}')})
    assert "look did b." in said and [name for name, _ in shed.ran] == ["look"]
    with pytest.raises(NotFound, match="no agent “x”"):
        one.call({"agent": "x", "task": "y"})
    broken = agents.create(ANNA, AgentSpec("Broken", model=f"{model}fake-content"))
    with pytest.raises(HubError, match="Broken did not finish"):
        one.call({"agent": broken.id, "task": "y"})
    assert all(tool.name != "run_agent" for tool in hooks.served_tools(BERT))


def test_a_run_keeps_what_was_asked_beneath(model: str, shed: Shed) -> None:
    bob = made(model, "Bob")
    top = made(model, "Top", bob)
    record = agents.run(ANNA, top.id, calls("bob", 'call look {"path": "a"}'))
    assert (record.status, record.depth, record.answer) == ("done", 0, record.id)
    assert [(one.name, one.depth) for one in agents.asks(ANNA, record.id)] == [("Top", 0), ("Bob", 1)]
    assert record.cost and record.cost > (agents.asks(ANNA, record.id)[1].cost or 0) > 0
    with pytest.raises(NotFound):
        agents.run(BERT, top.id, "x")
    with pytest.raises(BadInput):
        agents.run(ANNA, top.id, " ")


def test_where_somebody_is_there_it_waits_for_them(model: str, shed: Shed) -> None:
    top = agents.create(ANNA, AgentSpec("Top", model=able(model, "fake-caller")))
    record = agents.run(ANNA, top.id, WIPE, attended=True)
    [one] = record.waits
    assert (record.status, shed.ran) == ("waiting", [])
    with pytest.raises(BadInput, match="another call"):
        agents.go_on(ANNA, record.id, Reply(True, one.tool, one.version, '{"path":"other"}'))
    with pytest.raises(NotFound):
        agents.go_on(BERT, record.id, Reply(True, one.tool, one.version, one.arguments))
    done = agents.go_on(ANNA, record.id, Reply(True, one.tool, one.version, one.arguments))
    assert done.status == "done" and len(shed.ran) == 1
    with pytest.raises(BadInput, match="not asked any more"):
        agents.go_on(ANNA, record.id, Reply(True, one.tool, one.version, one.arguments))
