"""Handing a chat over: another agent goes on in the same message, and answers from then on."""

from __future__ import annotations

import json

from hub import agents, chat, runs
from hub.agents.records import Agent, AgentSpec
from hub.chat import waiting
from hub.chat.records import Message
from tests.agents.conftest import Shed, said
from tests.chat.conftest import ANNA
from tests.chat.test_given import able, prompts
from tests.fakes.openai_server import FakeServer


def ended(message: Message) -> Message:
    """The message when no run goes on in it any more."""
    while message.status == "streaming":
        assert message.run and runs.wait(message.run, timeout=30)
        message = chat.get_message(ANNA, message.id)
    return message


def pair(model: str, server: FakeServer) -> tuple[Agent, Agent]:
    second = agents.create(ANNA, AgentSpec("Tax adviser", instructions="I know taxes.", model=f"{model}fake"))
    first = agents.create(
        ANNA,
        AgentSpec("Reception", instructions="I greet.", model=able(model, "fake-caller"), successors=(second.id,)),
    )
    return first, second


HAND = f"call hand_over_to_tax_adviser {json.dumps({'note': 'They live in Oslo.'})}"


def test_the_next_one_goes_on_in_the_same_message(model: str, server: FakeServer) -> None:
    first, second = pair(model, server)
    got = ended(said(first.id, f"Hello\n{HAND}"))
    assert got.status == "done" and got.model == f"{model}fake"
    assert got.text.strip() and got.tool_results[0].said == "Tax adviser"
    last = prompts(server)[-1]
    assert last[0]["content"].startswith("I know taxes.") and "I greet." not in last[0]["content"]
    assert "They live in Oslo." in last[-1]["content"] and last[-1]["role"] in {"tool", "user"}
    home = chat.get(ANNA, got.conversation)
    assert home.attached["agents"] == {"agent": second.id} and home.model == f"{model}fake"
    assert got.context_used and got.context_used.blocks[0].title == "Tax adviser, version 1"
    assert got.usage and got.cost is None, "the price of the second model is not known"
    later = chat.send(ANNA, text="And now?", conversation=got.conversation)
    assert later.run and runs.wait(later.run, timeout=20)
    assert prompts(server)[-1][0]["content"].startswith("I know taxes.")


def test_other_calls_of_the_round_are_answered(model: str, server: FakeServer, shed: Shed) -> None:
    first, _ = pair(model, server)
    got = ended(said(first.id, f'{HAND} && look {{"path": "a"}}'))
    assert [one.title for one in got.tool_results] == ["Hand over to Tax adviser", "look"] or len(got.tool_results) == 2
    assert got.status == "done" and len(shed.ran) == 1


def test_a_call_that_waits_is_replied_to_first(model: str, server: FakeServer, shed: Shed) -> None:
    first, second = pair(model, server)
    got = ended(said(first.id, f'{HAND} && wipe {{"path": "a"}}'))
    assert got.status == "waiting" and shed.ran == []
    sent = waiting.reply(ANNA, got.id, got.asked[0].call)
    assert sent and sent.run and runs.wait(sent.run, timeout=20)
    done = ended(chat.get_message(ANNA, got.id))
    assert done.status == "done" and shed.ran and done.model == f"{model}fake"
    assert chat.get(ANNA, got.conversation).attached["agents"] == {"agent": second.id}


def test_nothing_is_handed_over_where_several_models_answer(model: str, server: FakeServer) -> None:
    first, _ = pair(model, server)
    caller = able(model, "fake-caller")
    sent = chat.send(ANNA, text=HAND, targets=[(caller, None)] * 2, attached={"agents": {"agent": first.id}})
    assert sent.run and runs.wait(sent.run, timeout=20)
    for answer in sent.answers:
        assert "There is no tool" in chat.get_message(ANNA, answer).tool_results[0].text


def test_round_and_round_has_an_end(model: str, server: FakeServer) -> None:
    caller = able(model, "fake-caller")
    one = agents.create(ANNA, AgentSpec("One", model=caller))
    two = agents.create(ANNA, AgentSpec("Two", model=caller, successors=(one.id,)))
    agents.save(ANNA, one.id, AgentSpec("One", model=caller, successors=(two.id,)))
    lines = [f"call hand_over_to_{'two' if number % 2 == 0 else 'one'} {{}}" for number in range(8)]
    got = ended(said(one.id, "\n".join(lines)))
    assert got.status == "done"
    assert [used.error for used in got.tool_results] == [False] * 5 + [True] * 3
    assert "five" in got.tool_results[5].text or "5 times" in got.tool_results[5].text


def test_one_that_is_gone_meanwhile_is_said(model: str, server: FakeServer) -> None:
    first, second = pair(model, server)
    agents.delete(ANNA, second.id)
    got = ended(said(first.id, HAND))
    assert got.status == "done" and "There is no tool" in got.tool_results[0].text
