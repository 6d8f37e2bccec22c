"""Agents as JSON: there and back, from elsewhere, and from people who mean no good."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hub import agents
from hub.agents.records import AgentSpec
from hub.agents.templates import TEMPLATES
from hub.agents.transfer import LARGEST, Known
from hub.db.who import OWNER, Who
from hub.errors import BadInput, NotFound
from hub.models.types import Params
from hub.runs.records import Limits

pytestmark = pytest.mark.usefixtures("agent_store")
ADA = Who("ada", "Ada")
FULL = AgentSpec(
    name="Full",
    description="Has it all",
    instructions="Line one\nline two",
    model="local/m",
    fallbacks=("local/n",),
    params=Params(temperature=0.5, stop=("END",)),
    tools=("hub:calculator", "group:Payments"),
    skills=("brew-tea",),
    always=("brew-tea",),
    collections=("c1",),
    memory="read",
    asks=True,
    limits=Limits(steps=7, tokens=1000, cost=0.5),
    schema={"type": "object", "$defs": {"a.b": {"type": "string"}}},
    starters=("Begin",),
    avatar="F",
    hue=12,
)
KNOWN = Known(
    frozenset({"hub:calculator", "group:Payments"}),
    frozenset({"brew-tea"}),
    frozenset({"c1"}),
    frozenset({"local/m", "local/n"}),
)


def file(**fields: Any) -> bytes:
    return json.dumps({"llm_hub_agent": 1, "name": "A", **fields}).encode()


def test_an_agent_comes_back_as_it_went() -> None:
    made = agents.create(OWNER, FULL)
    [taken] = agents.import_(ADA, agents.export(OWNER, [made.id]), KNOWN)
    assert taken.agent.spec == FULL
    assert taken.agent.mine
    assert taken.warnings == ()


def test_what_does_not_exist_here_is_left_out_and_said() -> None:
    made = agents.create(OWNER, FULL)
    [taken] = agents.import_(ADA, agents.export(OWNER, [made.id]), Known())
    spec = taken.agent.spec
    assert (spec.model, spec.fallbacks, spec.tools, spec.skills, spec.always, spec.collections) == (
        "",
        (),
        (),
        (),
        (),
        (),
    )
    said = " ".join(taken.warnings)
    for word in ("local/m", "local/n", "hub:calculator", "group:Payments", "brew-tea", "c1"):
        assert word in said


def test_agents_that_it_names_go_along_and_are_joined_again_even_in_a_circle() -> None:
    one = agents.create(OWNER, AgentSpec(name="One"))
    two = agents.create(OWNER, AgentSpec(name="Two", helpers=(one.id,)))
    agents.save(OWNER, one.id, AgentSpec(name="One", successors=(two.id,)))
    taken = {each.agent.spec.name: each.agent for each in agents.import_(ADA, agents.export(OWNER, [two.id]), Known())}
    assert taken["Two"].spec.helpers == (taken["One"].id,)
    assert taken["One"].spec.successors == (taken["Two"].id,)
    assert {one.id, two.id}.isdisjoint({each.id for each in taken.values()})


def test_agents_that_stay_behind_are_named() -> None:
    one = agents.create(OWNER, AgentSpec(name="One"))
    two = agents.create(OWNER, AgentSpec(name="Two", helpers=(one.id,)))
    alone = agents.export(OWNER, [two.id], along=False)
    assert json.loads(alone)["names"] == {one.id: "One"}
    [taken] = agents.import_(ADA, alone, Known())
    assert taken.agent.spec.helpers == ()
    assert "Agents that it names and that do not exist here: One." in taken.warnings
    [again] = agents.import_(OWNER, alone, Known())
    assert again.agent.spec.helpers == (one.id,)


def test_somebody_elses_agent_is_neither_exported_nor_taken_along() -> None:
    hidden = agents.create(ADA, AgentSpec(name="Hidden", instructions="private"))
    made = agents.create(OWNER, AgentSpec(name="Mine", helpers=(hidden.id,)))
    text = agents.export(OWNER, [made.id])
    assert b"private" not in text
    assert b"Hidden" not in text
    with pytest.raises(NotFound):
        agents.export(OWNER, [hidden.id])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no JSON"),
        (b"{", "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"[" * 2000 + b"]" * 2000, "no JSON"),
        (b'{"llm_hub_agent": 1, "limits": {"cost": 1e999}}', "no JSON"),
        (b"null", "JSON object"),
        (b"[1]", "JSON object"),
        (b"[]", "1 to 50 agents"),
        (b'{"llm_hub_agents": 1}', "JSON object"),
        (b'{"llm_hub_agents": 2, "agents": []}', "version 1"),
        (b'{"llm_hub_agent": 99, "name": "A"}', "version 1"),
        (b'{"llm_hub_agent": true, "name": "A"}', "version 1"),
        (b'{"name": "A"}', "no agent"),
        (b'{"llm_hub_agent": 1}', "name"),
        (json.dumps([{"llm_hub_agent": 1, "name": "A"}] * 51).encode(), "1 to 50 agents"),
        (b" " * (LARGEST + 1), "at most"),
        (file(name=""), "needs a name"),
        (file(name=7), "name"),
        (file(tools="all"), "tools"),
        (file(memory="everything"), "memory"),
        (file(limits={"steps": 10**9}), "steps"),
        (file(limits={"tokens": 10**18}), "2^53"),
        (file(params={"seed": 10**25}), "params.seed"),
        (file(params={"max_tokens": 2**60}), "2^53"),
        (file(params={"temperature": -3}), "temperature"),
        (file(instructions="x" * 50_000), "instructions"),
        (file(collections=["x" * 400]), "collections"),
        (file(starters=["x"] * 9), "starters"),
        (file(schema={"type": 3}), "no JSON schema"),
        (file(schema="{"), "no JSON"),
        (file(schema=[1]), "schema"),
    ],
)
def test_a_file_that_is_none_is_refused_with_a_sentence_and_leaves_nothing(data: bytes, said: str) -> None:
    known = Known(collections=frozenset({"x" * 400}))
    with pytest.raises(BadInput) as error:
        agents.import_(OWNER, data, known)
    assert said in error.value.message
    assert agents.visible(OWNER) == []


def test_a_deeply_nested_schema_is_refused_or_taken_but_never_breaks() -> None:
    nested: dict[str, Any] = {}
    for _ in range(700):
        nested = {"not": nested}
    data = b'{"llm_hub_agent": 1, "name": "A", "schema": ' + _dump(nested) + b"}"
    with pytest.raises(BadInput):
        agents.import_(OWNER, data, Known())


def _dump(nested: dict[str, Any]) -> bytes:
    depth = 0
    while nested:
        nested, depth = nested["not"], depth + 1
    return b'{"not":' * depth + b"{}" + b"}" * depth


def test_keys_that_nobody_knows_are_passed_over_and_ids_of_others_mean_nothing() -> None:
    data = file(id="x", owner="ada", everybody=True, people=["ada"], version=9, uses=5, what={"a": [1]}, names=[1])
    [taken] = agents.import_(OWNER, b"\xef\xbb\xbf" + data, Known())
    assert (taken.agent.owner, taken.agent.everybody, taken.agent.people, taken.agent.version) == (
        OWNER.id,
        False,
        (),
        1,
    )


def test_one_wrong_agent_keeps_the_others_out() -> None:
    data = json.dumps([{"llm_hub_agent": 1, "name": "Good"}, {"llm_hub_agent": 1, "name": 3}]).encode()
    with pytest.raises(BadInput, match="Agent 2"):
        agents.import_(OWNER, data, Known())
    assert agents.visible(OWNER) == []


def test_an_agent_of_librechat_comes_in() -> None:
    given = {
        "id": "agent_1",
        "name": "Tea",
        "description": "About tea",
        "instructions": "Know tea.",
        "provider": "openAI",
        "model": "gpt-5",
        "model_parameters": {"temperature": 0.2, "max_output_tokens": 500, "odd": 1},
        "tools": ["web_search"],
        "conversation_starters": ["Which tea?"],
    }
    [taken] = agents.import_(OWNER, json.dumps(given).encode(), Known())
    spec = taken.agent.spec
    assert (spec.name, spec.instructions, spec.starters) == ("Tea", "Know tea.", ("Which tea?",))
    assert spec.params == Params(temperature=0.2, max_tokens=500)
    assert "gpt-5" in taken.warnings[0]


def test_a_model_of_open_webui_comes_in() -> None:
    given = {
        "id": "tea",
        "base_model_id": "llama3",
        "name": "Tea",
        "params": {"system": "Know tea.", "temperature": 0.1},
        "meta": {"description": "About tea", "suggestion_prompts": [{"content": "Which tea?"}, 3], "toolIds": None},
    }
    [taken] = agents.import_(OWNER, json.dumps([given]).encode(), Known())
    spec = taken.agent.spec
    assert (spec.instructions, spec.description, spec.starters, spec.tools) == (
        "Know tea.",
        "About tea",
        ("Which tea?",),
        None,
    )


@pytest.mark.parametrize("name", TEMPLATES)
def test_each_template_makes_an_agent(name: str) -> None:
    made = agents.begin(OWNER, name)
    assert made.mine
    assert agents.problems(made.spec) == []
    assert len(made.spec.helpers) == len(TEMPLATES[name].helpers)


def test_helpers_of_a_template_are_made_once() -> None:
    agents.begin(OWNER, "researcher")
    agents.begin(OWNER, "coordinator")
    agents.begin(OWNER, "coordinator")
    names = sorted(one.spec.name for one in agents.visible(OWNER))
    assert names == ["Coordinator", "Coordinator", "Editor", "Researcher"]


def test_changes_are_told_field_by_field() -> None:
    before = AgentSpec(name="A", instructions="one\ntwo", tools=None)
    after = AgentSpec(name="A", instructions="one\nthree", tools=("hub:calculator",), helpers=("id1",))
    found = {one.field: one.diff for one in agents.changes(before, after, {"id1": "Editor"})}
    assert found == {
        "instructions": " one\n-two\n+three",
        "tools": "-as in the chat\n+hub:calculator",
        "helpers": "-none\n+Editor",
    }
