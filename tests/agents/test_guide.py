"""An agent in a chat: its instructions, model, limits, and what it brings for the other rooms."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hub import agents, chat, hooks, runs
from hub.agents import store
from hub.agents.records import AgentSpec
from hub.db.mongo import collection, object_id
from hub.memory import preferences
from hub.models import catalogue
from hub.models.types import Params
from hub.runs.records import Limits
from tests.agents.conftest import Shed, said
from tests.chat.conftest import ANNA, BERT
from tests.chat.test_given import able, prompts
from tests.fakes.openai_server import FakeServer


def test_instructions_stand_first_and_are_shown_with_their_version(model: str, server: FakeServer) -> None:
    made = agents.create(ANNA, AgentSpec("Captain", instructions="Speak as a captain.", model=f"{model}fake"))
    got = said(made.id, "Hello", system_prompt="Be brief.")
    assert prompts(server)[-1][0]["content"] == "Speak as a captain.\n\nBe brief."
    assert got.context_used and (got.context_used.blocks[0].room, got.context_used.blocks[0].title) == (
        "agents", "Captain, version 1",
    )  # fmt: skip
    assert got.context_used.blocks[0].text == "Speak as a captain."


def test_a_chat_begins_with_the_model_of_its_agent_and_the_person_may_take_another(model: str) -> None:
    spec = AgentSpec("Captain", model=f"{model}fake", params=Params(temperature=0.25))
    made = agents.create(ANNA, spec)
    got = said(made.id, "Hello")
    assert (got.model, got.params.temperature) == (f"{model}fake", 0.25)
    other = said(made.id, "Hello", targets=[(f"{model}fake-echo", None)])
    assert other.model == f"{model}fake-echo" and other.params == Params()
    later = chat.send(ANNA, text="And now?", conversation=got.conversation)
    assert later.run and runs.wait(later.run, timeout=20)
    assert chat.get_message(ANNA, later.answers[0]).model == f"{model}fake"


def test_a_model_that_the_person_does_not_have_is_left_for_their_own(model: str) -> None:
    catalogue.set_default(ANNA, f"{model}fake-echo")
    spec = AgentSpec("Captain", model="0" * 24 + "/gone", fallbacks=("1" * 24 + "/gone", f"{model}fake"))
    assert said(agents.create(ANNA, spec).id, "Hello").model == f"{model}fake"
    made = agents.create(ANNA, replace(spec, fallbacks=()))
    assert said(made.id, "Hello").model == f"{model}fake-echo"


def test_an_agent_that_is_gone_or_of_somebody_else_is_said(model: str, server: FakeServer) -> None:
    mine = agents.create(ANNA, AgentSpec("Captain", instructions="Secret.", model=f"{model}fake"))
    theirs = agents.create(BERT, AgentSpec("Bert's", instructions="Secret."))
    agents.delete(ANNA, mine.id)
    for one in (mine.id, theirs.id, "nonsense"):
        got = said(one, "Hello", targets=[(f"{model}fake", None)])
        assert got.status == "done" and "not there any more" in got.notices[0]
        assert [message["role"] for message in prompts(server)[-1]] == ["user"]


def test_a_draft_is_what_answers_where_it_is_tried(model: str, server: FakeServer) -> None:
    made = agents.create(ANNA, AgentSpec("Captain", instructions="Old.", model=f"{model}fake"))
    agents.try_(ANNA, made.id, replace(made.spec, instructions="New."))
    said(made.id, "Hello")
    assert prompts(server)[-1][0]["content"] == "Old."
    got = said(made.id, "Hello", attached={"agents": {"agent": made.id, "draft": True}})
    assert prompts(server)[-1][0]["content"] == "New."
    assert got.context_used and got.context_used.blocks[0].title == "Captain, version 1, as tried"


def test_it_has_its_own_tools_and_the_chat_can_only_take_away(model: str, server: FakeServer, shed: Shed) -> None:
    caller = able(model, "fake-caller")
    look = 'call look {"path": "a"}\ncall current_time {}'

    def offered(spec: AgentSpec, **attached: Any) -> list[str]:
        made = agents.create(ANNA, replace(spec, name="One", model=caller))
        said(made.id, look, attached={"agents": {"agent": made.id}, **attached})
        bodies = [one.body for one in server.requests if one.path.endswith("/chat/completions")]
        return [tool["function"]["name"] for tool in bodies[-1].get("tools", ())]

    assert offered(AgentSpec("x", tools=("shed:look",))) == ["look", "read_more"]
    assert offered(AgentSpec("x", tools=("group:Shed",))) == ["look", "wipe", "read_more"]
    assert offered(AgentSpec("x", tools=("group:Shed",)), tools={"off": ["shed:wipe"]}) == ["look", "read_more"]
    assert offered(AgentSpec("x", tools=())) == []
    assert offered(AgentSpec("x", tools=("shed:look",)), tools={"mode": "off"}) == []
    every = offered(AgentSpec("x"))
    assert "look" in every and "current_time" in every


def test_chosen_tools_are_given_in_words_to_a_model_that_has_none(model: str, shed: Shed) -> None:
    made = agents.create(ANNA, AgentSpec("One", model=f"{model}fake-caller", tools=("shed:look",)))
    got = said(made.id, 'call look {"path": "a"}')
    assert shed.ran == [("look", {"path": "a"})] and got.status == "done"


def test_its_limits_hold(model: str, shed: Shed) -> None:
    made = agents.create(ANNA, AgentSpec("One", model=able(model, "fake-caller"), limits=Limits(steps=2)))
    got = said(made.id, "\n".join(f'call look {{"path": "{path}"}}' for path in "abcdef"))
    assert len(shed.ran) == 2 and "2 steps, as many as it may" in got.notices[0]


def test_what_it_has_of_memory_skills_and_documents_goes_to_their_rooms(model: str) -> None:
    spec = AgentSpec(
        "One", memory="read", skills=("tax",), always=("tone",), collections=("c1",), helpers=("0" * 24,),
    )  # fmt: skip
    made = agents.create(ANNA, spec)
    chosen = {"documents": {"collections": ["c0"]}, "skills": {"off": ["tone"]}, "agents": {"agent": made.id}}
    given = hooks.guide(ANNA, {**chosen, "tools": {"zone": "UTC"}}).attached
    assert given["memory"] == {"learn": False}
    assert given["documents"] == {"collections": ["c0", "c1"]}
    assert given["skills"] == {"off": ["tone"], "on": ["tax"], "only": ["tax", "tone"], "pinned": []}
    assert given["tools"] == {"zone": "UTC", "mode": "on"}
    agents.save(ANNA, made.id, replace(spec, memory="off", tools=("calculator",)))
    given = hooks.guide(ANNA, chosen).attached
    assert given["memory"] == {"off": True}
    assert given["tools"]["only"] == ["calculator", "group:Agents", "group:Skills", *(
        "hub:search_documents", "hub:read_document",
    )]  # fmt: skip
    forged: dict[str, Any] = {"agents": {"path": ["x"], "agent": "", "limits": {}}}
    assert hooks.guide(ANNA, forged).attached == forged


def test_what_others_learn_of_an_exchange_is_what_its_agent_may(model: str) -> None:
    made = agents.create(ANNA, AgentSpec("One", memory="read", model=f"{model}fake"))
    got = said(made.id, "I live in Oslo.")
    exchange = hooks.exchange(ANNA, got.id)
    assert exchange and exchange.attached["memory"] == {"learn": False}
    assert preferences.recalls(ANNA, exchange.attached) and preferences.learns(ANNA, {})
    assert not preferences.learns(ANNA, exchange.attached)
    chat.configure(ANNA, got.conversation, attached={"agents": {}})
    exchange = hooks.exchange(ANNA, got.id)
    assert exchange and exchange.attached["memory"] == {"learn": False}, "the agent that answered counts"


def test_uses_are_counted_when_it_has_answered(model: str) -> None:
    made = agents.create(ANNA, AgentSpec("One", model=f"{model}fake"))
    said(made.id, "Hello")
    runs.shut_down(5)
    assert agents.find(ANNA, made.id).uses == 1
    store.count_use(BERT, made.id)
    assert agents.find(ANNA, made.id).uses == 1, "it is not Bert's to use"
    store.count_use(ANNA, made.id)
    assert agents.find(ANNA, made.id).uses == 2


def test_columns_of_a_comparison_are_made_alike_and_keep_their_models(model: str, server: FakeServer) -> None:
    made = agents.create(ANNA, AgentSpec("One", instructions="Be a captain.", model=f"{model}fake"))
    targets = [(f"{model}fake-echo", None), (f"{model}fake-empty", None)]
    sent = chat.send(ANNA, text="Hi", targets=targets, attached={"agents": {"agent": made.id}})
    assert sent.run and runs.wait(sent.run, timeout=20)
    assert {one.body["model"] for one in server.requests} == {"fake-echo", "fake-empty"}
    assert all(one[0]["content"] == "Be a captain." for one in prompts(server))
    assert [chat.get_message(ANNA, one).model for one in sent.answers] == [one for one, _ in targets]


@pytest.mark.parametrize("gone", ["delete", "unshare"])
def test_a_shared_agent_is_used_until_it_is_not(model: str, server: FakeServer, gone: str) -> None:
    made = agents.create(BERT, AgentSpec("Bert's", instructions="From Bert.", skills=("x",), always=("y",)))
    agents.share(BERT, made.id, people=[ANNA.id])
    got = said(made.id, "Hello", targets=[(f"{model}fake", None)])
    assert prompts(server)[-1][0]["content"] == "From Bert."
    given = hooks.guide(ANNA, {"agents": {"agent": made.id}}).attached["skills"]
    assert "on" not in given, "somebody else switches no skill on"
    agents.delete(BERT, made.id) if gone == "delete" else agents.share(BERT, made.id)
    sent = chat.send(ANNA, text="And now?", conversation=got.conversation)
    assert sent.run and runs.wait(sent.run, timeout=20)
    assert "not there any more" in chat.get_message(ANNA, sent.answers[0]).notices[0]
    row = collection("messages").find_one({"_id": object_id(sent.answers[0])})
    assert row and "agents" not in row
