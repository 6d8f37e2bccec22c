"""Agents that ask each other: their own context and tools, costs to the asker, pauses inside, and what stops them."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from hub import agents, chat, hooks, runs
from hub.agents import ask, ask_store
from hub.agents.records import Agent, AgentSpec, AskRecord
from hub.chat import store as chat_store
from hub.chat import waiting
from hub.chat.records import Message
from hub.db.mongo import collection
from hub.runs.records import Limits
from hub.tools import decide
from hub.turns import Block, Source, ToolFile, Turn
from tests.agents.conftest import Shed, said
from tests.chat.conftest import ANNA, BERT
from tests.chat.test_given import able
from tests.fakes.openai_server import FakeServer

WIPE = 'call wipe {"path": "a"}'


def calls(name: str, task: str) -> str:
    """A line that has the fake model ask an agent."""
    return f"call ask_{name} {json.dumps({'task': task})}".replace("&", "\\u0026")


def made(model: str, name: str, *helpers: Agent, **more: Any) -> Agent:
    given: dict[str, Any] = {"model": able(model, "fake-caller"), **more}
    return agents.create(ANNA, AgentSpec(name, helpers=tuple(one.id for one in helpers), **given))


def reply(message: Message, **more: Any) -> Message:
    open_ = next(one for one in message.asked if not one.reply)
    sent = waiting.reply(ANNA, message.id, open_.call, **more)
    assert sent is None or (sent.run and runs.wait(sent.run, timeout=30))
    return chat.get_message(ANNA, message.id)


@pytest.fixture
def chain(model: str) -> Agent:
    """Anna's agent, that asks Bob, who asks Carl, who asks Dora."""
    dora = made(model, "Dora", instructions="I am Dora.")
    carl = made(model, "Carl", dora, instructions="I am Carl.")
    bob = made(model, "Bob", carl, instructions="I am Bob.")
    return made(model, "Top", bob, instructions="I am Top.")


def deep(inner: str) -> str:
    return calls("bob", calls("carl", calls("dora", inner)))


def test_agents_ask_each_other_with_a_context_of_their_own(chain: Agent, shed: Shed, server: FakeServer) -> None:
    got = said(chain.id, f"A secret of the chat.\n{deep('call look ' + json.dumps({'path': 'x'}))}")
    assert got.status == "done" and shed.ran == [("look", {"path": "x"})]
    assert got.text.startswith("All done:") and "look did x." in got.text
    records = agents.asks(ANNA, got.id)
    assert [(one.name, one.depth, one.status, len(one.steps)) for one in records] == [
        ("Bob", 1, "done", 2), ("Carl", 2, "done", 2), ("Dora", 3, "done", 2),
    ]  # fmt: skip
    bob, carl, dora = records
    assert (bob.parent, carl.parent, dora.parent) == ("", bob.id, carl.id)
    assert (bob.call, got.tool_results[0].about) == (got.tool_calls[0].id, {"asked": bob.id})
    assert carl.call == bob.tool_calls[0].id and bob.tool_results[0].about == {"asked": carl.id}
    bodies = [one.body["messages"] for one in server.requests if one.path.endswith("/chat/completions")]
    inner = next(one for one in bodies if one[0]["content"].startswith("I am Dora."))
    assert "A secret of the chat" not in json.dumps(inner), "nobody is told more than the task"
    assert agents.asks(BERT, got.id) == []
    assert agents.find(ANNA, bob.agent).uses == 1


def test_what_they_cost_counts_to_who_asked(chain: Agent, shed: Shed) -> None:
    got = said(chain.id, deep("Nothing."))
    bob, carl, dora = agents.asks(ANNA, got.id)
    for one in (bob, carl, dora):
        own = [step.usage for step in one.steps if step.usage]
        below = [used.cost for used in one.tool_results]
        assert one.cost == pytest.approx(sum(_price(usage) for usage in own) + sum(cost or 0 for cost in below))
    assert bob.cost and carl.cost and dora.cost and bob.cost > carl.cost > dora.cost > 0
    assert got.tool_results[0].cost == pytest.approx(bob.cost)
    top = sum(_price(step.usage) for step in got.steps)
    assert got.cost == pytest.approx(top + bob.cost)
    assert bob.usage and carl.usage and bob.usage.input > carl.usage.input


def _price(usage: Any) -> float:
    return (usage.input * 1.0 + usage.output * 2.0) / 1_000_000


def test_none_asks_one_above_it_and_none_at_a_fourth_depth(model: str, chain: Agent, server: FakeServer) -> None:
    bob = agents.find(ANNA, chain.spec.helpers[0])
    carl = agents.find(ANNA, bob.spec.helpers[0])
    dora = agents.find(ANNA, carl.spec.helpers[0])
    eve = made(model, "Eve")
    agents.save(ANNA, dora.id, replace(dora.spec, helpers=(eve.id, chain.id, bob.id)))
    agents.save(ANNA, carl.id, replace(carl.spec, helpers=(dora.id, chain.id, bob.id, eve.id)))
    said(chain.id, deep(calls("eve", "x")))
    offered: dict[str, set[str]] = {}
    for one in server.requests:
        if one.path.endswith("/chat/completions"):
            names = {tool["function"]["name"] for tool in one.body.get("tools", ())}
            speaker = one.body["messages"][0]["content"].split(".")[0]
            offered[speaker] = {name for name in names if name.startswith("ask_")}
    assert offered["I am Carl"] == {"ask_dora", "ask_eve"}
    assert offered["I am Dora"] == set()


def test_a_helper_of_somebody_else_or_that_is_gone_is_not_offered(model: str, server: FakeServer) -> None:
    theirs = agents.create(BERT, AgentSpec("Spy"))
    gone = made(model, "Gone")
    top = agents.create(ANNA, AgentSpec("Top", model=able(model, "fake-caller"), helpers=(theirs.id, gone.id, "junk")))
    agents.delete(ANNA, gone.id)
    got = said(top.id, calls("spy", "x"))
    assert "There is no tool" in got.tool_results[0].text and agents.asks(ANNA, got.id) == []


def test_what_is_made_three_deep_is_shown_with_the_answer(chain: Agent, shed: Shed) -> None:
    shed.makes = (ToolFile("tides.csv", "text/csv", b"12:00,2.1\n"),)
    got = said(chain.id, deep('call look {"path": "x"}'))
    assert [one.name for one in got.files] == ["tides.csv"]
    assert [one.files for one in agents.asks(ANNA, got.id)] == [(got.files[0].id,)] * 3


def test_nothing_waits_below_an_answer_that_was_left(chain: Agent, shed: Shed) -> None:
    got = said(chain.id, deep(WIPE))
    assert [one.status for one in agents.asks(ANNA, got.id)] == ["waiting"] * 3
    sent = chat.send(ANNA, text="Never mind.", conversation=got.conversation)
    assert sent.run and runs.wait(sent.run, timeout=30)
    assert [one.status for one in agents.asks(ANNA, got.id)] == ["cancelled"] * 3 and shed.ran == []


def test_limits_are_the_smaller_of_both(model: str, shed: Shed) -> None:
    bob = made(model, "Bob", limits=Limits(steps=20, cost=1.0))
    top = made(model, "Top", bob, limits=Limits(steps=3, tokens=50_000))
    looks = "\n".join(f'call look {{"path": "{one}"}}' for one in "abcdef")
    got = said(top.id, calls("bob", looks))
    [record] = agents.asks(ANNA, got.id)
    assert len(shed.ran) == 3 and "3 steps, as many as it may" in record.notices[0]
    assert Limits(5, None, 2.0).within(Limits(9, 7, 1.0)) == Limits(5, 7, 1.0)


def test_a_persons_own_limits_hold_for_agents_and_those_that_they_ask(model: str, shed: Shed) -> None:
    bob = made(model, "Bob", limits=Limits(steps=20, cost=1.0))
    top = made(model, "Top", bob, limits=Limits(steps=30))
    chat.preferences.change(ANNA, most_steps=2, most_tokens=2_000, most_cost=0.5)
    got = said(top.id, calls("bob", 'call look {"path": "a"}'))
    [row] = collection("agent_asks").find({"answer": got.id})
    assert row["limits"] == {"steps": 20, "tokens": 2_000, "cost": 0.5}


def test_a_pause_inside_is_answered_by_another_process(chain: Agent, shed: Shed) -> None:
    got = said(chain.id, deep(WIPE))
    assert (got.status, shed.ran) == ("waiting", [])
    [one] = got.asked
    assert (one.tool, one.arguments, one.call) == ("shed:wipe", '{"path":"a"}', got.tool_calls[0].id)
    assert "Bob wants this. Carl wants this. Dora wants this." in one.why
    assert [record.status for record in agents.asks(ANNA, got.id)] == ["waiting"] * 3
    runs.shut_down(1)  # nothing of it is left in memory
    done = reply(got)
    assert (done.status, shed.ran) == ("done", [("wipe", {"path": "a"})])
    records = agents.asks(ANNA, got.id)
    assert [(record.status, len(record.steps)) for record in records] == [("done", 2)] * 3
    assert "wipe did a." in done.text and done.cost and records[0].cost
    assert done.tool_results[0].cost == pytest.approx(records[0].cost)


def test_no_goes_to_the_agent_that_wanted_it(chain: Agent, shed: Shed) -> None:
    done = reply(said(chain.id, deep(WIPE)), said="denied")
    assert (done.status, shed.ran) == ("done", [])
    dora = agents.asks(ANNA, done.id)[-1]
    assert dora.status == "done" and "did not allow" in dora.tool_results[0].text
    assert not done.tool_results[0].error, "the agent has gone on without it"


def test_several_waits_are_asked_one_after_the_other(chain: Agent, shed: Shed) -> None:
    got = said(chain.id, deep(f'{WIPE} && wipe {{"path": "b"}}\ncall wipe {{"path": "c"}}'))
    second = reply(got)
    assert (second.status, shed.ran) == ("waiting", [])
    assert [one.arguments for one in second.asked] == ['{"path":"b"}'], "the newest stands in the card"
    third = reply(second, said="denied")
    assert (third.status, [given["path"] for _, given in shed.ran]) == ("waiting", ["a"])
    done = reply(third)
    assert (done.status, [given["path"] for _, given in shed.ran]) == ("done", ["a", "c"])


def test_a_tool_that_changed_meanwhile_is_asked_again(chain: Agent, shed: Shed) -> None:
    got = said(chain.id, deep(WIPE))
    shed.version = "2"
    again = reply(got)
    assert (again.status, shed.ran) == ("waiting", [])
    assert reply(again).status == "done" and len(shed.ran) == 1


def test_rules_of_the_chat_hold_in_it_for_all_agents(chain: Agent, shed: Shed) -> None:
    done = reply(said(chain.id, deep(WIPE)), remember="chat")
    assert done.status == "done"
    sent = chat.send(ANNA, text=deep(WIPE), conversation=done.conversation)
    assert sent.run and runs.wait(sent.run, timeout=30)
    assert chat.get_message(ANNA, sent.answers[0]).status == "done" and len(shed.ran) == 2
    assert said(chain.id, deep(WIPE)).status == "waiting", "another chat asks"
    decide.set_rule(ANNA, "shed:wipe", "never", conversation=done.conversation)
    sent = chat.send(ANNA, text=deep(WIPE), conversation=done.conversation)
    assert sent.run and runs.wait(sent.run, timeout=30)
    assert len(shed.ran) == 2


def test_an_agent_asks_the_person_from_inside(model: str) -> None:
    bob = made(model, "Bob", asks=True)
    top = made(model, "Top", bob)
    form = {"questions": [{"question": "When do you leave?"}, {"question": "How?", "choices": ["Boat", "Train"]}]}
    got = said(top.id, calls("bob", f"call ask_person {json.dumps(form)}"))
    [one] = got.asked
    assert [(question.name, question.choices) for question in one.questions] == [
        ("When do you leave", ()), ("How", ("Boat", "Train")),
    ]  # fmt: skip
    done = reply(got, answers={"When do you leave": "at nine", "How": "Boat"})
    assert done.status == "done" and "When do you leave: at nine" in done.text and "How: Boat" in done.text


def test_when_the_asker_stops_all_beneath_stop(model: str, server: FakeServer) -> None:
    slow = agents.create(ANNA, AgentSpec("Slow", model=f"{model}fake?tokens=5000&gap=20"))
    carl = made(model, "Carl", slow)
    top = made(model, "Top", carl)
    text = calls("carl", calls("slow", "Talk."))
    sent = chat.send(ANNA, text=text, attached={"agents": {"agent": top.id}})
    assert sent.run and server.wait_for(lambda one: one.busy["fake?tokens=5000&gap=20"] == 1, timeout=20)
    runs.cancel(ANNA, sent.run)
    assert runs.wait(sent.run, timeout=10)
    assert server.wait_for(lambda one: one.streaming == 0, timeout=10)
    for run in [run.id for run in runs.ongoing(ANNA)]:
        assert runs.wait(run, timeout=10)
    assert [one.status for one in agents.asks(ANNA, sent.answers[0])] == ["cancelled", "cancelled"]


def test_at_most_so_many_at_once(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    bob = made(model, "Bob")
    top = made(model, "Top", bob)
    taken = [ask.Place() for _ in range(ask.AT_ONCE)]
    for one in taken:
        one.__enter__()
    try:
        got = said(top.id, calls("bob", "x"))
    finally:
        for one in taken:
            one.__exit__()
    assert "agents are at work" in got.tool_results[0].text and agents.asks(ANNA, got.id) == []


def test_sources_are_of_one_space(model: str, shed: Shed) -> None:
    shed.cites = True
    bob = made(model, "Bob")
    top = made(model, "Top", bob)
    inner = 'call look {"path": "two"}'
    got = said(top.id, f'call look {{"path": "one"}}\n{calls("bob", inner)}')
    assert [(one.number, one.item) for one in got.sources] == [(1, "one"), (2, "two")]


def test_what_is_remembered_and_has_no_number_stops_no_agent(model: str, shed: Shed) -> None:
    class Memory:
        @hooks.implementation
        def context(self, turn: Turn) -> Block:
            return Block("memory", "Memory", "Likes tea.", 3, sources=(Source("memory", "f1", "", "Likes tea."),))

    room = Memory()
    hooks.plugins().register(room, "hub.testmemory.plugin")
    try:
        top = made(model, "Top", made(model, "Bob"))
        got = said(top.id, calls("bob", 'call look {"path": "x"}'))
        assert [one.status for one in agents.asks(ANNA, got.id)] == ["done"]
    finally:
        hooks.plugins().unregister(room)


def test_a_temporary_chat_has_temporary_agents_and_none_learns(model: str, shed: Shed) -> None:
    bob = made(model, "Bob", memory="full")
    top = made(model, "Top", bob)
    said(top.id, calls("bob", "x"), temporary=True)
    inner = [turn for turn in shed.turns if turn.question == "x"]
    assert inner and all(turn.temporary for turn in inner)
    said(top.id, calls("bob", "y"))
    [turn] = [turn for turn in shed.turns if turn.question == "y"]
    assert turn.attached["memory"]["learn"] is False and not turn.temporary and not turn.alone


def test_what_the_chat_has_chosen_is_not_the_helpers(model: str, shed: Shed) -> None:
    bob = made(model, "Bob", collections=("c9",))
    top = made(model, "Top", bob)
    chosen: dict[str, Any] = {
        "documents": {"collections": ["c1"]},
        "skills": {"always": ["x"], "off": ["y"]},
        "tools": {"off": ["shed:wipe"]},
    }
    said(top.id, calls("bob", "task"), attached={**chosen, "agents": {"agent": top.id}})
    [turn] = [turn for turn in shed.turns if turn.question == "task"]
    assert turn.attached["documents"] == {"collections": ["c9"]}
    assert "always" not in turn.attached["skills"] and turn.attached["skills"]["off"] == ["y"]
    assert turn.attached["tools"]["off"] == ["shed:wipe"]


def test_a_purged_chat_leaves_nothing(chain: Agent, shed: Shed) -> None:
    got = said(chain.id, deep("x"))
    [bob, *_] = agents.asks(ANNA, got.id)
    assert hooks.conversation_purged(ANNA, got.conversation) == []
    assert agents.asks(ANNA, got.id) == []
    assert collection("runs").find_one({"kind": "agent", "owner": ANNA.id}) is None
    assert bob.run


def test_a_process_killed_in_the_middle(model: str, server: FakeServer) -> None:
    command = [sys.executable, "-m", "tests.agents.dying", model]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        answer, run = process.stdout.readline().split()
        assert server.wait_for(lambda one: one.busy["fake?tokens=5000&gap=20"] == 1, timeout=60)
        process.kill()
    runs.start_up()
    assert runs.wait(run, 30)
    [record] = _ended(answer)
    assert record.status == "interrupted" and chat.get_message(ANNA, answer).status == "interrupted"


def _ended(answer: str) -> list[AskRecord]:
    for row in collection("agent_asks").find({"owner": ANNA.id, "answer": answer}):
        assert runs.wait(row["run"], 30)
    return agents.asks(ANNA, answer)


def test_what_is_kept_of_a_reply_is_what_was_said(agent_store: None) -> None:
    from hub.turns import Reply

    given = {"a.b": Reply(True, "t", "1", "{}", {"$x.y": "z"})}
    assert ask_store.replies({"replies": ask_store.packed(given)}) == given


def test_nobody_elses_ask_is_read(chain: Agent, shed: Shed) -> None:
    got = said(chain.id, deep("x"))
    [bob, *_] = agents.asks(ANNA, got.id)
    with pytest.raises(Exception, match="Nothing is known"):
        ask_store.row(BERT, bob.id)
    assert chat_store.message(ANNA, got.id)["status"] == "done"
